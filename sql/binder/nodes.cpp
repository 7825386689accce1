#include "sql/binder/nodes.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

namespace isolde::sql {

std::string_view string_of(const PgQuery__Node& node) {
  return node.node_case == PG_QUERY__NODE__NODE_STRING ? std::string_view(node.string->sval)
                                                       : std::string_view();
}

std::string_view last_name(PgQuery__Node* const* names, size_t count) {
  return count == 0 ? std::string_view() : string_of(*names[count - 1]);
}

std::string joined_name(PgQuery__Node* const* names, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) all += '.';
    all += names[i]->node_case == PG_QUERY__NODE__NODE_A_STAR ? std::string_view("*")
                                                              : string_of(*names[i]);
  }
  return all;
}

namespace {

/// The leftmost of two places, where known.
int leftmost(int a, int b) {
  if (a < 0) return b;
  return b < 0 ? a : std::min(a, b);
}

int first_of(PgQuery__Node* const* nodes, size_t count) {
  int place = -1;
  for (size_t i = 0; i < count; ++i) place = leftmost(place, location_of(*nodes[i]));
  return place;
}

}  // namespace

int location_of(const PgQuery__Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_COLUMN_REF:
      return node.column_ref->location;
    case PG_QUERY__NODE__NODE_PARAM_REF:
      return node.param_ref->location;
    case PG_QUERY__NODE__NODE_A_CONST:
      return node.a_const->location;
    case PG_QUERY__NODE__NODE_A_EXPR: {
      const PgQuery__AExpr* expr = node.a_expr;
      while (expr->lexpr != nullptr && expr->lexpr->node_case == PG_QUERY__NODE__NODE_A_EXPR) {
        expr = expr->lexpr->a_expr;
      }
      return expr->lexpr == nullptr ? expr->location
                                    : leftmost(expr->location, location_of(*expr->lexpr));
    }
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      return leftmost(node.func_call->location,
                      first_of(node.func_call->args, node.func_call->n_args));
    case PG_QUERY__NODE__NODE_TYPE_CAST: {
      int place = location_of(*node.type_cast->arg);
      place = leftmost(place, node.type_cast->type_name->location);
      return leftmost(place, node.type_cast->location);
    }
    case PG_QUERY__NODE__NODE_BOOL_EXPR:
      return leftmost(node.bool_expr->location,
                      first_of(node.bool_expr->args, node.bool_expr->n_args));
    case PG_QUERY__NODE__NODE_SUB_LINK:
      return node.sub_link->testexpr == nullptr
                 ? node.sub_link->location
                 : leftmost(node.sub_link->location, location_of(*node.sub_link->testexpr));
    case PG_QUERY__NODE__NODE_CASE_EXPR:
      return node.case_expr->location;
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
      return node.a_array_expr->location;
    case PG_QUERY__NODE__NODE_ROW_EXPR:
      return node.row_expr->location;
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
      return node.coalesce_expr->location;
    case PG_QUERY__NODE__NODE_GROUPING_FUNC:
      return node.grouping_func->location;
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
      return node.min_max_expr->location;
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
      return node.sqlvalue_function->location;
    case PG_QUERY__NODE__NODE_NULL_TEST:
      return leftmost(node.null_test->location, location_of(*node.null_test->arg));
    case PG_QUERY__NODE__NODE_BOOLEAN_TEST:
      return leftmost(node.boolean_test->location, location_of(*node.boolean_test->arg));
    case PG_QUERY__NODE__NODE_A_INDIRECTION:
      return location_of(*node.a_indirection->arg);
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
      return location_of(*node.collate_clause->arg);
    case PG_QUERY__NODE__NODE_RES_TARGET:
      return node.res_target->location;
    case PG_QUERY__NODE__NODE_SORT_BY:
      return location_of(*node.sort_by->node);
    case PG_QUERY__NODE__NODE_GROUPING_SET:
      return node.grouping_set->location;
    case PG_QUERY__NODE__NODE_LIST:
      return first_of(node.list->items, node.list->n_items);
    default:
      return -1;  // statements, clauses: they have no place of their own
  }
}

