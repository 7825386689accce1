#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <charconv>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/parser/parse.hpp"
#include "sql/types/composite_type.hpp"

namespace isolde::sql {

std::vector<Expr*> Binder::bind_all(PgQuery__Node* const* nodes, size_t count, Scope& scope,
                                    Clause clause) {
  std::vector<Expr*> all;
  all.reserve(count);
  for (size_t i = 0; i < count; ++i) all.push_back(bind(*nodes[i], scope, clause));
  return all;
}

Expr* Binder::bind(const PgQuery__Node& node, Scope& scope, Clause clause) {
  enter();
  Expr* expr = nullptr;
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_A_CONST:
      expr = bind_const(*node.a_const);
      break;
    case PG_QUERY__NODE__NODE_COLUMN_REF:
      expr = bind_column(*node.column_ref, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_PARAM_REF:
      expr = bind_parameter(*node.param_ref, scope);
      break;
    case PG_QUERY__NODE__NODE_A_EXPR:
      expr = bind_a_expr(*node.a_expr, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      expr = bind_call(*node.func_call, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_TYPE_CAST:
      expr = bind_cast(*node.type_cast, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_BOOL_EXPR:
      expr = bind_bool(*node.bool_expr, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_SUB_LINK:
      expr = bind_subquery(*node.sub_link, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_CASE_EXPR:
      expr = bind_case(*node.case_expr, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
      expr = bind_coalesce(*node.coalesce_expr, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
      expr = bind_min_max(*node.min_max_expr, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_NULL_TEST:
      expr = bind_null_test(*node.null_test, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_BOOLEAN_TEST:
      expr = bind_boolean_test(*node.boolean_test, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
      expr = bind_array(*node.a_array_expr, scope, clause, nullptr, node.a_array_expr->location);
      break;
    case PG_QUERY__NODE__NODE_ROW_EXPR:
      expr = bind_row(*node.row_expr, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_A_INDIRECTION:
      expr = bind_subscripts(*node.a_indirection, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
      expr = bind_value_function(*node.sqlvalue_function);
      break;
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE: {
      std::string_view name =
          last_name(node.collate_clause->collname, node.collate_clause->n_collname);
      static constexpr std::string_view kKnown[] = {"C",     "POSIX",      "default",   "C.UTF-8",
                                                    "en_US", "en_US.utf8", "ucs_basic", "C.utf8"};
      if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown)) {
        fail_at(node.collate_clause->location, base::sqlstate::kUndefinedObject,
                "collation \"" + std::string(name) + "\" for encoding \"UTF8\" does not exist");
      }
      expr = bind(*node.collate_clause->arg, scope, clause);
      break;
    }
    case PG_QUERY__NODE__NODE_SET_TO_DEFAULT:
      fail_at(node.set_to_default->location, base::sqlstate::kSyntaxError,
              "DEFAULT is not allowed in this context");
    case PG_QUERY__NODE__NODE_GROUPING_FUNC:
      expr = bind_grouping(*node.grouping_func, scope, clause);
      break;
    case PG_QUERY__NODE__NODE_NAMED_ARG_EXPR:
      unsupported("a named argument", node.named_arg_expr->location);
    default:
      unsupported("this kind of expression", location_of(node));
  }
  leave();
  return expr;
}

Expr* Binder::bind_const(const PgQuery__AConst& constant_node) {
  int location = constant_node.location;
  Expr* expr = nullptr;
  if (constant_node.isnull) return constant(type_of(types::kUnknown), Datum::null(), location);
  switch (constant_node.val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
      expr = constant(type_of(types::kInt4), Datum::of_int(constant_node.ival->ival), location);
      break;
    case PG_QUERY__A__CONST__VAL_FVAL: {
      std::string_view text = constant_node.fval->fval;
      int64_t value = 0;
      auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error == std::errc() && end == text.data() + text.size()) {
        expr = constant(type_of(types::kInt8), Datum::of_int(value), location);
      } else {
        const Type& numeric = type_of(types::kNumeric);
        Datum number = at(location, [&] {
          return numeric.from_text(text, -1, memory_.constants, *input_.style);
        });
        expr = constant(numeric, number, location);
      }
      break;
    }
    case PG_QUERY__A__CONST__VAL_BOOLVAL:
      return constant(type_of(types::kBool), Datum::of_bool(constant_node.boolval->boolval),
                      location);
    case PG_QUERY__A__CONST__VAL_BSVAL:
      unsupported("a bit string", location);
    case PG_QUERY__A__CONST__VAL_SVAL: {
      expr = memory_.expr(ExprKind::kConst, &type_of(types::kUnknown), location);
      expr->literal = constant_node.sval->sval;
      expr->value = memory_.constants.bytes(expr->literal);
      break;
    }
    default:
      return constant(type_of(types::kUnknown), Datum::null(), location);
  }
  for (size_t i = 0; i < input_.liftable.size() && lifting_; ++i) {
    if (input_.liftable[i] == static_cast<size_t>(location)) expr->lifted = static_cast<int>(i);
  }
  return expr;
}

Expr* Binder::bind_parameter(const PgQuery__ParamRef& ref, Scope& scope) {
  if (!inlining_.empty()) {
    bool found = false;
    std::string name = "$" + std::to_string(ref.number);
    if (Expr* argument = find_column(scope, name, ref.location, &found)) return argument;
  }
  auto index = static_cast<size_t>(ref.number) - 1;
  if (ref.number <= 0 || ref.number > 65535 ||
      (!input_.infer && index >= input_.parameters.size())) {
    fail_at(ref.location, base::sqlstate::kUndefinedParameter,
            "there is no parameter $" + std::to_string(ref.number));
  }
  if (index >= input_.parameters.size()) input_.parameters.resize(index + 1);
  base::Oid& type = input_.parameters[index];
  if (type == types::kNone) type = types::kUnknown;
  Expr* expr = memory_.expr(ExprKind::kParameter, &type_of(type), ref.location);
  expr->index = static_cast<int>(index);
  return expr;
}

Expr* Binder::bind_bool(const PgQuery__BoolExpr& node, Scope& scope, Clause clause) {
  ExprKind kind = node.boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR  ? ExprKind::kAnd
                  : node.boolop == PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR ? ExprKind::kOr
                                                                     : ExprKind::kNot;
  std::string_view word = kind == ExprKind::kAnd ? "AND" : kind == ExprKind::kOr ? "OR" : "NOT";
  std::vector<Expr*> arguments;
  for (size_t i = 0; i < node.n_args; ++i) {
    arguments.push_back(to_bool(bind(*node.args[i], scope, clause), word));
  }
  return call1(kind, type_of(types::kBool), node.location, std::move(arguments));
}

Expr* Binder::bind_case(const PgQuery__CaseExpr& node, Scope& scope, Clause clause) {
  Expr* tested = node.arg == nullptr ? nullptr : bind(*node.arg, scope, clause);
  if (tested != nullptr && tested->type->oid == types::kUnknown) {
    tested = coerce_type(tested, type_of(types::kText), CastContext::kImplicit);
  }
  std::vector<Expr*> lets;
  if (tested != nullptr) tested = named(tested, lets);
  std::vector<Expr*> conditions;
  std::vector<Expr*> results;
  for (size_t i = 0; i < node.n_args; ++i) {
    const PgQuery__CaseWhen& when = *node.args[i]->case_when;
    Expr* condition = bind(*when.expr, scope, clause);
    if (tested != nullptr) condition = make_operator("=", tested, condition, when.location);
    conditions.push_back(to_bool(condition, "CASE/WHEN"));
    results.push_back(bind(*when.result, scope, clause));
  }
  results.push_back(node.defresult != nullptr
                        ? bind(*node.defresult, scope, clause)
                        : constant(type_of(types::kUnknown), Datum::null(), -1));
  // The ELSE comes first when types are matched.
  std::vector<Expr*> in_order = {results.back()};
  in_order.insert(in_order.end(), results.begin(), results.end() - 1);
  const Type& type = common_type(in_order, "CASE");
  make_common(results, type, "CASE");
  Expr* expr = memory_.expr(ExprKind::kCase, &type, node.location);
  for (size_t i = 0; i < conditions.size(); ++i) {
    expr->arguments.push_back(conditions[i]);
    expr->arguments.push_back(results[i]);
  }
  expr->arguments.push_back(results.back());
  expr->index = tested == nullptr ? 0 : 1;
  return give_names(expr, lets);
}

Expr* Binder::bind_coalesce(const PgQuery__CoalesceExpr& node, Scope& scope, Clause clause) {
  std::vector<Expr*> arguments = bind_all(node.args, node.n_args, scope, clause);
  const Type& type = common_type(arguments, "COALESCE");
  make_common(arguments, type, "COALESCE");
  return call1(ExprKind::kCoalesce, type, node.location, std::move(arguments));
}

Expr* Binder::bind_min_max(const PgQuery__MinMaxExpr& node, Scope& scope, Clause clause) {
  bool greatest = node.op == PG_QUERY__MIN_MAX_OP__IS_GREATEST;
  std::string_view word = greatest ? "GREATEST" : "LEAST";
  std::vector<Expr*> arguments = bind_all(node.args, node.n_args, scope, clause);
  const Type& type = common_type(arguments, word);
  make_common(arguments, type, word);
  if (!type.is_ordered()) {
    fail_at(node.location, base::sqlstate::kUndefinedFunction,
            "could not identify a comparison function for type " + format_type(type));
  }
  return call1(greatest ? ExprKind::kGreatest : ExprKind::kLeast, type, node.location,
               std::move(arguments));
}

Expr* Binder::bind_null_test(const PgQuery__NullTest& test, Scope& scope, Clause clause) {
  Expr* value = bind(*test.arg, scope, clause);
  if (value->type->oid == types::kUnknown) {
    value = coerce_type(value, type_of(types::kText), CastContext::kImplicit);
  }
  bool is_null = test.nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NULL;
  if (is_row_type(*value->type)) return row_null_test(value, is_null, test.location);
  Expr* expr = call1(ExprKind::kIsNull, type_of(types::kBool), test.location, {value});
  expr->index = is_null ? 0 : 1;
  return expr;
}

Expr* Binder::bind_boolean_test(const PgQuery__BooleanTest& test, Scope& scope, Clause clause) {
  struct Kind {
    std::string_view word;
    int truth;
    bool negated;
  };
  static constexpr Kind kKinds[] = {{"IS TRUE", 1, false},     {"IS NOT TRUE", 1, true},
                                    {"IS FALSE", 0, false},    {"IS NOT FALSE", 0, true},
                                    {"IS UNKNOWN", -1, false}, {"IS NOT UNKNOWN", -1, true}};
  const Kind& kind = kKinds[test.booltesttype - PG_QUERY__BOOL_TEST_TYPE__IS_TRUE];
  const Type& boolean = type_of(types::kBool);
  Expr* value = to_bool(bind(*test.arg, scope, clause), kind.word);
  Expr* expr = call1(ExprKind::kIsTrue, boolean, test.location, {value});
  expr->index = kind.truth;
  return kind.negated ? call1(ExprKind::kNot, boolean, test.location, {expr}) : expr;
}

Expr* Binder::bind_array(const PgQuery__AArrayExpr& array, Scope& scope, Clause clause,
                         const Type* wanted, int location) {
  enter();
  std::vector<Expr*> elements;
  bool nested = false;
  for (size_t i = 0; i < array.n_elements; ++i) {
    const PgQuery__Node& node = *array.elements[i];
    if (node.node_case == PG_QUERY__NODE__NODE_A_ARRAY_EXPR) {
      elements.push_back(
          bind_array(*node.a_array_expr, scope, clause, wanted, node.a_array_expr->location));
      nested = true;
    } else {
      elements.push_back(bind(node, scope, clause));
      nested |= elements.back()->type->is_array();
    }
  }
  const Type* type = wanted;
  if (type == nullptr && elements.empty()) {
    fail_at(location, base::Error(base::sqlstate::kIndeterminateDatatype,
                                  "cannot determine type of empty array")
                          .hint("Explicitly cast to the desired type, for example "
                                "ARRAY[]::integer[]."));
  }
  if (type == nullptr) {
    const Type& element = common_type(elements, "ARRAY");
    nested = element.is_array();
    base::Oid oid = nested ? element.oid : element.array_type;
    if (oid == types::kNone) {
      fail_at(location, base::sqlstate::kUndefinedObject,
              "could not find array type for data type " + format_type(element));
    }
    type = &type_of(oid);
  }
  const Type& element = nested ? *type : type_of(type->element_type);
  // A cast of the whole is one of each element.
  for (Expr*& one : elements) {
    if (wanted == nullptr || one->type == &element) continue;
    const Type& before = *one->type;
    const int at = one->location;
    one = coerce(one, element, -1, CastContext::kExplicit);
    if (one != nullptr) continue;
    fail_at(at, base::sqlstate::kCannotCoerce,
            "cannot cast type " + format_type(before) + " to " + format_type(element));
  }
  make_common(elements, element, "ARRAY");
  leave();
  return call1(ExprKind::kArray, *type, location, std::move(elements));
}

Expr* Binder::bind_cast(const PgQuery__TypeCast& cast, Scope& scope, Clause clause) {
  int32_t typmod = -1;
  const Type& type = type_named(*cast.type_name, &typmod);
  if (cast.arg->node_case == PG_QUERY__NODE__NODE_A_ARRAY_EXPR && type.is_array()) {
    const PgQuery__AArrayExpr& array = *cast.arg->a_array_expr;
    return bind_array(array, scope, clause, &type, array.location);
  }
  Expr* value = bind(*cast.arg, scope, clause);
  Expr* made = coerce(value, type, typmod, CastContext::kExplicit);
  if (made == nullptr) {
    int location = cast.location >= 0 ? cast.location : location_of(*cast.arg);
    fail_at(location, base::sqlstate::kCannotCoerce,
            "cannot cast type " + format_type(*value->type) + " to " + format_type(type));
  }
  return made;
}

namespace {

/// What is behind CURRENT_DATE and its kin: now() cast to a type, or a function of the session.
struct ValueFunction {
  std::string_view name;
  base::Oid type = types::kNone;
  std::string_view function{};
};

ValueFunction value_function(PgQuery__SQLValueFunctionOp op) {
  switch (op) {
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_DATE:
      return {"CURRENT_DATE", types::kDate};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME_N:
      return {"CURRENT_TIME", types::kTimetz};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP_N:
      return {"CURRENT_TIMESTAMP", types::kTimestamptz};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME_N:
      return {"LOCALTIME", types::kTime};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP_N:
      return {"LOCALTIMESTAMP", types::kTimestamp};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_ROLE:
      return {"CURRENT_ROLE", types::kNone, "current_user"};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_USER:
      return {"CURRENT_USER", types::kNone, "current_user"};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_USER:
      return {"USER", types::kNone, "current_user"};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_SESSION_USER:
      return {"SESSION_USER", types::kNone, "session_user"};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_CATALOG:
      return {"CURRENT_CATALOG", types::kNone, "current_database"};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_SCHEMA:
      return {"CURRENT_SCHEMA", types::kNone, "current_schema"};
    default:
      return {};
  }
}

}  // namespace

/// CURRENT_DATE, CURRENT_USER, ...: functions with a syntax of their own.
Expr* Binder::bind_value_function(const PgQuery__SQLValueFunction& node) {
  ValueFunction known = value_function(node.op);
  if (known.name.empty()) unsupported("this value", node.location);
  Expr* value = nullptr;
  if (!known.function.empty()) {
    value = make_named_call(known.function, {}, node.location);
  } else {
    value = make_named_call("now", {}, node.location);
    value = coerce_type(value, type_of(known.type), CastContext::kExplicit);
    if (node.typmod >= 0) value = fit_typmod(value, node.typmod, CastContext::kExplicit);
  }
  value->form = CallForm::kValue;
  value->literal = known.name;
  if (node.typmod >= 0) value->literal += "(" + std::to_string(node.typmod) + ")";
  return value;
}

}  // namespace isolde::sql
