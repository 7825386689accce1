// Calls of functions that users have created. One whose body is a single expression,
//
//      CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql AS 'SELECT x + x'
//
// is put in place of its call: twice(a * b) becomes let x = a * b in x + x. Any other call runs the
// body as statements of its own (sql/session/run_routine.cpp).

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <utility>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/catalog/catalog_functions.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/parser/parse.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/domain_type.hpp"

namespace isolde::sql {

namespace {

/// Built-in functions are in these.
bool is_schema_of_system(std::string_view schema) {
  return schema == "pg_catalog" || schema == "information_schema" || schema == "isolde";
}

bool contains(const Expr* expr, ExprKind kind) {
  return expr->kind == kind ||
         std::ranges::any_of(expr->arguments, [&](const Expr* a) { return contains(a, kind); });
}

/// SELECT expression, and nothing else.
const PgQuery__Node* only_expression(const ParsedQuery& body) {
  if (body.size() != 1) return nullptr;
  const PgQuery__Node& node = *body.statement(0);
  if (node.node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return nullptr;
  const PgQuery__SelectStmt& select = *node.select_stmt;
  bool bare =
      select.n_target_list == 1 && select.n_from_clause == 0 && select.where_clause == nullptr &&
      select.n_group_clause == 0 && select.having_clause == nullptr &&
      select.n_window_clause == 0 && select.n_sort_clause == 0 && select.n_distinct_clause == 0 &&
      select.limit_count == nullptr && select.limit_offset == nullptr &&
      select.with_clause == nullptr && select.n_locking_clause == 0 && select.n_values_lists == 0 &&
      select.into_clause == nullptr && select.op == PG_QUERY__SET_OPERATION__SETOP_NONE;
  if (!bare) return nullptr;
  const PgQuery__Node* value = select.target_list[0]->res_target->val;
  bool star = value->node_case == PG_QUERY__NODE__NODE_COLUMN_REF &&
              value->column_ref->fields[value->column_ref->n_fields - 1]->node_case ==
                  PG_QUERY__NODE__NODE_A_STAR;
  return star ? nullptr : value;
}

}  // namespace

std::vector<const Function*> Binder::candidates_of(const PgQuery__FuncCall& call) {
  std::string_view name = last_name(call.funcname, call.n_funcname);
  std::string_view schema;
  if (call.n_funcname > 1) schema = string_of(*call.funcname[call.n_funcname - 2]);
  std::vector<const Function*> found;
  if (schema.empty() || is_schema_of_system(schema)) {
    auto builtin = FunctionRegistry::instance().functions(name);
    found.assign(builtin.begin(), builtin.end());
  }
  if (input_.names == nullptr || input_.names->functions == nullptr) return found;
  if (!schema.empty() && input_.names->path.schema(*input_.names->image, schema) == Oid{}) {
    fail_at(call.location, base::sqlstate::kUndefinedSchema,
            "schema \"" + std::string(schema) + "\" does not exist");
  }
  for (const CatalogFunction* one : input_.names->functions->named(schema, name)) {
    found.push_back(one);
  }
  return found;
}

/// Null for a built-in one.
const CatalogFunction* Binder::catalog_function(const Function& function) const {
  if (input_.names == nullptr || input_.names->functions == nullptr) return nullptr;
  const CatalogFunction* found = input_.names->functions->find(function.oid);
  return found == &function ? found : nullptr;
}

bool Binder::has_named_arguments(const PgQuery__FuncCall& call) const {
  return call.n_args > 0 &&
         call.args[call.n_args - 1]->node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR;
}

/// A built-in function with arguments by place, null where a default stands in.
Expr* Binder::call_with_defaults(const Function& function, std::vector<Expr*> arguments,
                                 int location) {
  size_t first = arguments.size() - function.defaults.size();
  std::vector<base::Oid> oids;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == nullptr) {
      const Type& type = type_of(function.argument_types[i]);
      arguments[i] = constant(type, function.defaults[i - first], location);
    }
    oids.push_back(arguments[i]->type->oid);
  }
  const Function* only[] = {&function};
  ResolvedFunction resolved = at(location, [&] {
    return resolve_function(only, {function.name, oids, false}, *input_.types);
  });
  return make_call(resolved, std::move(arguments), location, false);
}

