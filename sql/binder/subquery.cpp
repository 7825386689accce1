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

/// left operator ANY|ALL (subquery), and left IN (subquery). The left side is handed down like a
/// column of the surrounding query, and compared with the subquery's column row by row.
Expr* Binder::quantified(const PgQuery__SubLink& link, Expr* expr, Scope& scope, Clause clause) {
  SubqueryExpr& sub = *expr->subquery;
  if (link.testexpr->node_case == PG_QUERY__NODE__NODE_ROW_EXPR) {
    unsupported("a row on the left of a subquery", link.location);
  }
  Expr* left = bind(*link.testexpr, scope, clause);
  int columns = sub.query->visible_targets();
  if (columns != 1) {
    fail_at(link.location, base::sqlstate::kSyntaxError,
            columns < 1 ? "subquery has too few columns" : "subquery has too many columns");
  }
  const Expr& value = *sub.query->targets[0].value;
  Expr* right = memory_.expr(ExprKind::kColumn, value.type, value.location);
  right->index = 0;
  right->typmod = value.typmod;
  std::string_view name = link.n_oper_name == 0 ? "=" : last_name(link.oper_name, link.n_oper_name);
  Expr* probe = make_operator(name, left, right, link.location);
  if (probe->kind != ExprKind::kCall || probe->type->oid != types::kBool) {
    fail_at(link.location, base::sqlstate::kDatatypeMismatch,
            "operator " + std::string(name) + " must return type boolean, not type " +
                format_type(*probe->type));
  }
  Expr* handed = probe->arguments[0];  // with its cast: the surrounding query does that once
  Expr* read = memory_.expr(ExprKind::kOuterValue, handed->type, handed->location);
  read->typmod = handed->typmod;
  read->index = memory_.outer_values++;
  expr->arguments.push_back(handed);
  sub.passed_slots.push_back(read->index);
  probe->arguments[0] = read;
  sub.test = probe;
  return expr;
}

}  // namespace isolde::sql
