#include "sql/binder/binder.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/catalog_functions.hpp"
#include "sql/functions/function_registry.hpp"

namespace isolde::sql {

Expr* Binder::make_operator(std::string_view name, Expr* left, Expr* right, int location) {
  base::Oid left_type = left == nullptr ? types::kNone : left->type->oid;
  if (left != nullptr && left->kind == ExprKind::kRow && right->kind == ExprKind::kRow) {
    return row_comparison(name, *left, *right, location);
  }
  ResolvedOperator resolved = at(
      location, [&] { return resolve_operator(name, left_type, right->type->oid, *input_.types); });
  std::vector<Expr*> arguments;
  if (left != nullptr) {
    arguments.push_back(coerce_type(left, type_of(resolved.left), CastContext::kImplicit));
  }
  arguments.push_back(coerce_type(right, type_of(resolved.right), CastContext::kImplicit));
  Expr* call =
      call1(ExprKind::kCall, type_of(resolved.result_type), location, std::move(arguments));
  call->function = resolved.op->function;
  call->form = CallForm::kOperator;
  return call;
}

Expr* Binder::bind_a_expr(const PgQuery__AExpr& expr, Scope& scope, Clause clause) {
  switch (expr.kind) {
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP:
    case PG_QUERY__A__EXPR__KIND__AEXPR_LIKE:
    case PG_QUERY__A__EXPR__KIND__AEXPR_ILIKE:
    case PG_QUERY__A__EXPR__KIND__AEXPR_SIMILAR:
      return bind_operator_chain(expr, scope, clause);
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY:
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL:
      return bind_quantified_array(expr, scope, clause);
    case PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT:
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT:
      return bind_distinct_from(expr, scope, clause);
    case PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF:
      return bind_null_if(expr, scope, clause);
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN:
      return bind_in(expr, scope, clause);
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN:
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN:
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN_SYM:
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN_SYM:
      return bind_between(expr, scope, clause);
    default:
      unsupported("this operator", expr.location);
  }
}

/// a + b + c + ... nests to the left as deep as it is long: walked without recursion.
Expr* Binder::bind_operator_chain(const PgQuery__AExpr& expr, Scope& scope, Clause clause) {
  auto plain = [](const PgQuery__Node* node) {
    return node != nullptr && node->node_case == PG_QUERY__NODE__NODE_A_EXPR &&
           node->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP;
  };
  std::vector<const PgQuery__AExpr*> chain = {&expr};
  while (plain(chain.back()->lexpr)) chain.push_back(chain.back()->lexpr->a_expr);
  const PgQuery__Node* first = chain.back()->lexpr;
  Expr* left = first == nullptr ? nullptr : bind(*first, scope, clause);
  for (size_t i = chain.size(); i > 0; --i) {
    const PgQuery__AExpr& link = *chain[i - 1];
    bool row_of_subquery =
        left != nullptr && left->kind == ExprKind::kRow &&
        link.rexpr->node_case == PG_QUERY__NODE__NODE_SUB_LINK &&
        link.rexpr->sub_link->sub_link_type == PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK;
    if (row_of_subquery) {
      left = bind_row_subquery(last_name(link.name, link.n_name), *left, *link.rexpr->sub_link,
                               scope, link.location);
      continue;
    }
    Expr* right = bind(*link.rexpr, scope, clause);
    left = make_operator(last_name(link.name, link.n_name), left, right, link.location);
  }
  return left;
}

Expr* Binder::bind_between(const PgQuery__AExpr& expr, Scope& scope, Clause clause) {
  const Type& boolean = type_of(types::kBool);
  const PgQuery__List& bounds = *expr.rexpr->list;
  bool symmetric = expr.kind == PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN_SYM ||
                   expr.kind == PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN_SYM;
  std::vector<Expr*> lets;
  // What has no type yet is bound for each use: it is a literal or a parameter.
  auto shared = [&](const PgQuery__Node& node) {
    Expr* value = bind(node, scope, clause);
    return value->type->oid == types::kUnknown ? nullptr : named(value, lets);
  };
  Expr* value = shared(*expr.lexpr);
  Expr* bound[2] = {nullptr, nullptr};
  if (symmetric) bound[0] = shared(*bounds.items[0]);
  if (symmetric) bound[1] = shared(*bounds.items[1]);
  auto compare = [&](std::string_view name, int side) {
    Expr* left = value != nullptr ? value : bind(*expr.lexpr, scope, clause);
    Expr* right = bound[side] != nullptr ? bound[side] : bind(*bounds.items[side], scope, clause);
    return make_operator(name, left, right, expr.location);
  };
  auto between = [&](int low, int high) {
    Expr* above = compare(">=", low);
    return call1(ExprKind::kAnd, boolean, expr.location, {above, compare("<=", high)});
  };
  auto outside = [&](int low, int high) {
    Expr* below = compare("<", low);
    return call1(ExprKind::kOr, boolean, expr.location, {below, compare(">", high)});
  };
  Expr* made = nullptr;
  switch (expr.kind) {
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN:
      made = between(0, 1);
      break;
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN:
      made = outside(0, 1);
      break;
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN_SYM:
      made = between(0, 1);
      made = call1(ExprKind::kOr, boolean, expr.location, {made, between(1, 0)});
      break;
    default:
      made = outside(0, 1);
      made = call1(ExprKind::kAnd, boolean, expr.location, {made, outside(1, 0)});
      break;
  }
  return give_names(made, lets);
}

/// x IN (a, b, c): x = a OR x = b OR x = c, or x = ANY(array) when all are constants of one type.
Expr* Binder::bind_in(const PgQuery__AExpr& expr, Scope& scope, Clause clause) {
  bool negated = last_name(expr.name, expr.n_name) == "<>";
  const PgQuery__List& list = *expr.rexpr->list;
  Expr* left = bind(*expr.lexpr, scope, clause);
  std::vector<Expr*> items = bind_all(list.items, list.n_items, scope, clause);
  const Type& boolean = type_of(types::kBool);
  if (items.size() > 1 && left->kind != ExprKind::kRow) {
    std::vector<Expr*> all = items;
    all.insert(all.begin(), left);
    std::vector<base::Oid> oids;
    for (const Expr* one : all) oids.push_back(one->type->oid);
    auto common = select_common_type(oids, {}, *input_.types);
    bool constants = true;
    for (const Expr* item : items) {
      constants &= item->kind == ExprKind::kConst || item->kind == ExprKind::kParameter;
    }
    if (constants && common && *common != types::kUnknown && *common != types::kRecord &&
        type_of(*common).array_type != types::kNone) {
      const Type& type = type_of(*common);
      make_common(items, type, "IN");
      Expr* array = call1(ExprKind::kArray, type_of(type.array_type), expr.location, items);
      Expr* probe = make_operator(negated ? "<>" : "=", left, items[0], expr.location);
      const Type& wanted = *probe->arguments[1]->type;
      if (&wanted != &type && is_binary_coercible(type.oid, wanted.oid)) {
        array = coerce_type(array, type_of(wanted.array_type), CastContext::kImplicit);
      }
      if (&wanted == &type || array->type->element_type == wanted.oid) {
        Expr* any = call1(negated ? ExprKind::kAllArray : ExprKind::kAnyArray, boolean,
                          expr.location, {probe->arguments[0], array});
        any->function = probe->function;
        return any;
      }
    }
  }
  std::vector<Expr*> lets;
  if (items.size() > 1 && left->kind == ExprKind::kRow) {
    for (Expr*& field : left->arguments) field = named(field, lets);
  } else if (items.size() > 1) {
    left = named(left, lets);
  }
  std::vector<Expr*> tests;
  for (Expr* item : items) {
    tests.push_back(to_bool(make_operator(negated ? "<>" : "=", left, item, expr.location), "IN"));
  }
  if (tests.size() == 1) return tests[0];
  return give_names(
      call1(negated ? ExprKind::kAnd : ExprKind::kOr, boolean, expr.location, std::move(tests)),
      lets);
}

Expr* Binder::bind_quantified_array(const PgQuery__AExpr& expr, Scope& scope, Clause clause) {
  bool any = expr.kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY;
  Expr* left = bind(*expr.lexpr, scope, clause);
  Expr* array = bind(*expr.rexpr, scope, clause);
  std::string_view name = last_name(expr.name, expr.n_name);
  if (array->type->oid == types::kUnknown) {
    const Type& element = left->type->oid == types::kUnknown ? type_of(types::kText) : *left->type;
    array = coerce_type(array, type_of(element.array_type), CastContext::kImplicit);
  }
  if (!array->type->is_array()) {
    fail_at(expr.location, base::sqlstate::kWrongObjectType,
            std::string("op ANY/ALL (array) requires array on right side"));
  }
  Expr* element =
      memory_.expr(ExprKind::kColumn, &type_of(array->type->element_type), array->location);
  Expr* probe = make_operator(name, left, element, expr.location);
  if (probe->type->oid != types::kBool) {
    fail_at(expr.location, base::sqlstate::kWrongObjectType,
            "op ANY/ALL (array) requires operator to yield boolean");
  }
  const Type& wanted = *probe->arguments[1]->type;
  if (wanted.oid != array->type->element_type) {
    array = coerce_type(array, type_of(wanted.array_type), CastContext::kImplicit);
  }
  Expr* made = call1(any ? ExprKind::kAnyArray : ExprKind::kAllArray, type_of(types::kBool),
                     expr.location, {probe->arguments[0], array});
  made->function = probe->function;
  return made;
}

Expr* Binder::bind_null_if(const PgQuery__AExpr& expr, Scope& scope, Clause clause) {
  Expr* left = bind(*expr.lexpr, scope, clause);
  Expr* right = bind(*expr.rexpr, scope, clause);
  Expr* equal = make_operator("=", left, right, expr.location);
  if (left->type->oid == types::kUnknown) left = equal->arguments[0];
  Expr* made = call1(ExprKind::kNullIf, *left->type, expr.location,
                     {left, equal->arguments[0], equal->arguments[1]});
  made->function = equal->function;
  return made;
}

Expr* Binder::bind_distinct_from(const PgQuery__AExpr& expr, Scope& scope, Clause clause) {
  Expr* left = bind(*expr.lexpr, scope, clause);
  Expr* right = bind(*expr.rexpr, scope, clause);
  const Type& boolean = type_of(types::kBool);
  bool distinct = expr.kind == PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT;
  if (left->kind == ExprKind::kRow && right->kind == ExprKind::kRow) {
    Expr* made = row_distinct(*left, *right, expr.location);
    return distinct ? made : call1(ExprKind::kNot, boolean, expr.location, {made});
  }
  Expr* equal = make_operator("=", left, right, expr.location);
  Expr* made = call1(ExprKind::kDistinct, boolean, expr.location, equal->arguments);
  made->function = equal->function;
  if (distinct) return made;
  return call1(ExprKind::kNot, boolean, expr.location, {made});
}

// --- function calls

Expr* Binder::make_call(const ResolvedFunction& resolved, std::vector<Expr*> arguments,
                        int location, bool variadic) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Type& wanted = type_of(resolved.argument_types[i]);
    bool any = is_polymorphic(wanted.oid);
    if (wanted.oid == types::kAny) continue;
    if (arguments[i]->type->oid == types::kUnknown && any) {
      arguments[i] = coerce_type(arguments[i], type_of(types::kText), CastContext::kImplicit);
    } else if (!any) {
      arguments[i] = coerce_type(arguments[i], wanted, CastContext::kImplicit);
    }
  }
  if (resolved.gather) {
    std::vector<Expr*> gathered(arguments.begin() + static_cast<ptrdiff_t>(resolved.gather_from),
                                arguments.end());
    arguments.resize(resolved.gather_from);
    const Type& element =
        gathered.empty() ? type_of(resolved.function->variadic_element) : *gathered[0]->type;
    arguments.push_back(
        call1(ExprKind::kArray, type_of(element.array_type), location, std::move(gathered)));
  }
  const Function& function = *resolved.function;
  for (size_t i = function.defaults.size() - resolved.defaults_used; i < function.defaults.size();
       ++i) {
    base::Oid type = function.argument_types[arguments.size()];
    arguments.push_back(constant(type_of(type), function.defaults[i], location));
    arguments.back()->form = CallForm::kImplicitCast;
  }
  ExprKind kind = ExprKind::kCall;
  if (function.kind == FunctionKind::kAggregate) kind = ExprKind::kAggregate;
  if (function.kind == FunctionKind::kWindow) kind = ExprKind::kWindow;
  if (function.returns_set) kind = ExprKind::kSetCall;
  Expr* call = call1(kind, type_of(resolved.result_type), location, std::move(arguments));
  call->function = &function;
  call->variadic_array = variadic;
  return call;
}

