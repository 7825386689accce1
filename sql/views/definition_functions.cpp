#include <algorithm>

#include "sql/binder/table_names.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/catalog_functions.hpp"
#include "sql/catalog/catalog_types.hpp"
#include "sql/catalog/database.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/catalog/system_relations.hpp"
#include "sql/deparse/view_text.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/functions/keywords.hpp"
#include "sql/session/session_services.hpp"
#include "sql/settings/session_settings.hpp"
#include "sql/types/array.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/object_names.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/catalog_names.hpp"
#include "sql/views/catalog_reader.hpp"
#include "sql/views/definitions.hpp"
#include "sql/views/function_tables.hpp"

// pg_get_indexdef and its kin, and what psql asks about names and comments.

namespace isolde::sql {

namespace {

Oid oid_of(Datum datum) {
  return Oid(static_cast<uint32_t>(datum.as_int()));
}

const CatalogImage& image_of(CallContext& context) {
  return *context.services->table_names().image;
}

Datum text_or_null(CallContext& context, const std::string& text) {
  return text.empty() ? Datum::null() : context.arena.bytes(text);
}

bool is_pretty(CallContext& context, const Datum* args, size_t place) {
  return context.argument_count() > place && args[place].as_bool();
}

Datum get_expr(CallContext& context, const Datum* args) {
  RelationPtr table = image_of(context).relation(oid_of(args[1]));
  return context.arena.bytes(
      tree_text(*context.services, args[0].as_bytes(), table.get(), is_pretty(context, args, 2)));
}

Datum get_indexdef(CallContext& context, const Datum* args) {
  RelationPtr index = image_of(context).relation(oid_of(args[0]));
  if (index == nullptr || !index->index) return Datum::null();
  const bool pretty = is_pretty(context, args, 2);
  const int64_t column = context.argument_count() > 1 ? args[1].as_int() : 0;
  if (column == 0) {
    return context.arena.bytes(index_definition(*context.services, *index, pretty));
  }
  return context.arena.bytes(
      index_column_definition(*context.services, *index, static_cast<int>(column), pretty));
}

Datum get_constraintdef(CallContext& context, const Datum* args) {
  auto found = image_of(context).get<ConstraintObject>(ObjectKind::kConstraint, oid_of(args[0]));
  if (found == nullptr) return Datum::null();
  return context.arena.bytes(
      constraint_definition(*context.services, *found, is_pretty(context, args, 1)));
}

RelationPtr view_of(CallContext& context, Datum argument) {
  Oid oid = context.argument_type(0).storage == Storage::kBytes
                ? find_name(context.style, NamedKind::kClass, argument.as_bytes())
                : oid_of(argument);
  RelationPtr view = image_of(context).relation(oid);
  return view != nullptr && is_view(*view) ? view : nullptr;
}

Datum get_viewdef(CallContext& context, const Datum* args) {
  RelationPtr view = view_of(context, args[0]);
  if (view == nullptr) return context.arena.bytes("Not a view");
  if (is_system_object(view->oid)) return context.arena.bytes(view->definition);
  // A number of columns to wrap at comes with the pretty form.
  bool pretty = context.argument_count() > 1 &&
                (context.argument_type(1).oid != types::kBool || args[1].as_bool());
  SessionServices& services = *context.services;
  TableNames names;
  names.image = services.catalog_image();
  names.catalog = &services.current_database().catalog();
  names.database = services.database();
  names.path = resolve_search_path(
      *names.image, services.settings().search_path(), services.current_user(),
      role_by_name(*names.image, services.current_user()), services.temporary_schema());
  names.types = std::make_shared<CatalogTypes>(names.image, names.path);
  names.functions = std::make_shared<CatalogFunctions>(names.image, names.path);
  return context.arena.bytes(view_text(*view, names, {pretty, context.style}));
}

/// The rule behind a view.
Datum get_ruledef(CallContext& context, const Datum* args) {
  Oid view_oid(oid_of(args[0]).value & ~rule_oid(Oid{}).value);
  RelationPtr view = image_of(context).relation(view_oid);
  if (view == nullptr || rule_oid(view_oid) != oid_of(args[0])) return Datum::null();
  return context.arena.bytes("CREATE RULE \"_RETURN\" AS\n    ON SELECT TO " +
                             relation_name(context.services->table_names(), *view) +
                             " DO INSTEAD " + view->definition);
}

Datum null_definition(CallContext&, const Datum*) {
  return Datum::null();
}

/// Of partitioned tables, which there are none of.
class NoRows final : public SetIterator {
 public:
  bool next(CallContext&, Datum*) override { return false; }
};
std::unique_ptr<SetIterator> no_rows(CallContext&, const Datum*) {
  return std::make_unique<NoRows>();
}

/// "fillfactor=70": the two sides of each.
class OptionRows final : public SetIterator {
 public:
  explicit OptionRows(Datum array) : options_(array) {}
  bool next(CallContext& context, Datum* columns) override {
    if (at_ >= options_.size()) return false;
    context.poll();
    const std::string_view option = options_[at_++].as_bytes();
    const size_t equals = option.find('=');
    columns[0] = Datum::of_bytes(option.substr(0, equals));
    columns[1] = equals == std::string_view::npos ? Datum::null()
                                                  : Datum::of_bytes(option.substr(equals + 1));
    return true;
  }

