#include <algorithm>

#include "sql/catalog/builtin_objects.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/views/catalog_reader.hpp"
#include "sql/views/type_functions.hpp"
#include "sql/views/views.hpp"

// pg_proc, pg_aggregate, pg_operator, pg_cast, pg_language.

namespace isolde::sql {

namespace {

constexpr Oid kInternalLanguage{12};
constexpr Oid kSqlLanguage{14};

/// Arguments and columns together, where there are OUT columns.
struct Outputs {
  std::optional<std::vector<Oid>> types;
  std::optional<std::vector<int64_t>> modes;
  std::optional<std::vector<std::string>> names;
};

Outputs outputs_of(const Function& function) {
  Outputs made;
  const bool named = std::ranges::any_of(function.argument_names,
                                         [](std::string_view name) { return !name.empty(); });
  const bool variadic = function.variadic_element != Oid{};
  if (function.out_columns.empty() && !variadic && !named) return made;
  std::vector<std::string> names(function.argument_names.begin(), function.argument_names.end());
  std::vector<Oid> all(function.argument_types.begin(), function.argument_types.end());
  std::vector<int64_t> modes(all.size(), 'i');
  if (variadic) modes.back() = 'v';
  for (const OutColumn& column : function.out_columns) {
    names.emplace_back(column.name);
    all.push_back(column.type);
    modes.push_back('o');
  }
  if (named || !function.out_columns.empty()) made.names = names;
  if (!function.out_columns.empty() || variadic) {
    made.types = all;
    made.modes = modes;
  }
  return made;
}

void add_builtin(const Function& f, VirtualRows& rows) {
  const Outputs outputs = outputs_of(f);
  std::vector<Oid> arguments(f.argument_types.begin(), f.argument_types.end());
  rows.row(f.oid, f.name, oids::kPgCatalog, oids::kSuperuser, kInternalLanguage, 1,
           f.returns_set ? 1000 : 0, f.variadic_element, 0, f.kind, false, false,
           f.strict && f.kind != FunctionKind::kAggregate, f.returns_set, f.volatility, 's',
           arguments.size(), f.default_count, f.result_type, arguments, outputs.types,
           outputs.modes, outputs.names, nullptr, nullptr, f.name, nullptr, nullptr, nullptr,
           nullptr);
}

void add_internal(const InternalFunction& f, VirtualRows& rows) {
  std::vector<int64_t> arguments(f.arguments.begin(), f.arguments.begin() + f.argument_count);
  rows.row(f.oid, f.name, oids::kPgCatalog, oids::kSuperuser, kInternalLanguage, 1, 0, 0, 0, 'f',
           false, false, true, false, 'i', 's', f.argument_count, 0, f.result, arguments, nullptr,
           nullptr, nullptr, nullptr, nullptr, f.name, nullptr, nullptr, nullptr, nullptr);
}

std::optional<std::string> defaults_text(const FunctionObject& f) {
  if (f.argument_defaults.empty()) return std::nullopt;
  std::string text;
  for (const std::string& one : f.argument_defaults) text += (text.empty() ? "" : ", ") + one;
  return text;
}

void add_made(const FunctionObject& f, VirtualRows& rows) {
  std::optional<std::vector<Oid>> all;
  std::optional<std::vector<int64_t>> modes;
  std::optional<std::vector<std::string>> names;
  if (!f.all_argument_types.empty()) all = f.all_argument_types;
  if (!f.argument_modes.empty()) modes.emplace(f.argument_modes.begin(), f.argument_modes.end());
  if (!f.argument_names.empty()) names = f.argument_names;
  rows.row(f.oid, f.name, f.name_space, f.owner, kSqlLanguage, f.cost, f.rows, f.variadic, 0,
           f.procedure ? 'p' : 'f', f.security_definer, false, f.strict, f.returns_set,
           f.volatility, f.parallel, f.argument_types.size(), f.argument_defaults.size(),
           f.result_type, f.argument_types, all, modes, names, defaults_text(f), nullptr, f.body,
           nullptr, nullptr, nullptr, f.acl);
}

}  // namespace

void fill_pg_proc(SessionServices& services, VirtualRows& rows) {
  const FunctionRegistry& registry = FunctionRegistry::instance();
  for (const Function& one : registry.all_functions()) add_builtin(one, rows);
  for (const InternalFunction& one : internal_functions()) {
    if (registry.function(Oid{one.oid}) == nullptr) add_internal(one, rows);
  }
  CatalogReader catalog(services);
  for (const auto& one : catalog.all<FunctionObject>(ObjectKind::kFunction)) add_made(*one, rows);
}

void fill_pg_aggregate(SessionServices&, VirtualRows& rows) {
  for (const Function& one : FunctionRegistry::instance().all_functions()) {
    if (one.kind != FunctionKind::kAggregate) continue;
    rows.row(one.oid,
             !one.ordered_set                      ? 'n'
             : one.variadic_element == types::kAny ? 'h'
                                                   : 'o',
             0, 0, 0, 0, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, types::kInternal, 0, 0, 0,
             nullptr, nullptr);
  }
}

void fill_pg_operator(SessionServices&, VirtualRows& rows) {
  for (const Operator& one : FunctionRegistry::instance().all_operators()) {
    rows.row(one.oid, one.name, oids::kPgCatalog, oids::kSuperuser, one.left == Oid{} ? 'l' : 'b',
             one.can_merge, one.can_hash, one.left, one.right, one.result, one.commutator,
             one.negator, one.function == nullptr ? Oid{} : one.function->oid, 0, 0);
  }
}

void fill_pg_cast(SessionServices&, VirtualRows& rows) {
  for (const Cast& one : FunctionRegistry::instance().all_casts()) {
    const bool called = one.method == CastMethod::kFunction && one.function != nullptr;
    rows.row(one.oid, one.source, one.target, called ? one.function->oid : Oid{}, one.context,
             one.method);
  }
}

void fill_pg_language(SessionServices&, VirtualRows& rows) {
  rows.row(kInternalLanguage, "internal", oids::kSuperuser, false, false, 0, 0, 2246, nullptr);
  rows.row(kSqlLanguage, "sql", oids::kSuperuser, false, true, 0, 0, 2248, nullptr);
}

}  // namespace isolde::sql
