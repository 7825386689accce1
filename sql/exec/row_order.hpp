#pragma once

#include <span>

#include "sql/plan/plan.hpp"

namespace isolde::sql {

/// Compares two values as ORDER BY does; below 0 when `x` comes first.
inline int compare_in_order(Datum x, Datum y, const Plan::OrderItem& item) {
  if (x.is_null() || y.is_null()) {
    if (x.is_null() == y.is_null()) return 0;
    return x.is_null() == item.nulls_first ? -1 : 1;
  }
  auto order = item.type->compare(x, y);
  if (order == 0) return 0;
  return (order < 0) != item.descending ? -1 : 1;
}

inline int compare_rows(const Datum* a, const Datum* b, std::span<const Plan::OrderItem> order) {
  for (const Plan::OrderItem& item : order) {
    int verdict = compare_in_order(a[item.column], b[item.column], item);
    if (verdict != 0) return verdict;
  }
  return 0;
}

}  // namespace isolde::sql