Expr* Binder::make_named_call(std::string_view name, std::vector<Expr*> arguments, int location) {
  std::vector<base::Oid> oids;
  for (const Expr* argument : arguments) oids.push_back(argument->type->oid);
  ResolvedFunction resolved = at(location, [&] {
    return resolve_function(FunctionRegistry::instance().functions(name), {name, oids, false},
                            *input_.types);
  });
  return make_call(resolved, std::move(arguments), location, false);
}

namespace {

/// rank(values) WITHIN GROUP (ORDER BY keys) and its kin.
bool is_hypothetical(const Function* function) {
  return function->ordered_set && function->variadic_element == types::kAny;
}

}  // namespace

/// The values of the row that is not there, of the same types as the keys.
void Binder::match_hypothetical_row(const PgQuery__FuncCall& call, std::vector<Expr*>& values,
                                    std::vector<Expr::Order>& keys) {
  if (values.size() != keys.size()) {
    std::string name(last_name(call.funcname, call.n_funcname));
    std::string signature;
    for (const Expr* value : values) {
      signature += (signature.empty() ? "" : ", ") + format_type(*value->type);
    }
    for (const Expr::Order& key : keys) {
      signature += (signature.empty() ? "" : ", ") + format_type(*key.value->type);
    }
    fail_at(call.location, base::Error(base::sqlstate::kUndefinedFunction,
                                       "function " + joined_name(call.funcname, call.n_funcname) +
                                           "(" + signature + ") does not exist")
                               .hint("To use the hypothetical-set aggregate " + name +
                                     ", the number of hypothetical direct arguments (here " +
                                     std::to_string(values.size()) +
                                     ") must match the number of ordering columns (here " +
                                     std::to_string(keys.size()) + ")."));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    std::vector<Expr*> pair = {values[i], keys[i].value};
    make_common(pair, common_type(pair, "WITHIN GROUP"), "WITHIN GROUP");
    values[i] = pair[0];
    keys[i].value = pair[1];
  }
}

