#include "sql/binder/binder.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <utility>

#include "sql/binder/nodes.hpp"

namespace isolde::sql {

namespace {

SubqueryExpr::Mode mode_of(PgQuery__SubLinkType type) {
  switch (type) {
    case PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK:
      return SubqueryExpr::Mode::kExists;
    case PG_QUERY__SUB_LINK_TYPE__ANY_SUBLINK:
      return SubqueryExpr::Mode::kAny;
    case PG_QUERY__SUB_LINK_TYPE__ALL_SUBLINK:
      return SubqueryExpr::Mode::kAll;
    case PG_QUERY__SUB_LINK_TYPE__ARRAY_SUBLINK:
      return SubqueryExpr::Mode::kArray;
    default:
      return SubqueryExpr::Mode::kScalar;
  }
}

}  // namespace

Expr* Binder::bind_subquery(const PgQuery__SubLink& link, Scope& scope, Clause clause) {
  Expr* expr = memory_.expr(ExprKind::kSubquery, &type_of(types::kBool), link.location);
  expr->subquery = &memory_.subqueries.emplace_back();
  SubqueryExpr& sub = *expr->subquery;
  sub.mode = mode_of(link.sub_link_type);
  const char* no_recursion = std::exchange(no_recursion_, "within a subquery");
  sub.query = bind_any(*link.subselect->select_stmt, &scope, &expr->arguments, &sub.passed_slots);
  no_recursion_ = no_recursion;
  if (sub.mode == SubqueryExpr::Mode::kExists) return expr;
  int columns = sub.query->visible_targets();
  if (sub.mode == SubqueryExpr::Mode::kAny || sub.mode == SubqueryExpr::Mode::kAll) {
    return quantified(link, expr, scope, clause);
  }
  if (columns != 1) {
    fail_at(
        link.location, base::sqlstate::kSyntaxError,
        columns == 0 ? "subquery must return a column" : "subquery must return only one column");
  }
  const Expr& value = *sub.query->targets[0].value;
  expr->type = value.type;
  expr->typmod = value.typmod;
  if (sub.mode == SubqueryExpr::Mode::kArray) {
    base::Oid array = value.type->array_type;
    if (array == types::kNone) {
      fail_at(link.location, base::sqlstate::kUndefinedObject,
              "could not find array type for data type " + format_type(*value.type));
    }
    expr->type = &type_of(array);
  }
  return expr;
}

/// left operator ANY|ALL (subquery), and left IN (subquery).
Expr* Binder::quantified(const PgQuery__SubLink& link, Expr* expr, Scope& scope, Clause clause) {
  Expr* left = bind(*link.testexpr, scope, clause);
  std::string_view name = link.n_oper_name == 0 ? "=" : last_name(link.oper_name, link.n_oper_name);
  add_test(*expr, name, *left, link.location);
  return expr;
}

/// (a, b) operator (SELECT c, d ...)
Expr* Binder::bind_row_subquery(std::string_view name, Expr& left, const PgQuery__SubLink& link,
                                Scope& scope, int location) {
  Expr* expr = memory_.expr(ExprKind::kSubquery, &type_of(types::kBool), location);
  expr->subquery = &memory_.subqueries.emplace_back();
  SubqueryExpr& sub = *expr->subquery;
  sub.mode = SubqueryExpr::Mode::kRow;
  const char* no_recursion = std::exchange(no_recursion_, "within a subquery");
  sub.query = bind_any(*link.subselect->select_stmt, &scope, &expr->arguments, &sub.passed_slots);
  no_recursion_ = no_recursion;
  add_test(*expr, name, left, link.location);
  return expr;
}

/// What compares the left side with a row of the subquery. The left side's values are handed down
/// like columns of the surrounding query.
void Binder::add_test(Expr& sublink, std::string_view name, Expr& left, int location) {
  SubqueryExpr& sub = *sublink.subquery;
  bool row = left.kind == ExprKind::kRow;
  std::vector<Expr*> fields = row ? left.arguments : std::vector<Expr*>{&left};
  auto columns = static_cast<size_t>(sub.query->visible_targets());
  if (columns != fields.size()) {
    fail_at(
        location, base::sqlstate::kSyntaxError,
        columns < fields.size() ? "subquery has too few columns" : "subquery has too many columns");
  }
  std::vector<Expr*> right;
  for (size_t i = 0; i < columns; ++i) {
    const Expr& value = *sub.query->targets[i].value;
    Expr* column = memory_.expr(ExprKind::kColumn, value.type, value.location);
    column->index = static_cast<int>(i);
    column->typmod = value.typmod;
    right.push_back(column);
  }
  const Type& boolean = type_of(types::kBool);
  Expr* test = nullptr;
  if (row) {
    // Comparisons may use a field more than once: what is handed down is settled first.
    for (size_t i = 0; i < columns; ++i) {
      if (fields[i]->type->oid == types::kUnknown) {
        fields[i] = coerce_type(fields[i], *right[i]->type, CastContext::kImplicit);
      }
      fields[i] = hand_to_test(sublink, fields[i]);
    }
    Expr* left_row = call1(ExprKind::kRow, *left.type, location, fields);
    Expr* right_row = call1(ExprKind::kRow, *left.type, location, right);
    test = row_comparison(name, *left_row, *right_row, location);
  } else {
    test = make_operator(name, fields[0], right[0], location);
    if (test->kind == ExprKind::kCall && test->type == &boolean) {
      test->arguments[0] = hand_to_test(sublink, test->arguments[0]);  // cast once, out there
    }
  }
  if (test->type != &boolean) {
    fail_at(location, base::sqlstate::kDatatypeMismatch,
            "operator " + std::string(name) + " must return type boolean, not type " +
                format_type(*test->type));
  }
  sub.test = test;
}

Expr* Binder::hand_to_test(Expr& sublink, Expr* value) {
  Expr* read = memory_.expr(ExprKind::kOuterValue, value->type, value->location);
  read->typmod = value->typmod;
  read->index = memory_.outer_values++;
  sublink.arguments.push_back(value);
  sublink.subquery->passed_slots.push_back(read->index);
  ++sublink.subquery->tested;
  return read;
}

}  // namespace isolde::sql