/// f(1, c => 3): arguments by place, null where a default stands in.
const Function* Binder::bind_named_arguments(const PgQuery__FuncCall& call, Scope& scope,
                                             Clause clause, std::vector<Expr*>& arguments) {
  std::vector<std::string_view> names;
  std::vector<Expr*> values;
  size_t positional = 0;
  for (size_t i = 0; i < call.n_args; ++i) {
    const PgQuery__Node& node = *call.args[i];
    if (node.node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR) {
      if (std::ranges::find(names, node.named_arg_expr->name) != names.end()) {
        fail_at(
            node.named_arg_expr->location, base::sqlstate::kSyntaxError,
            "argument name \"" + std::string(node.named_arg_expr->name) + "\" used more than once");
      }
      names.emplace_back(node.named_arg_expr->name);
      values.push_back(bind(*node.named_arg_expr->arg, scope, clause));
    } else if (!names.empty()) {
      fail_at(location_of(node), base::sqlstate::kSyntaxError,
              "positional argument cannot follow named argument");
    } else {
      ++positional;
      values.push_back(bind(node, scope, clause));
    }
  }
  for (const Function* function : candidates_of(call)) {
    const CatalogFunction* routine = catalog_function(*function);
    std::vector<std::string_view> known = function->argument_names;
    if (routine != nullptr) known.assign(routine->input_names.begin(), routine->input_names.end());
    size_t count = function->argument_types.size();
    std::vector<Expr*> placed(count, nullptr);
    bool fits = positional <= count;
    for (size_t i = 0; fits && i < values.size(); ++i) {
      size_t place = i;
      if (i >= positional) {
        auto at = std::ranges::find(known, names[i - positional]);
        place = static_cast<size_t>(at - known.begin());
      }
      fits = place < count && placed[place] == nullptr;
      if (!fits) break;
      base::Oid wanted = function->argument_types[place];
      base::Oid given = values[i]->type->oid;
      fits = given == types::kUnknown || given == wanted || is_polymorphic(wanted) ||
             find_coercion(given, wanted, CastContext::kImplicit, *input_.types);
      placed[place] = values[i];
    }
    size_t required = count - function->default_count;
    for (size_t i = 0; fits && i < required; ++i) fits = placed[i] != nullptr;
    if (!fits) continue;
    for (size_t i = 0; i < count; ++i) {
      if (placed[i] == nullptr) continue;
      placed[i] =
          coerce_type(placed[i], type_of(function->argument_types[i]), CastContext::kImplicit);
    }
    arguments = std::move(placed);
    return function;
  }
  std::string signature;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) signature += ", ";
    if (i >= positional) signature += std::string(names[i - positional]) + " => ";
    signature += format_type(*values[i]->type);
  }
  fail_at(call.location,
          base::Error(base::sqlstate::kUndefinedFunction,
                      "function " + joined_name(call.funcname, call.n_funcname) + "(" + signature +
                          ") does not exist")
              .hint("No function matches the given name and argument types. You might need to "
                    "add explicit type casts."));
}

void Binder::add_defaults(const CatalogFunction& function, std::vector<Expr*>& arguments) {
  size_t count = function.argument_types.size();
  size_t required = count - function.default_count;
  arguments.resize(std::max(arguments.size(), count), nullptr);
  for (size_t i = required; i < count; ++i) {
    if (arguments[i] != nullptr) continue;
    Scope none;
    Expr* value =
        bind_text(function.object->argument_defaults[i - required], none, Clause::kColumnDefault);
    arguments[i] =
        coerce_type(value, type_of(function.argument_types[i]), CastContext::kAssignment);
  }
}

