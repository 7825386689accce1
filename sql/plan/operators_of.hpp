#pragma once

#include <cstdint>

#include "sql/plan/expr.hpp"

namespace isolde::sql {

/// What kind of comparison a function makes, as its operator tells.
enum class OperatorClass : uint8_t { kOther, kEqual, kNotEqual, kLess, kGreater, kMatch };
OperatorClass operator_class(const Function& function);

/// Whether `expr` is an equality of two sides that can be looked up by hash: equal values of either
/// type have equal hashes, and the left type compares both.
bool is_hashable_equality(const Expr& expr);

}  // namespace isolde::sql
