// Set-returning functions in the select list.

#include "sql/plan/planner_impl.hpp"

namespace isolde::sql {

bool Planner::has_set(const Expr* expr) {
  if (expr->kind == ExprKind::kSetCall) return true;
  for (const Expr* argument : expr->arguments) {
    if (has_set(argument)) return true;
  }
  return false;
}

/// Takes the innermost set calls out of an expression; each becomes a column of `plan`.
Expr* Planner::take_sets(Expr* expr, Plan* plan) {
  bool inner = false;
  for (Expr*& argument : expr->arguments) {
    if (!has_set(argument)) continue;
    argument = take_sets(argument, plan);
    inner = true;
  }
  if (inner || expr->kind != ExprKind::kSetCall) return expr;
  Expr* column = memory_.expr(ExprKind::kColumn, expr->type, expr->location);
  column->index = plan->width++;
  column->typmod = expr->typmod;
  plan->types.push_back(expr->type);
  add_call(plan, *expr, 1);
  return column;
}

/// One stage a level of nesting: the sets of one stage step together.
const Plan* Planner::with_sets(const Plan* source, Query& query) {
  auto any = [&] {
    for (const Target& target : query.targets) {
      if (has_set(target.value)) return true;
    }
    return false;
  };
  while (any()) {
    Plan* plan = over(Plan::Kind::kProjectSet, source);
    for (Target& target : query.targets) {
      if (has_set(target.value)) target.value = take_sets(target.value, plan);
    }
    source = plan;
  }
  return source;
}

}  // namespace isolde::sql