/// What such an aggregate needs to know of the order, in front of its arguments.
void Binder::add_sort_flags(Expr& call) {
  std::string flags;
  for (const Expr::Order& order : call.order) {
    flags.push_back(static_cast<char>((order.descending ? 1 : 0) | (order.nulls_first ? 2 : 0)));
  }
  call.arguments.insert(call.arguments.begin(),
                        constant(type_of(types::kText), memory_.constants.bytes(flags), -1));
}

/// text(5) and the like: a cast that looks like a call.
Expr* Binder::cast_by_call(const PgQuery__FuncCall& call, Expr& value, base::Oid type) {
  std::string written = joined_name(call.funcname, call.n_funcname);
  if (call.over != nullptr) {
    fail_at(
        call.location, base::sqlstate::kWrongObjectType,
        "OVER specified, but " + written + " is not a window function nor an aggregate function");
  }
  const std::string_view what = call.agg_distinct            ? "DISTINCT"
                                : call.agg_within_group      ? "WITHIN GROUP"
                                : call.n_agg_order > 0       ? "ORDER BY"
                                : call.agg_filter != nullptr ? "FILTER"
                                                             : "";
  if (!what.empty()) {
    fail_at(call.location, base::sqlstate::kWrongObjectType,
            std::string(what) + " specified, but " + written + " is not an aggregate function");
  }
  return coerce_type(&value, type_of(type), CastContext::kExplicit);
}

