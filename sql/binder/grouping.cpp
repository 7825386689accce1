// After GROUP BY a query works on groups: a row is the keys, then the results of the aggregates.
//
//      SELECT a + 1, sum(b) * 2 FROM t GROUP BY a + 1
//      row of a group:  [ a + 1 | sum(b) ]
//      targets:         column 0, column 1 * 2
//
// Any column that is left over outside of an aggregate has no single value in a group: an error.

#include "sql/binder/binder.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"

namespace isolde::sql {

void Binder::collect_aggregates(Query& query) {
  for (Target& target : query.targets) regroup(query, target.value, false);
  if (query.having != nullptr) regroup(query, query.having, false);
}

void Binder::regroup(Query& query, Expr*& expr, bool in_subquery) {
  enter();
  for (size_t i = 0; i < query.group_by.size(); ++i) {
    if (!same_expression(query.group_by[i], expr)) continue;
    Expr* column = memory_.expr(ExprKind::kColumn, expr->type, expr->location);
    column->index = static_cast<int>(i);
    column->typmod = expr->typmod;
    expr = column;
    leave();
    return;
  }
  if (expr->kind == ExprKind::kAggregate) {
    size_t at = 0;
    while (at < query.aggregates.size() && !same_expression(query.aggregates[at], expr)) ++at;
    if (at == query.aggregates.size()) query.aggregates.push_back(expr);
    Expr* column = memory_.expr(ExprKind::kColumn, expr->type, expr->location);
    column->index = static_cast<int>(query.group_by.size() + at);
    column->typmod = expr->typmod;
    expr = column;
  } else if (expr->kind == ExprKind::kColumn) {
    fail_at(expr->location, base::sqlstate::kGroupingError,
            in_subquery
                ? "subquery uses ungrouped column \"" + expr->literal + "\" from outer query"
                : "column \"" + expr->literal +
                      "\" must appear in the GROUP BY clause or be used in an aggregate function");
  } else {
    bool inside = expr->kind == ExprKind::kSubquery && expr->subquery->test == nullptr;
    expr =
        &memory_.exprs.emplace_back(*expr);  // what a key or another target shares stays as it is
    for (Expr*& argument : expr->arguments) regroup(query, argument, inside || in_subquery);
  }
  leave();
}

}  // namespace isolde::sql
