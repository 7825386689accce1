#pragma once

#include <vector>

#include "sql/plan/query.hpp"

namespace isolde::sql {

/// Everything that has been named in a query's FROM so far, seen from here or not: for the hints of
/// errors. One a query, linked to the one around it.
struct RangeEntries {
  const RangeEntries* outer = nullptr;
  std::vector<const FromItem*> items;
};

}  // namespace isolde::sql
