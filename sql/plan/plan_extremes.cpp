// min and max of columns that have an index.
//
//   SELECT min(a), max(b) FROM t WHERE c
//
// becomes a row of subqueries, as in PostgreSQL:
//
//   SELECT (SELECT a FROM t WHERE c AND a IS NOT NULL ORDER BY a LIMIT 1),
//          (SELECT b FROM t WHERE c AND b IS NOT NULL ORDER BY b DESC LIMIT 1)
//
// if each of them finds its row by an index in that order.

#include <algorithm>

#include "sql/plan/planner_impl.hpp"
#include "sql/plan/walk.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

bool sorts(const Plan& plan) {
  return plan.kind == Plan::Kind::kSort ||
         std::any_of(plan.children.begin(), plan.children.end(),
                     [](const Plan* child) { return sorts(*child); });
}

bool has_subquery(Expr& expr) {
  bool found = false;
  visit_parts(expr, [&](Expr& part) { found = found || part.subquery != nullptr; });
  return found;
}

bool is_extreme(const Expr& aggregate) {
  const std::string_view name = aggregate.function->name;
  return (name == "min" || name == "max") && aggregate.filter == nullptr &&
         aggregate.arguments.size() == 1 && aggregate.arguments[0]->kind == ExprKind::kColumn &&
         aggregate.arguments[0]->type == aggregate.type;
}

}  // namespace

/// The row of a query without GROUP BY, if it consists of such values.
std::optional<Planner::Rows> Planner::extremes(Query& query) {
  bool one_table = query.from.size() == 1 && query.from[0]->kind == FromItem::Kind::kTable;
  if (!one_table || !query.group_by.empty() || query.aggregates.empty()) return std::nullopt;
  bool plain =
      query.where == nullptr || (!has_subquery(*query.where) && !is_volatile(*query.where));
  bool all = std::all_of(query.aggregates.begin(), query.aggregates.end(),
                         [](const Expr* aggregate) { return is_extreme(*aggregate); });
  if (!plain || !all) return std::nullopt;
  std::vector<Expr*> values;
  Plan* row = make(Plan::Kind::kProject, {});
  for (const Expr* aggregate : query.aggregates) {
    values.push_back(extreme(query, *aggregate));
    if (values.back() == nullptr) return std::nullopt;
    row->types.push_back(aggregate->type);
  }
  row->children.push_back(make(Plan::Kind::kResult, {}));
  row->width = static_cast<int>(values.size());
  row->output = program(values);
  return Rows{row};
}

/// One of the values as a subquery that finds it by index; null if there is none.
Expr* Planner::extreme(const Query& query, const Expr& aggregate) {
  const Expr* column = aggregate.arguments[0];
  Expr* there = memory_.expr(ExprKind::kIsNull, &type_of(types::kBool), -1);
  there->index = 1;  // IS NOT NULL
  there->arguments = {shifted(column, 0)};
  Query& inner = memory_.queries.emplace_back();
  inner.from = {&memory_.from_items.emplace_back(*query.from[0])};
  inner.row_width = query.row_width;
  inner.where = there;
  if (query.where != nullptr) inner.where = all_of({shifted(query.where, 0), there});
  inner.targets.push_back({shifted(column, 0), "", false});
  const bool greatest = aggregate.function->name == "max";
  inner.sort.push_back({0, greatest, greatest});
  inner.limit = memory_.expr(ExprKind::kConst, &type_of(types::kInt8), -1);
  inner.limit->value = Datum::of_int(1);

  Expr* value = memory_.expr(ExprKind::kSubquery, aggregate.type, aggregate.location);
  value->subquery = &memory_.subqueries.emplace_back();
  value->subquery->query = &inner;
  visit_parts(*inner.where, [&](Expr& part) {
    if (part.kind != ExprKind::kOuterValue) return;
    value->subquery->passed_slots.push_back(part.index);  // so that it is worked out anew
    value->arguments.push_back(shifted(&part, 0));
  });
  const Plan* found = plan(inner);
  if (sorts(*found)) return nullptr;
  subplans_[&inner] = found;
  return value;
}

}  // namespace isolde::sql
