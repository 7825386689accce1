// After GROUP BY a query works on groups: a row is the keys, then the results of the aggregates.
//
//      SELECT a + 1, sum(b) * 2 FROM t GROUP BY a + 1
//      row of a group:  [ a + 1 | sum(b) ]
//      targets:         column 0, column 1 * 2
//
// Any column that is left over outside of an aggregate has no single value in a group: an error.

#include "sql/binder/binder.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"

namespace isolde::sql {

void Binder::collect_aggregates(Query& query) {
  for (Target& target : query.targets) regroup(query, target.value, false);
  if (query.having != nullptr) regroup(query, query.having, false);
  for (WindowSpec* window : query.windows) {
    for (Expr*& key : window->partition) regroup(query, key, false);
    for (Expr::Order& order : window->order) regroup(query, order.value, false);
  }
}

/// The arguments in front of WITHIN GROUP are computed once a group.
void Binder::check_direct_argument(const Query& query, const Expr* expr) {
  auto same = [&](const Expr* key) { return same_expression(key, expr); };
  if (std::any_of(query.group_by.begin(), query.group_by.end(), same)) return;
  if (expr->kind == ExprKind::kColumn) {
    fail_at(expr->location,
            base::Error(base::sqlstate::kGroupingError,
                        "column \"" + expr->literal +
                            "\" must appear in the GROUP BY clause or be used in an aggregate "
                            "function")
                .detail("Direct arguments of an ordered-set aggregate must use only grouped "
                        "columns."));
  }
  for (const Expr* argument : expr->arguments) check_direct_argument(query, argument);
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
    size_t direct = expr->function->ordered_set ? expr->arguments.size() - expr->order.size() : 0;
    for (size_t i = 0; i < direct; ++i) check_direct_argument(query, expr->arguments[i]);
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
    if (expr->filter != nullptr) regroup(query, expr->filter, in_subquery);
  }
  leave();
}

}  // namespace isolde::sql
