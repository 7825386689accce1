#pragma once

#include <compare>
#include <cstdint>

#include "sql/types/datum.hpp"

namespace isolde::sql {

/// The comparison operators.
enum class Is : uint8_t { kEq, kNe, kLt, kLe, kGt, kGe };

/// What an operator says of two values in this order.
template <Is is>
Datum verdict(std::strong_ordering order) {
  switch (is) {
    case Is::kEq:
      return Datum::of_bool(order == 0);
    case Is::kNe:
      return Datum::of_bool(order != 0);
    case Is::kLt:
      return Datum::of_bool(order < 0);
    case Is::kLe:
      return Datum::of_bool(order <= 0);
    case Is::kGt:
      return Datum::of_bool(order > 0);
    case Is::kGe:
      return Datum::of_bool(order >= 0);
  }
  return Datum::null();
}

}  // namespace isolde::sql
