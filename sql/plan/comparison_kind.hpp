#pragma once

#include <cstdint>

#include "sql/functions/function.hpp"

namespace isolde::sql {

/// What a function of two arguments says about the order of its arguments.
enum class ComparisonKind : uint8_t {
  kNone,
  kEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kLike,
};

/// By the operator that the function is behind.
ComparisonKind comparison_kind(const Function* function);

}  // namespace isolde::sql
