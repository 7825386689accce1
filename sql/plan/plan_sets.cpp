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
Expr* Planner::take_sets(Expr* expr, Plan* plan, Rows& rows) {
  bool inner = false;
  for (Expr*& argument : expr->arguments) {
    if (!has_set(argument)) continue;
    argument = take_sets(argument, plan, rows);
    inner = true;
  }
  if (inner || expr->kind != ExprKind::kSetCall) return expr;
  Expr* column = memory_.expr(ExprKind::kColumn, expr->type, expr->location);
  column->index = static_cast<int>(rows.place.size() + plan->calls.size());
  ++plan->width;
  column->typmod = expr->typmod;
  plan->types.push_back(expr->type);
  add_call(plan, *expr, 1, rows);
  return column;
}

/// One stage a level of nesting: the sets of one stage step together.
Planner::Rows Planner::with_sets(Rows source, Query& query) {
  auto any = [&] {
    for (const Target& target : query.targets) {
      if (has_set(target.value)) return true;
    }
    return false;
  };
  while (any()) {
    source.name_columns();
    Plan* plan = over(Plan::Kind::kProjectSet, source.plan);
    for (Target& target : query.targets) {
      if (has_set(target.value)) target.value = take_sets(target.value, plan, source);
    }
    for (int i = source.plan->width; i < plan->width; ++i) source.place.push_back(i);
    source.plan = plan;
  }
  return source;
}

}  // namespace isolde::sql