Expr* Binder::bind_call(const PgQuery__FuncCall& call, Scope& scope, Clause clause) {
  std::string_view name = last_name(call.funcname, call.n_funcname);
  std::string written = joined_name(call.funcname, call.n_funcname);
  bool counts = call.agg_star;
  if (has_named_arguments(call)) {
    std::vector<Expr*> given;
    const Function* named = bind_named_arguments(call, scope, clause, given);
    if (const CatalogFunction* routine = catalog_function(*named)) {
      return routine_call(*routine, std::move(given), type_of(named->result_type), call.location);
    }
    return call_with_defaults(*named, std::move(given), call.location);
  }
  std::vector<Expr*> arguments = bind_all(call.args, call.n_args, scope, clause);
  std::vector<Expr::Order> within_group;
  std::vector<const Function*> candidates = candidates_of(call);
  if (call.agg_within_group) {
    for (size_t i = 0; i < call.n_agg_order; ++i) {
      within_group.push_back(bind_order(*call.agg_order[i]->sort_by, scope, clause));
    }
    if (std::ranges::any_of(candidates, is_hypothetical)) {
      match_hypothetical_row(call, arguments, within_group);
    }
    for (const Expr::Order& order : within_group) arguments.push_back(order.value);
  }
  std::vector<base::Oid> oids;
  for (const Expr* argument : arguments) oids.push_back(argument->type->oid);
  if (call.func_variadic && !arguments.empty() && !arguments.back()->type->is_array() &&
      arguments.back()->type->oid != types::kUnknown) {
    fail_at(arguments.back()->location, base::sqlstate::kDatatypeMismatch,
            "VARIADIC argument must be an array");
  }
  if (counts && name != "count") {
    fail_at(call.location, base::Error(base::sqlstate::kUndefinedFunction,
                                       "function " + written + "() does not exist")
                               .hint("No function matches the given name and argument types. You "
                                     "might need to add explicit type casts."));
  }
  ResolvedFunction resolved = at(call.location, [&] {
    return resolve_function(candidates, {written, oids, call.func_variadic != 0}, *input_.types);
  });
  if (resolved.function == nullptr) return cast_by_call(call, *arguments[0], resolved.cast_to);
  const Function& function = *resolved.function;
  if (const CatalogFunction* routine = catalog_function(function);
      routine != nullptr && routine->object->procedure) {
    std::string signature;
    for (base::Oid oid : oids) {
      signature += (signature.empty() ? "" : ", ") + format_type(type_of(oid));
    }
    fail_at(call.location, base::Error(base::sqlstate::kWrongObjectType,
                                       written + "(" + signature + ") is a procedure")
                               .hint("To call a procedure, use CALL."));
  }
  bool windowed = call.over != nullptr;
  if (function.kind == FunctionKind::kWindow && !windowed) {
    fail_at(call.location, base::sqlstate::kWrongObjectType,
            "window function " + std::string(name) + " requires an OVER clause");
  }
  bool aggregate = function.kind == FunctionKind::kAggregate;
  if (aggregate && call.n_args == 0 && !counts && !call.agg_within_group) {
    fail_at(call.location, base::sqlstate::kWrongObjectType,
            written + "(*) must be used to call a parameterless aggregate function");
  }
  if (windowed && function.kind == FunctionKind::kScalar) {
    fail_at(
        call.location, base::sqlstate::kWrongObjectType,
        "OVER specified, but " + written + " is not a window function nor an aggregate function");
  }
  if (aggregate) check_within_group(call, function, written);
  if (!aggregate && !windowed && call.agg_within_group) {
    fail_at(call.location, base::sqlstate::kWrongObjectType,
            "WITHIN GROUP specified, but " + written + " is not an ordered-set aggregate function");
  }
  if (!aggregate && !windowed &&
      (call.agg_distinct || call.n_agg_order > 0 || call.agg_filter != nullptr)) {
    std::string_view what = call.agg_distinct      ? "DISTINCT"
                            : call.n_agg_order > 0 ? "ORDER BY"
                                                   : "FILTER";
    fail_at(call.location, base::sqlstate::kWrongObjectType,
            std::string(what) + " specified, but " + written + " is not an aggregate function");
  }
  Expr* made = make_call(resolved, std::move(arguments), call.location, call.func_variadic != 0);
  if (const CatalogFunction* routine = catalog_function(function)) {
    made = routine_call(*routine, std::move(made->arguments), *made->type, call.location);
    if (made->kind != ExprKind::kSetCall) return made;
  }
  if (call.funcformat == PG_QUERY__COERCION_FORM__COERCE_SQL_SYNTAX) made->form = CallForm::kSyntax;
  if (function.set != nullptr && function.result_type == types::kRecord &&
      function.out_columns.empty() && clause != Clause::kFromFunction) {
    fail_at(call.location,
            base::Error(base::sqlstate::kFeatureNotSupported,
                        "could not determine row type for result of " + std::string(name))
                .hint("Provide a non-null record argument, or call the function in the FROM clause "
                      "using a column definition list."));
  }
  if (made->kind == ExprKind::kSetCall && clause != Clause::kFromFunction) give_shape(*made);
  if (call.agg_within_group) {
    size_t direct = made->arguments.size() - within_group.size();
    for (size_t i = 0; i < within_group.size(); ++i) {
      within_group[i].value = made->arguments[direct + i];
    }
    made->order = std::move(within_group);
    if (is_hypothetical(&function)) add_sort_flags(*made);
  }
  if (windowed) return bind_window_call(call, made, scope, clause);
  if (aggregate) return check_aggregate(call, made, scope, clause);
  bool set_allowed = clause == Clause::kSelect || clause == Clause::kOrderBy ||
                     clause == Clause::kGroupBy || clause == Clause::kDistinctOn ||
                     clause == Clause::kFromFunction;
  if (function.returns_set && !set_allowed) {
    fail_at(call.location, base::sqlstate::kFeatureNotSupported,
            "set-returning functions are not allowed in " + std::string(clause_name(clause)));
  }
  return made;
}

