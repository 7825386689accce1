#pragma once

#include <cstdint>
#include <limits>

#include "sql/types/datum.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

template <typename T>
[[noreturn]] void fail_integer_range() {
  fail_range(sizeof(T) == 2 ? "smallint" : sizeof(T) == 4 ? "integer" : "bigint");
}

/// An integer as a value of a narrower type, or 22003.
template <typename T>
Datum integer_result(int64_t value) {
  if constexpr (sizeof(T) < 8) {
    if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max()) {
      fail_integer_range<T>();
    }
  }
  return Datum::of_int(value);
}

}  // namespace isolde::sql
