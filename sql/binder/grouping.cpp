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
#include "sql/binder/table_names.hpp"
#include "sql/table/table_info.hpp"

namespace isolde::sql {

namespace {

/// Internal: stands for GROUPING(...) until the keys are known.
const Function& grouping_function() {
  static const Function kFunction = [] {
    Function function;
    function.name = "grouping";
    function.scalar = [](CallContext&, const Datum*) { return Datum::of_int(0); };
    function.strict = false;
    return function;
  }();
  return kFunction;
}

/// The columns that an expression reads outside of aggregates.
void own_columns(Expr* expr, std::vector<Expr*>& columns) {
  if (expr->kind == ExprKind::kAggregate) return;
  if (expr->kind == ExprKind::kColumn) columns.push_back(expr);
  for (Expr* argument : expr->arguments) own_columns(argument, columns);
  for (Expr::Order& order : expr->order) own_columns(order.value, columns);
  if (expr->filter != nullptr) own_columns(expr->filter, columns);
}

void tables_of(FromItem& item, std::vector<FromItem*>& tables) {
  if (item.kind == FromItem::Kind::kTable) tables.push_back(&item);
  if (item.left != nullptr) tables_of(*item.left, tables);
  if (item.right != nullptr) tables_of(*item.right, tables);
}

bool is_key(const Query& query, int column) {
  return std::ranges::any_of(query.group_by, [&](const Expr* key) {
    return key->kind == ExprKind::kColumn && key->index == column;
  });
}

/// Are all columns of the table's primary key among the keys?
bool holds_primary_key(const Query& query, const FromItem& item, const CatalogImage& image) {
  const TableInfo& table = *item.info;
  for (const ObjectPtr& part : image.parts_of(table.oid())) {
    if (part->kind != ObjectKind::kConstraint) continue;
    const auto& constraint = static_cast<const ConstraintObject&>(*part);
    if (constraint.constraint_kind != ConstraintKind::kPrimaryKey || constraint.deferrable)
      continue;
    return std::ranges::all_of(constraint.columns, [&](int16_t number) {
      auto live = std::ranges::find(table.live, number - 1);
      return is_key(query, item.offset + static_cast<int>(live - table.live.begin()));
    });
  }
  return false;
}

}  // namespace

Expr* Binder::bind_grouping(const PgQuery__GroupingFunc& node, Scope& scope, Clause clause) {
  if (clause != Clause::kSelect && clause != Clause::kHaving && clause != Clause::kOrderBy) {
    fail_at(node.location, base::sqlstate::kGroupingError,
            "grouping operations are not allowed in " + std::string(clause_name(clause)));
  }
  std::vector<Expr*> arguments = bind_all(node.args, node.n_args, scope, clause);
  Expr* made = call1(ExprKind::kCall, type_of(types::kInt4), node.location, std::move(arguments));
  made->function = &grouping_function();
  current_->grouped = true;
  return made;
}

/// Who groups by a table's primary key may use its other columns: they become keys as well.
void Binder::group_by_dependents(Query& query) {
  std::vector<FromItem*> tables;
  for (FromItem* item : query.from) tables_of(*item, tables);
  std::erase_if(tables, [&](const FromItem* item) {
    return !holds_primary_key(query, *item, *input_.names->image);
  });
  if (tables.empty()) return;
  std::vector<Expr*> read;
  for (Target& target : query.targets) own_columns(target.value, read);
  if (query.having != nullptr) own_columns(query.having, read);
  for (WindowSpec* window : query.windows) {
    for (Expr* key : window->partition) own_columns(key, read);
    for (Expr::Order& order : window->order) own_columns(order.value, read);
  }
  for (Expr* column : read) {
    for (const FromItem* item : tables) {
      bool inside = column->index >= item->offset && column->index < item->offset + item->width();
      if (!inside || is_key(query, column->index)) continue;
      Expr* key = &memory_.exprs.emplace_back(*column);
      key->form = CallForm::kImplicitCast;  // not written: sql/deparse leaves it out
      query.group_by.push_back(key);
    }
  }
}

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
  if (expr->kind == ExprKind::kCall && expr->function == &grouping_function()) {
    for (const Expr* argument : expr->arguments) {
      auto same = [&](const Expr* key) { return same_expression(key, argument); };
      if (std::ranges::any_of(query.group_by, same)) continue;
      fail_at(argument->location, base::sqlstate::kGroupingError,
              "arguments to GROUPING must be grouping expressions of the associated query level");
    }
    expr = constant(*expr->type, Datum::of_int(0), expr->location);
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
