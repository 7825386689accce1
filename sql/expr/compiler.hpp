#pragma once

#include <functional>
#include <span>

#include "sql/expr/program.hpp"
#include "sql/plan/expr.hpp"

namespace isolde::sql {

/// Plans a subquery that stands in an expression.
using PlanSubquery = std::function<const Plan*(const Query&)>;

/// Compiles expressions over one row into a program with one output each.
/// Column i is read from place `place[i]` of the row; without `place`, from place i.
Program compile(std::span<const Expr* const> expressions, const PlanSubquery& plan_subquery,
                std::span<const int> place = {});

}  // namespace isolde::sql