/// A call over arguments of the declared types, of which those at the end may be missing.
Expr* Binder::routine_call(const CatalogFunction& function, std::vector<Expr*> arguments,
                           const Type& result, int location) {
  add_defaults(function, arguments);
  memory_.routines.push_back({function.oid, as_role_});
  if (Expr* expr = inlined(function, arguments, result, location)) return expr;
  const Type* shown = &result;
  auto columns = output_columns_of(*function.object);
  if (columns.size() > 1) {
    std::vector<CompositeField> fields;
    for (auto& [type, name] : columns) fields.push_back({name, &type_of(type), -1, false});
    shown = &memory_.row_shapes.emplace_back(std::move(fields));
  }
  arguments.insert(arguments.begin(),
                   constant(type_of(types::kInt8), Datum::of_int(function.oid.value), location));
  ExprKind kind = function.returns_set ? ExprKind::kSetCall : ExprKind::kCall;
  Expr* call = call1(kind, *shown, location, std::move(arguments));
  call->function = &function.runner;
  return call;
}

/// A parameter that is a row can be looked into as if it were a table.
void Binder::add_fields(Scope& scope, const ScopeColumn& parameter) {
  const Type& type = base_of(*parameter.type);
  if (type.kind != TypeKind::kComposite) return;
  ScopeTable table;
  table.alias = parameter.name;
  for (const CompositeField& field : static_cast<const CompositeType&>(type).fields) {
    if (field.dropped) continue;
    ScopeColumn& column = table.columns.emplace_back();
    column.name = field.name;
    column.type = field.type;
    column.merged = row_field(parameter.merged, field.name, -1);
  }
  scope.tables.push_back(std::move(table));
}

/// Null when the body is more than an expression.
Expr* Binder::inlined(const CatalogFunction& function, std::vector<Expr*> arguments,
                      const Type& result, int location) {
  const FunctionObject& about = *function.object;
  bool nested = std::ranges::find(inlining_, function.oid) != inlining_.end();
  if (function.returns_set || about.security_definer || about.strict || nested ||
      !about.argument_modes.empty() || result.oid == types::kVoid) {
    return nullptr;
  }
  auto parsed = parse_query(about.body);
  if (!parsed) return nullptr;
  const PgQuery__Node* body = only_expression(**parsed);
  if (body == nullptr) return nullptr;
  memory_.texts.push_back(*parsed);
  enter();
  std::vector<Expr*> lets;
  Scope scope;
  scope.tables.emplace_back().alias = function.name;
  for (size_t i = 0; i < arguments.size(); ++i) {
    ScopeColumn column;
    column.name = "$" + std::to_string(i + 1);
    column.type = arguments[i]->type;
    column.merged = named(arguments[i], lets);
    scope.columns.push_back(column);
    column.name = function.input_names[i];
    if (column.name.empty()) continue;
    scope.columns.push_back(column);
    scope.tables.front().columns.push_back(column);
    add_fields(scope, column);
  }
  inlining_.push_back(function.oid);
  bool lifting = std::exchange(lifting_, false);
  WithFrame* with = std::exchange(with_, nullptr);
  Query inner;
  Query* outer = std::exchange(current_, &inner);
  size_t first = memory_.exprs.size();
  Expr* value = bind(*body, scope, Clause::kSelect);
  bool plain = !inner.grouped && inner.windows.empty() && !contains(value, ExprKind::kSetCall);
  if (plain) value = coerce(value, result, -1, CastContext::kAssignment);
  forget_locations(first);
  current_ = outer;
  with_ = with;
  lifting_ = lifting;
  inlining_.pop_back();
  leave();
  Expr* made = plain && value != nullptr ? give_names(value, lets) : nullptr;
  let_depth_ -= made == nullptr ? static_cast<int>(lets.size()) : 0;
  static_cast<void>(location);
  return made;
}

