// Tables: what a name in FROM means, and the columns that every table has.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <utility>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/catalog.hpp"
#include "sql/catalog/privilege.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/catalog/system_relations.hpp"
#include "sql/exec/row_reference.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/parser/parse.hpp"
#include "sql/table/table_info.hpp"
#include "txn/lock_method.hpp"

namespace isolde::sql {

namespace {

std::string_view text_or_empty(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

/// A sequence in FROM is a call of the function that gives its row.
void read_sequence(PlanMemory& memory, Oid sequence, FromItem& item) {
  const Function* row = FunctionRegistry::instance().functions("pg_sequence_row").front();
  Expr* number = memory.expr(ExprKind::kConst, &type_of(types::kOid), -1);
  number->value = Datum::of_int(sequence.value);
  item.kind = FromItem::Kind::kFunction;
  item.function = memory.expr(ExprKind::kSetCall, &type_of(types::kRecord), -1);
  item.function->function = row;
  item.function->arguments = {number};
  for (const OutColumn& column : row->out_columns) {
    item.columns.push_back({std::string(column.name), &type_of(column.type), -1});
  }
}

}  // namespace

/// 42501 for a schema that whoever asks may not look into.
void Binder::require_usage(std::string_view schema, int location) {
  if (input_.names == nullptr || input_.names->role == Oid{}) return;
  const CatalogImage& image = *input_.names->image;
  Oid oid = input_.names->path.schema(image, schema);
  ObjectPtr found = image.find(ObjectKind::kNamespace, oid);
  Oid role = as_role_ == Oid{} ? input_.names->role : as_role_;
  if (found == nullptr || oid == input_.names->path.temporary) return;
  if (has_privilege(image, role, *found, Privilege::kUsage)) return;
  fail_at(utility_ ? -1 : location, base::sqlstate::kInsufficientPrivilege,
          "permission denied for schema " + found->name);
}

/// The relation that a name means, or 42P01.
RelationPtr Binder::find_relation(const PgQuery__RangeVar& var) {
  std::string_view schema = text_or_empty(var.schemaname);
  std::string_view catalog = text_or_empty(var.catalogname);
  if (!catalog.empty() && input_.names != nullptr && catalog != input_.names->database) {
    fail_at(var.location, base::sqlstate::kFeatureNotSupported,
            "cross-database references are not implemented: \"" + std::string(catalog) + "." +
                std::string(schema) + "." + var.relname + "\"");
  }
  const TableNames* names = input_.names;
  if (!schema.empty()) require_usage(schema, var.location);
  RelationPtr found = names == nullptr
                          ? nullptr
                          : names->path.relation(*names->image, schema, text_or_empty(var.relname));
  if (found != nullptr) return found;
  std::string name =
      schema.empty() ? var.relname : std::string(schema) + "." + std::string(var.relname);
  base::Error missing(base::sqlstate::kUndefinedTable, "relation \"" + name + "\" does not exist");
  if (schema.empty()) explain_missing(missing, var.relname);
  fail_at(utility_ ? -1 : var.location, std::move(missing));
}

TableInfoPtr Binder::table_named(const PgQuery__RangeVar& var) {
  utility_ = true;
  RelationPtr relation = find_relation(var);
  if (is_view(*relation)) {
    const bool kept = relation->relation_kind == RelationKind::kMaterializedView;
    throw base::SqlException(base::Error(base::sqlstate::kWrongObjectType,
                                         "cannot copy from " +
                                             std::string(kept ? "materialized view" : "view") +
                                             " \"" + relation->name + "\"")
                                 .hint("Try the COPY (SELECT ...) TO variant."));
  }
  return table_info(relation);
}

TableInfoPtr Binder::table_info(const RelationPtr& relation) {
  for (const TableInfoPtr& known : memory_.tables) {
    if (known->oid() == relation->oid) return known;
  }
  if (is_system_object(relation->oid)) {
    fail_at(-1, base::sqlstate::kInsufficientPrivilege,
            "permission denied: \"" + relation->name + "\" is a system catalog");
  }
  txn::TablePtr table = input_.names->catalog->open(input_.names->image, relation->oid);
  memory_.tables.push_back(
      make_table_info(*input_.names->image, relation, std::move(table), *input_.types));
  return memory_.tables.back();
}

/// Notes that the statement uses a relation; the stronger lock wins.
RelationUse& Binder::use_relation(Oid relation, txn::LockMode lock, uint32_t privileges) {
  for (RelationUse& use : memory_.relations) {
    if (use.relation != relation || use.as_role != as_role_) continue;
    use.lock = std::max(use.lock, lock.index);
    use.privileges |= privileges;
    return use;
  }
  RelationUse& use = memory_.relations.emplace_back();
  use.relation = relation;
  use.as_role = as_role_;
  use.lock = lock.index;
  use.privileges = privileges;
  return use;
}

/// A table as an item of FROM: its live columns, then the reference.
FromItem& Binder::table_item(const RelationPtr& relation, const PgQuery__Alias* alias, int& width) {
  FromItem& item = memory_.from_items.emplace_back();
  item.kind = FromItem::Kind::kTable;
  item.offset = width;
  item.number = memory_.numbered_items++;
  item.info = table_info(relation);
  bool named = alias != nullptr && alias->aliasname != nullptr && alias->aliasname[0] != '\0';
  item.alias = named ? alias->aliasname : relation->name;
  for (int place : item.info->live) {
    const ColumnObject& column = item.info->column(place);
    const Type* type = item.info->shape[static_cast<size_t>(place)].type;
    item.columns.push_back({column.name, type, column.typmod});
  }
  alias_columns(item, alias);
  item.columns.push_back({"", &kRowReferenceType, -1});
  width += item.width();
  item.used = memory_.constants.allocate_array<bool>(item.columns.size());
  return item;
}

FromItem* Binder::bind_table(const PgQuery__RangeVar& var, Scope& scope, int& width) {
  RelationPtr relation = find_relation(var);
  switch (relation->relation_kind) {
    case RelationKind::kTable:
    case RelationKind::kMaterializedView:
      break;
    case RelationKind::kView:
      return bind_view(var, relation, scope, width);
    case RelationKind::kIndex:
      fail_at(var.location, base::sqlstate::kWrongObjectType,
              "\"" + relation->name + "\" is an index");
    case RelationKind::kComposite:
      fail_at(var.location, base::sqlstate::kWrongObjectType,
              "\"" + relation->name + "\" is a composite type");
    case RelationKind::kSequence: {
      use_relation(relation->oid, txn::table_mode::kAccessShare, bit(Privilege::kSelect));
      FromItem& item = memory_.from_items.emplace_back();
      read_sequence(memory_, relation->oid, item);
      item.offset = width;
      const bool named = var.alias != nullptr && var.alias->aliasname != nullptr;
      item.alias = named ? var.alias->aliasname : relation->name;
      alias_columns(item, var.alias);
      width += item.width();
      add_table(scope, item);
      return &item;
    }
  }
  use_relation(relation->oid, txn::table_mode::kAccessShare, bit(Privilege::kSelect)).unpopulated =
      !relation->populated;
  FromItem& item = table_item(relation, var.alias, width);
  add_table(scope, item);
  return &item;
}

/// Whose rights count inside of a view.
Oid Binder::role_inside(const RelationObject& view) const {
  bool invoker = std::ranges::find(view.options, "security_invoker=true") != view.options.end();
  return invoker ? as_role_ : view.owner;
}

/// A view stands for its query.
FromItem* Binder::bind_view(const PgQuery__RangeVar& var, const RelationPtr& relation, Scope& scope,
                            int& width) {
  const bool of_system = is_system_object(relation->oid);
  if (!of_system) {
    use_relation(relation->oid, txn::table_mode::kAccessShare, bit(Privilege::kSelect));
  }
  if (std::ranges::find(views_, relation->oid) != views_.end()) {
    fail_at(-1, base::sqlstate::kInvalidObjectDefinition,
            "infinite recursion detected in rules for relation \"" + relation->name + "\"");
  }
  views_.push_back(relation->oid);
  TableNames system_names = *input_.names;
  system_names.path.schemas = {oids::kPgCatalog, oids::kInformationSchema, oids::kIsoldeSchema};
  const TableNames* names = input_.names;
  if (of_system) input_.names = &system_names;
  auto parsed = base::value_or_throw(parse_query(relation->definition));
  memory_.texts.push_back(parsed);
  FromItem& item = memory_.from_items.emplace_back();
  item.kind = FromItem::Kind::kSubquery;
  item.offset = width;
  item.number = memory_.numbered_items++;
  bool lifting = std::exchange(lifting_, false);
  Oid as_role = std::exchange(as_role_, role_inside(*relation));
  WithFrame* with = std::exchange(with_, nullptr);
  item.view = relation;
  size_t first = memory_.exprs.size();
  item.query = bind_any(*parsed->statement(0)->select_stmt, nullptr, nullptr, nullptr);
  forget_locations(first);
  input_.names = names;
  views_.pop_back();
  with_ = with;
  lifting_ = lifting;
  as_role_ = as_role;
  bool named = var.alias != nullptr && var.alias->aliasname != nullptr;
  item.alias = named ? var.alias->aliasname : relation->name;
  size_t at = 0;
  for (const Target& target : item.query->targets) {
    if (target.hidden) break;
    std::string name = at < relation->columns.size() ? relation->columns[at].name : target.name;
    ColumnInfo& column =
        item.columns.emplace_back(std::move(name), target.value->type, target.value->typmod);
    if (of_system && at < relation->columns.size()) column.typmod = relation->columns[at].typmod;
    ++at;
  }
  alias_columns(item, var.alias);
  width += item.query->width();
  add_table(scope, item);
  return &item;
}

/// ctid and its kin of one table; null when it is no such name or the table has none.
Expr* Binder::system_column_of(const ScopeTable& table, std::string_view name, int location) {
  for (const ScopeColumn& column : table.hidden) {
    if (column.name != name) continue;
    if (table.barred) refuse_barred(table.alias, location);
    Expr* expr = column_expr(column, location);
    expr->literal = table.alias + "." + column.name;
    return expr;
  }
  if (table.reference < 0) return nullptr;
  const Function* function = system_column(name);
  if (function == nullptr) return nullptr;
  if (table.barred) refuse_barred(table.alias, location);
  Expr* reference = memory_.expr(ExprKind::kColumn, &kRowReferenceType, location);
  reference->index = table.reference;
  if (table.reference_used != nullptr) *table.reference_used = true;
  Expr* call = call1(ExprKind::kCall, type_of(function->result_type), location, {reference});
  call->function = function;
  call->literal = table.alias + "." + std::string(name);
  return call;
}

/// An expression kept in the catalog, over the columns of a scope.
Expr* Binder::bind_text(std::string_view text, Scope& scope, Clause clause) {
  auto parsed = base::value_or_throw(parse_query("SELECT " + std::string(text)));
  memory_.texts.push_back(parsed);
  const PgQuery__SelectStmt& select = *parsed->statement(0)->select_stmt;
  bool lifting = std::exchange(lifting_, false);
  size_t first = memory_.exprs.size();
  Expr* expr = bind(*select.target_list[0]->res_target->val, scope, clause);
  forget_locations(first);
  lifting_ = lifting;
  return expr;
}

/// Places in another text than the statement's mean nothing in its messages.
void Binder::forget_locations(size_t first) {
  for (size_t i = first; i < memory_.exprs.size(); ++i) memory_.exprs[i].location = -1;
}

}  // namespace isolde::sql