namespace {

const Expr* find_kind(const Expr* expr, ExprKind kind) {
  if (expr->kind == kind) return expr;
  for (const Expr* argument : expr->arguments) {
    if (const Expr* found = find_kind(argument, kind)) return found;
  }
  return nullptr;
}

}  // namespace

/// WITHIN GROUP belongs to ordered-set aggregates, and those need it.
void Binder::check_within_group(const PgQuery__FuncCall& call, const Function& function,
                                const std::string& written) {
  if (function.ordered_set && !call.agg_within_group) {
    fail_at(call.location, base::sqlstate::kWrongObjectType,
            "WITHIN GROUP is required for ordered-set aggregate " + written);
  }
  if (function.ordered_set && call.over != nullptr) {
    fail_at(call.location, base::sqlstate::kFeatureNotSupported,
            "OVER is not supported for ordered-set aggregate " + written);
  }
  if (!function.ordered_set && call.agg_within_group) {
    fail_at(call.location, base::sqlstate::kWrongObjectType,
            written + " is not an ordered-set aggregate, so it cannot have WITHIN GROUP");
  }
}

/// DESC, or USING >.
bool Binder::is_descending(const PgQuery__SortBy& sort) {
  if (sort.sortby_dir != PG_QUERY__SORT_BY_DIR__SORTBY_USING) {
    return sort.sortby_dir == PG_QUERY__SORT_BY_DIR__SORTBY_DESC;
  }
  std::string_view name = last_name(sort.use_op, sort.n_use_op);
  if (name == "<" || name == ">") return name == ">";
  fail_at(sort.location,
          base::Error(base::sqlstate::kWrongObjectType,
                      "operator " + std::string(name) + " is not a valid ordering operator")
              .hint("Ordering operators must be \"<\" or \">\" members of btree operator "
                    "families."));
}