 private:
  ArrayView options_;
  int32_t at_ = 0;
};
std::unique_ptr<SetIterator> options_to_table(CallContext&, const Datum* args) {
  return std::make_unique<OptionRows>(args[0]);
}

// --- functions

std::shared_ptr<const FunctionObject> made_function(CallContext& context, Datum oid) {
  return image_of(context).get<FunctionObject>(ObjectKind::kFunction, oid_of(oid));
}

/// Of a built-in one: its arguments' types.
std::string builtin_arguments(CallContext& context, const Function& function) {
  const TableNames& names = context.services->table_names();
  std::string text;
  for (size_t i = 0; i < function.argument_types.size(); ++i) {
    if (!text.empty()) text += ", ";
    const bool variadic =
        function.variadic_element != Oid{} && i + 1 == function.argument_types.size();
    if (variadic) text += "VARIADIC ";
    if (!function.argument_names[i].empty()) {
      text += quoted_identifier(function.argument_names[i]) + " ";
    }
    text += type_text(names, function.argument_types[i]);
  }
  for (const OutColumn& column : function.out_columns) {
    if (!text.empty()) text += ", ";
    text += "OUT " + quoted_identifier(column.name) + " " + type_text(names, column.type);
  }
  return text;
}

template <bool identity>
Datum get_function_arguments(CallContext& context, const Datum* args) {
  if (auto made = made_function(context, args[0])) {
    return context.arena.bytes(function_arguments(*context.services, *made, identity));
  }
  const Function* builtin = FunctionRegistry::instance().function(oid_of(args[0]));
  if (builtin == nullptr) return Datum::null();
  return context.arena.bytes(builtin_arguments(context, *builtin));
}

Datum get_function_result(CallContext& context, const Datum* args) {
  if (auto made = made_function(context, args[0])) {
    if (made->procedure) return Datum::null();
    return context.arena.bytes(function_result(*context.services, *made));
  }
  const Function* builtin = FunctionRegistry::instance().function(oid_of(args[0]));
  if (builtin == nullptr) return Datum::null();
  return context.arena.bytes((builtin->returns_set ? "SETOF " : "") +
                             type_text(context.services->table_names(), builtin->result_type));
}

Datum get_function_arg_default(CallContext& context, const Datum* args) {
  auto made = made_function(context, args[0]);
  if (made == nullptr) return Datum::null();
  return text_or_null(context,
                      function_argument_default(*context.services, *made, args[1].as_int()));
}

Datum get_functiondef(CallContext& context, const Datum* args) {
  auto made = made_function(context, args[0]);
  if (made == nullptr) return Datum::null();
  return context.arena.bytes(function_definition(*context.services, *made));
}

// --- names and comments

Datum get_userbyid(CallContext& context, const Datum* args) {
  ObjectPtr role = image_of(context).find(ObjectKind::kRole, oid_of(args[0]));
  if (role != nullptr) return context.arena.bytes(role->name);
  return context.arena.bytes("unknown (OID=" + std::to_string(oid_of(args[0]).value) + ")");
}

Datum get_serial_sequence(CallContext& context, const Datum* args) {
  const CatalogImage& image = image_of(context);
  RelationPtr table =
      image.relation(find_name(context.style, NamedKind::kClass, args[0].as_bytes()));
  const std::string_view wanted = args[1].as_bytes();
  for (size_t i = 0; i < table->columns.size(); ++i) {
    if (table->columns[i].dropped || table->columns[i].name != wanted) continue;
    std::string found;
    image.for_each(ObjectKind::kRelation, [&](const ObjectPtr& one) {
      const auto& relation = static_cast<const RelationObject&>(*one);
      const bool owned = relation.sequence && relation.sequence->owner_table == table->oid &&
                         relation.sequence->owner_column == static_cast<int16_t>(i + 1);
      if (owned) found = qualified_name(image, relation);
    });
    return text_or_null(context, found);
  }
  fail(base::sqlstate::kUndefinedColumn,
       "column \"" + std::string(wanted) + "\" of relation \"" + table->name + "\" does not exist");
}

template <ObjectKind kind>
Datum is_visible(CallContext& context, const Datum* args) {
  const TableNames& names = context.services->table_names();
  ObjectPtr found = names.image->find(kind, oid_of(args[0]));
  if (found == nullptr) return Datum::null();
  // The schema isolde is always on the path; lists of what is visible leave it out all the same.
  const bool listed =
      std::ranges::find(names.path.listed, found->name_space) != names.path.listed.end();
  if (found->name_space == oids::kIsoldeSchema && !listed) return Datum::of_bool(false);
  return Datum::of_bool(names.path.is_visible(*names.image, *found));
}

Datum type_is_visible(CallContext& context, const Datum* args) {
  const TableNames& names = context.services->table_names();
  if (find_type(oid_of(args[0])) != nullptr) return Datum::of_bool(true);
  ObjectPtr owner = names.image->owner_of_type(oid_of(args[0]));
  if (owner == nullptr) return Datum::null();
  return Datum::of_bool(names.path.is_visible(*names.image, *owner));
}

Datum function_is_visible(CallContext& context, const Datum* args) {
  if (FunctionRegistry::instance().function(oid_of(args[0])) != nullptr) {
    return Datum::of_bool(true);
  }
  return is_visible<ObjectKind::kFunction>(context, args);
}

/// Of what only the system has.
Datum always_visible(CallContext&, const Datum*) {
  return Datum::of_bool(true);
}

/// What is said of it is said of the type.
bool is_composite(const CatalogObject& relation) {
  return static_cast<const RelationObject&>(relation).relation_kind == RelationKind::kComposite;
}

/// Not an array, nor the row type of a table: nothing is said of those.
bool is_commented_type(const CatalogObject& owner, Oid type) {
  if (owner.kind != ObjectKind::kRelation) return owner.oid == type;
  return is_composite(owner) && static_cast<const RelationObject&>(owner).row_type == type;
}

ObjectPtr find_in(CallContext& context, Oid oid, std::string_view catalog) {
  for (ObjectKind kind :
       {ObjectKind::kRelation, ObjectKind::kNamespace, ObjectKind::kType, ObjectKind::kConstraint,
        ObjectKind::kFunction, ObjectKind::kDatabase, ObjectKind::kRole}) {
    RelationPtr listed = image_of(context).relation(catalog_of(kind));
    if (!catalog.empty() && (listed == nullptr || listed->name != catalog)) continue;
    ObjectPtr found = image_of(context).find(kind, oid);
    if (found == nullptr && kind == ObjectKind::kType) {
      found = image_of(context).owner_of_type(oid);
      if (found != nullptr && !is_commented_type(*found, oid)) found = nullptr;
    }
    if (found == nullptr || !found->comment) continue;
    if (kind == ObjectKind::kRelation && is_composite(*found)) continue;
    return found;
  }
  return nullptr;
}

Datum obj_description(CallContext& context, const Datum* args) {
  std::string_view catalog;
  if (context.argument_count() > 1) catalog = args[1].as_bytes();
  ObjectPtr found = find_in(context, oid_of(args[0]), catalog);
  if (found == nullptr) return Datum::null();
  return context.arena.bytes(*found->comment);
}

Datum col_description(CallContext& context, const Datum* args) {
  RelationPtr table = image_of(context).relation(oid_of(args[0]));
  const int64_t number = args[1].as_int();
  if (table == nullptr || number < 1 || number > static_cast<int64_t>(table->columns.size())) {
    return Datum::null();
  }
  const ColumnObject& column = table->columns[static_cast<size_t>(number - 1)];
  return column.comment ? context.arena.bytes(*column.comment) : Datum::null();
}

constexpr FunctionRow kRows[] = {
    {1716, "pg_get_expr(pg_node_tree, oid) text", get_expr, kStable},
    {2509, "pg_get_expr(pg_node_tree, oid, bool) text", get_expr, kStable},
    {1643, "pg_get_indexdef(oid) text", get_indexdef, kStable},
    {2507, "pg_get_indexdef(oid, int4, bool) text", get_indexdef, kStable},
    {1387, "pg_get_constraintdef(oid) text", get_constraintdef, kStable},
    {2508, "pg_get_constraintdef(oid, bool) text", get_constraintdef, kStable},
    {1640, "pg_get_viewdef(text) text", get_viewdef, kStable},
    {1641, "pg_get_viewdef(oid) text", get_viewdef, kStable},
    {2505, "pg_get_viewdef(text, bool) text", get_viewdef, kStable},
    {2506, "pg_get_viewdef(oid, bool) text", get_viewdef, kStable},
    {3159, "pg_get_viewdef(oid, int4) text", get_viewdef, kStable},
    {1573, "pg_get_ruledef(oid) text", get_ruledef, kStable},
    {2504, "pg_get_ruledef(oid, bool) text", get_ruledef, kStable},
    {1662, "pg_get_triggerdef(oid) text", null_definition, kStable},
    {2730, "pg_get_triggerdef(oid, bool) text", null_definition, kStable},
    {3352, "pg_get_partkeydef(oid) text", null_definition, kStable},
    {3408, "pg_get_partition_constraintdef(oid) text", null_definition, kStable},
    {3415, "pg_get_statisticsobjdef(oid) text", null_definition, kStable},
    {6174, "pg_get_statisticsobjdef_columns(oid) text", null_definition, kStable},
    {3808, "pg_get_function_arg_default(oid, int4) text", get_function_arg_default, kStable},
    {6197, "pg_get_function_sqlbody(oid) text", null_definition, kStable},
    {3425, "pg_partition_ancestors(regclass) setof regclass", no_rows, kVolatile},
    {2289, "pg_options_to_table(text[], out option_name text, out option_value text) setof record",
     options_to_table, kStable},
    {2162, "pg_get_function_arguments(oid) text", get_function_arguments<false>, kStable},
    {2232, "pg_get_function_identity_arguments(oid) text", get_function_arguments<true>, kStable},
    {2165, "pg_get_function_result(oid) text", get_function_result, kStable},
    {2098, "pg_get_functiondef(oid) text", get_functiondef, kStable},
    {1642, "pg_get_userbyid(oid) name", get_userbyid, kStable},
    {1665, "pg_get_serial_sequence(text, text) text", get_serial_sequence, kStable},
    {2079, "pg_table_is_visible(oid) bool", is_visible<ObjectKind::kRelation>, kStable},
    {2080, "pg_type_is_visible(oid) bool", type_is_visible, kStable},
    {2081, "pg_function_is_visible(oid) bool", function_is_visible, kStable},
    {2082, "pg_operator_is_visible(oid) bool", always_visible, kStable},
    {2083, "pg_opclass_is_visible(oid) bool", always_visible, kStable},
    {3829, "pg_opfamily_is_visible(oid) bool", always_visible, kStable},
    {2093, "pg_conversion_is_visible(oid) bool", always_visible, kStable},
    {3815, "pg_collation_is_visible(oid) bool", always_visible, kStable},
    {3403, "pg_statistics_obj_is_visible(oid) bool", always_visible, kStable},
    {3756, "pg_ts_parser_is_visible(oid) bool", always_visible, kStable},
    {3757, "pg_ts_dict_is_visible(oid) bool", always_visible, kStable},
    {3758, "pg_ts_config_is_visible(oid) bool", always_visible, kStable},
    {3768, "pg_ts_template_is_visible(oid) bool", always_visible, kStable},
    {1215, "obj_description(oid, name) text", obj_description, kStable},
    {1348, "obj_description(oid) text", obj_description, kStable},
    {1993, "shobj_description(oid, name) text", obj_description, kStable},
    {1216, "col_description(oid, int4) text", col_description, kStable},
};

}  // namespace

extern const std::span<const FunctionRow> kDefinitionFunctions = kRows;

}  // namespace isolde::sql