/// In the body of a function: a parameter by its name, where no column has it.
Expr* Binder::parameter_named(std::string_view name, int location) {
  for (size_t i = 0; i < input_.parameter_names.size(); ++i) {
    if (input_.parameter_names[i] != name || name.empty()) continue;
    Expr* expr = memory_.expr(ExprKind::kParameter, &type_of(input_.parameters[i]), location);
    expr->index = static_cast<int>(i);
    return expr;
  }
  return nullptr;
}

/// function.parameter, or a field of a parameter that is a row.
Expr* Binder::parameter_of_routine(std::string_view table, std::string_view name, int location) {
  if (!input_.routine_name.empty() && table == input_.routine_name) {
    return parameter_named(name, location);
  }
  Expr* row = parameter_named(table, location);
  return row == nullptr ? nullptr : row_field(row, name, location);
}

bool Binder::fit_results(Query& query, std::span<const base::Oid> wanted) {
  auto width = static_cast<size_t>(query.visible_targets());
  if (width != wanted.size()) return false;
  for (size_t i = 0; i < width; ++i) {
    const Type& type = type_of(wanted[i]);
    if (query.targets[i].value->type == &type) continue;
    if (query.kind != Query::Kind::kSelect && query.kind != Query::Kind::kModify) {
      recast_targets(query, i, type, "RETURN");
      continue;
    }
    Expr* value = coerce(query.targets[i].value, type, -1, CastContext::kAssignment);
    if (value == nullptr) return false;
    query.targets[i].value = value;
  }
  return true;
}

Binder::ProcedureCall Binder::bind_procedure(const PgQuery__FuncCall& call) {
  Query query;
  current_ = &query;
  lifting_ = false;
  Scope scope;
  std::vector<Expr*> arguments;
  const CatalogFunction* found = nullptr;
  if (has_named_arguments(call)) {
    found =
        catalog_function(*bind_named_arguments(call, scope, Clause::kExecuteParameter, arguments));
  } else {
    arguments = bind_all(call.args, call.n_args, scope, Clause::kExecuteParameter);
    std::vector<base::Oid> oids;
    for (const Expr* argument : arguments) oids.push_back(argument->type->oid);
    std::string written = joined_name(call.funcname, call.n_funcname);
    std::vector<const Function*> candidates = candidates_of(call);
    ResolvedFunction resolved;
    try {
      resolved =
          resolve_function(candidates, {written, oids, call.func_variadic != 0}, *input_.types);
    } catch (const base::SqlException& e) {
      if (e.error().state() != base::sqlstate::kUndefinedFunction) throw;
    }
    if (resolved.function == nullptr) {
      std::string signature;
      for (base::Oid oid : oids) {
        signature += (signature.empty() ? "" : ", ") + format_type(type_of(oid));
      }
      fail_at(call.location,
              base::Error(base::sqlstate::kUndefinedFunction,
                          "procedure " + written + "(" + signature + ") does not exist")
                  .hint("No procedure matches the given name and argument types. You might need "
                        "to add explicit type casts."));
    }
    found = catalog_function(*resolved.function);
    Expr* made = make_call(resolved, std::move(arguments), call.location, false);
    arguments = std::move(made->arguments);
  }
  if (found == nullptr || !found->object->procedure) {
    std::string signature;
    for (const Expr* argument : arguments) {
      signature += (signature.empty() ? "" : ", ") + format_type(*argument->type);
    }
    fail_at(call.location, base::Error(base::sqlstate::kWrongObjectType,
                                       joined_name(call.funcname, call.n_funcname) + "(" +
                                           signature + ") is not a procedure")
                               .hint("To call a function, use SELECT."));
  }
  add_defaults(*found, arguments);
  memory_.routines.push_back({found->oid, as_role_});
  current_ = nullptr;
  return {found, std::move(arguments)};
}

}  // namespace isolde::sql