namespace {

/// How sure a name is: a column's or function's own name beats the name of a type.
struct NameGuess {
  std::string name;
  int strength = 0;
};

NameGuess guess(const PgQuery__Node* node);

NameGuess guess_sublink(const PgQuery__SubLink& link) {
  if (link.sub_link_type == PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK) return {"exists", 2};
  if (link.sub_link_type == PG_QUERY__SUB_LINK_TYPE__ARRAY_SUBLINK) return {"array", 2};
  if (link.sub_link_type != PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK) return {};
  const PgQuery__SelectStmt* select = link.subselect->select_stmt;
  while (select->larg != nullptr) select = select->larg;
  if (select->n_target_list == 0) return {};
  const PgQuery__ResTarget* first = select->target_list[0]->res_target;
  if (first->name != nullptr && first->name[0] != '\0') return {first->name, 2};
  return guess(first->val);
}

NameGuess guess_value_function(PgQuery__SQLValueFunctionOp op) {
  switch (op) {
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_DATE:
      return {"current_date", 2};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME_N:
      return {"current_time", 2};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP_N:
      return {"current_timestamp", 2};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME_N:
      return {"localtime", 2};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP_N:
      return {"localtimestamp", 2};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_ROLE:
      return {"current_role", 2};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_USER:
      return {"current_user", 2};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_USER:
      return {"user", 2};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_SESSION_USER:
      return {"session_user", 2};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_CATALOG:
      return {"current_catalog", 2};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_SCHEMA:
      return {"current_schema", 2};
    default:
      return {};  // protobuf's own enumerators
  }
}

NameGuess guess_field(PgQuery__Node* const* fields, size_t count) {
  for (size_t i = count; i > 0; --i) {
    std::string_view name = string_of(*fields[i - 1]);
    if (!name.empty()) return {std::string(name), 2};
  }
  return {};
}

NameGuess guess(const PgQuery__Node* node) {
  if (node == nullptr) return {};
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_COLUMN_REF:
      return guess_field(node->column_ref->fields, node->column_ref->n_fields);
    case PG_QUERY__NODE__NODE_A_INDIRECTION: {
      NameGuess field =
          guess_field(node->a_indirection->indirection, node->a_indirection->n_indirection);
      return field.strength > 0 ? field : guess(node->a_indirection->arg);
    }
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      return {std::string(last_name(node->func_call->funcname, node->func_call->n_funcname)), 2};
    case PG_QUERY__NODE__NODE_A_EXPR:
      if (node->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF) return {"nullif", 2};
      return {};
    case PG_QUERY__NODE__NODE_TYPE_CAST: {
      NameGuess inner = guess(node->type_cast->arg);
      if (inner.strength > 1) return inner;
      const PgQuery__TypeName* type = node->type_cast->type_name;
      return {std::string(last_name(type->names, type->n_names)), 1};
    }
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
      return guess(node->collate_clause->arg);
    case PG_QUERY__NODE__NODE_SUB_LINK:
      return guess_sublink(*node->sub_link);
    case PG_QUERY__NODE__NODE_CASE_EXPR: {
      NameGuess otherwise = guess(node->case_expr->defresult);
      return otherwise.strength > 1 ? otherwise : NameGuess{"case", 1};
    }
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
      return {"array", 2};
    case PG_QUERY__NODE__NODE_ROW_EXPR:
      return {"row", 2};
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
      return {"coalesce", 2};
    case PG_QUERY__NODE__NODE_GROUPING_FUNC:
      return {"grouping", 2};
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
      return {node->min_max_expr->op == PG_QUERY__MIN_MAX_OP__IS_GREATEST ? "greatest" : "least",
              2};
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
      return guess_value_function(node->sqlvalue_function->op);
    default:
      return {};  // constants, operators, tests: no name of their own
  }
}

}  // namespace

std::string column_name_of(const PgQuery__Node& node) {
  NameGuess best = guess(&node);
  return best.strength > 0 ? best.name : "?column?";
}

std::string constant_text(const PgQuery__Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_TYPE_CAST) return constant_text(*node.type_cast->arg);
  if (node.node_case != PG_QUERY__NODE__NODE_A_CONST) return {};
  const PgQuery__AConst& constant = *node.a_const;
  switch (constant.val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
      return std::to_string(constant.ival->ival);
    case PG_QUERY__A__CONST__VAL_FVAL:
      return constant.fval->fval;
    case PG_QUERY__A__CONST__VAL_BOOLVAL:
      return constant.boolval->boolval ? "true" : "false";
    case PG_QUERY__A__CONST__VAL_SVAL:
      return constant.sval->sval;
    default:
      return {};
  }
}

}  // namespace isolde::sql