Expr::Order Binder::bind_order(const PgQuery__SortBy& sort, Scope& scope, Clause clause) {
  Expr* value = bind(*sort.node, scope, clause);
  if (value->type->oid == types::kUnknown) {
    value = coerce_type(value, type_of(types::kText), CastContext::kImplicit);
  }
  if (!value->type->is_ordered()) {
    fail_at(
        location_of(*sort.node),
        base::Error(base::sqlstate::kUndefinedFunction,
                    "could not identify an ordering operator for type " + format_type(*value->type))
            .hint("Use an explicit ordering operator or modify the query."));
  }
  bool descending = is_descending(sort);
  bool first = sort.sortby_nulls == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST ||
               (sort.sortby_nulls == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_DEFAULT && descending);
  return {value, descending, first};
}

/// With DISTINCT, rows can only be in an order that their arguments tell.
void Binder::check_distinct_order(const Expr& aggregate) {
  for (const Expr::Order& order : aggregate.order) {
    auto same = [&](const Expr* argument) { return same_expression(argument, order.value); };
    if (std::none_of(aggregate.arguments.begin(), aggregate.arguments.end(), same)) {
      fail_at(order.value->location, base::sqlstate::kInvalidColumnReference,
              "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list");
    }
  }
}

Expr* Binder::check_aggregate(const PgQuery__FuncCall& call, Expr* made, Scope& scope,
                              Clause clause) {
  if (clause == Clause::kJoinOn) {
    fail_at(call.location, base::sqlstate::kGroupingError,
            "aggregate functions are not allowed in JOIN conditions");
  }
  if (clause != Clause::kSelect && clause != Clause::kHaving && clause != Clause::kOrderBy &&
      clause != Clause::kDistinctOn && clause != Clause::kWindowDefinition) {
    fail_at(call.location, base::sqlstate::kGroupingError,
            "aggregate functions are not allowed in " + std::string(clause_name(clause)));
  }
  for (const Expr* argument : made->arguments) {
    if (const Expr* set = find_kind(argument, ExprKind::kSetCall)) {
      fail_at(set->location,
              base::Error(base::sqlstate::kFeatureNotSupported,
                          "aggregate function calls cannot contain set-returning function calls")
                  .hint("You might be able to move the set-returning function into a LATERAL FROM "
                        "item."));
    }
    if (const Expr* inner = find_kind(argument, ExprKind::kWindow)) {
      fail_at(inner->location, base::sqlstate::kGroupingError,
              "aggregate function calls cannot contain window function calls");
    }
    if (find_kind(argument, ExprKind::kAggregate) != nullptr) {
      fail_at(argument->location, base::sqlstate::kGroupingError,
              "aggregate function calls cannot be nested");
    }
  }
  bool own = find_kind(made, ExprKind::kColumn) != nullptr;
  const Expr* outer = find_kind(made, ExprKind::kOuterValue);
  if (!own && outer != nullptr) {
    unsupported("an aggregate that belongs to a query further out", outer->location);
  }
  current_->grouped = true;
  made->distinct = call.agg_distinct;
  if (call.agg_filter != nullptr) {
    made->filter = to_bool(bind(*call.agg_filter, scope, Clause::kFilter), "FILTER");
  }
  for (size_t i = 0; i < call.n_agg_order && !call.agg_within_group; ++i) {
    made->order.push_back(
        bind_order(*call.agg_order[i]->sort_by, scope, Clause::kAggregateArgument));
  }
  if (made->distinct) {
    for (const Expr* argument : made->arguments) {
      if (!argument->type->is_ordered()) {
        fail_at(argument->location, base::sqlstate::kUndefinedFunction,
                "could not identify an equality operator for type " + format_type(*argument->type));
      }
    }
    check_distinct_order(*made);
  }
  return made;
}

}  // namespace isolde::sql
