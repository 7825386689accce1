// RENAME. Whatever refers to a relation by number follows by itself; expressions and views are kept
// as texts and are written anew.

#include "sql/ddl/rename_relation.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/ddl/alter_table.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/rename_in_text.hpp"

namespace isolde::sql {

void check_relation_type(const RelationObject& relation, int object_type) {
  auto refuse = [&](std::string_view what) {
    fail(base::sqlstate::kWrongObjectType, quoted(relation.name) + " is not " + std::string(what));
  };
  switch (object_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      if (relation.relation_kind != RelationKind::kSequence) refuse("a sequence");
      return;
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      if (relation.relation_kind != RelationKind::kView) refuse("a view");
      return;
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      if (relation.relation_kind != RelationKind::kMaterializedView) refuse("a materialized view");
      return;
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
      // Tables are renamed by ALTER INDEX, too.
      return;
    default:
      break;
  }
  if (relation.relation_kind == RelationKind::kComposite) {
    throw base::SqlException(base::Error(base::sqlstate::kWrongObjectType,
                                         quoted(relation.name) + " is a composite type")
                                 .hint("Use ALTER TYPE instead."));
  }
}

RelationPtr relation_or_notice(Definer& d, const PgQuery__RangeVar& var, bool missing_ok,
                               const std::function<void(const RelationObject&)>& check,
                               txn::LockMode mode) {
  RelationPtr found = d.try_relation(var, mode, check);
  if (found != nullptr) return found;
  const std::string_view schema = text_or_empty(var.schemaname);
  std::string name = (schema.empty() ? "" : std::string(schema) + ".") + var.relname;
  std::string message = "relation " + quoted(name) + " does not exist";
  if (!missing_ok) fail(base::sqlstate::kUndefinedTable, std::move(message));
  d.notice(base::sqlstate::kSuccessfulCompletion, message + ", skipping");
  return nullptr;
}

namespace {

std::string_view tag_of(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      return "ALTER TABLE";
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
      return "ALTER INDEX";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      return "ALTER SEQUENCE";
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      return "ALTER VIEW";
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      return "ALTER MATERIALIZED VIEW";
    default:
      return "";
  }
}

void rename_whole(Definer& d, const RelationObject& relation, const std::string& name) {
  d.lock_name(ObjectKind::kRelation, relation.name_space, name);
  if (d.image().relation(relation.name_space, name) != nullptr) {
    fail(base::sqlstate::kDuplicateTable, "relation " + quoted(name) + " already exists");
  }
  if (relation.row_type != Oid{} &&
      d.image().find(ObjectKind::kType, relation.name_space, name) != nullptr) {
    fail(base::sqlstate::kDuplicateObject, "type " + quoted(name) + " already exists");
  }
  ViewTexts views(d, relation.oid);
  auto changed = d.edit(relation);
  changed->name = name;
  // "t.a" in a check or an index of t.
  rename_in_texts(d, *changed, {.table_from = relation.name, .table_to = name});
  d.put(changed);
  views.rewrite();
  if (!relation.index) return;
  // The index of a constraint has the constraint's name.
  for (const ObjectPtr& part : d.image().parts_of(relation.index->table)) {
    if (part->kind != ObjectKind::kConstraint) continue;
    const auto& constraint = static_cast<const ConstraintObject&>(*part);
    if (constraint.index != relation.oid ||
        constraint.constraint_kind == ConstraintKind::kForeignKey) {
      continue;
    }
    auto renamed = d.edit(constraint);
    renamed->name = name;
    d.put(renamed);
  }
}

void rename_column(Definer& d, const RelationObject& relation, const std::string& from,
                   const std::string& to) {
  constexpr std::string_view kSystem[] = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};
  auto is_system = [&](std::string_view name) {
    return std::ranges::find(kSystem, name) != std::end(kSystem);
  };
  if (is_system(from)) {
    fail(base::sqlstate::kFeatureNotSupported, "cannot rename system column " + quoted(from));
  }
  const int place = find_column(relation, from);
  if (place < 0) {
    fail(base::sqlstate::kUndefinedColumn, "column " + quoted(from) + " does not exist");
  }
  if (find_column(relation, to) >= 0) {
    fail(base::sqlstate::kDuplicateColumn,
         "column " + quoted(to) + " of relation " + quoted(relation.name) + " already exists");
  }
  if (is_system(to)) {
    fail(base::sqlstate::kDuplicateColumn,
         "column name " + quoted(to) + " conflicts with a system column name");
  }
  ViewTexts views(d, relation.oid);
  auto changed = d.edit(relation);
  changed->columns[static_cast<size_t>(place)].name = to;
  rename_in_texts(d, *changed, {.column_from = from, .column_to = to, .table_from = relation.name});
  d.put(changed);
  // Columns of its indexes are named after it.
  const auto number = static_cast<int16_t>(place + 1);
  for (const ObjectPtr& part : d.image().parts_of(relation.oid)) {
    if (part->kind != ObjectKind::kRelation) continue;
    const auto& index = static_cast<const RelationObject&>(*part);
    if (!index.index) continue;
    auto renamed = d.edit(index);
    for (size_t k = 0; k < renamed->index->keys.size(); ++k) {
      if (renamed->index->keys[k].column == number && renamed->columns[k].name == from) {
        renamed->columns[k].name = to;
      }
    }
    d.put(renamed);
  }
  views.rewrite();
}

void rename_constraint(Definer& d, const RelationObject& table, const std::string& from,
                       const std::string& to) {
  auto constraint = find_constraint(d.image(), table.oid, from);
  if (constraint == nullptr) {
    fail(base::sqlstate::kUndefinedObject,
         "constraint " + quoted(from) + " for table " + quoted(table.name) + " does not exist");
  }
  const bool has_index = constraint->constraint_kind == ConstraintKind::kPrimaryKey ||
                         constraint->constraint_kind == ConstraintKind::kUnique;
  if (has_index) return rename_whole(d, *d.image().relation(constraint->index), to);
  require_free_constraint_name(d, table, to);
  auto changed = d.edit(*constraint);
  changed->name = to;
  d.put(changed);
}

}  // namespace

bool rename_relation(Definer& d, const PgQuery__RenameStmt& statement, std::string& tag) {
  const bool column = statement.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN;
  const bool constraint = statement.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT;
  const auto type = column       ? statement.relation_type
                    : constraint ? PG_QUERY__OBJECT_TYPE__OBJECT_TABLE
                                 : statement.rename_type;
  if (tag_of(type).empty()) return false;
  tag = tag_of(type);
  auto check = [&](const RelationObject& relation) {
    check_relation_type(relation, type);
    if (column && !has_rows(relation) && !is_view(relation)) {
      throw base::SqlException(
          base::Error(base::sqlstate::kWrongObjectType,
                      "cannot rename columns of relation " + quoted(relation.name))
              .detail("This operation is not supported for " +
                      std::string(relation_kind_plural(relation)) + "."));
    }
    d.require_owner(relation);
  };
  const bool index = type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX;
  RelationPtr found = relation_or_notice(
      d, *statement.relation, statement.missing_ok != 0, check,
      index ? txn::table_mode::kShareUpdateExclusive : txn::table_mode::kAccessExclusive);
  if (found == nullptr) return true;
  // Readers of the table know its indexes by name only in messages: they need not go.
  if (index && !found->index) d.lock(found->oid, txn::table_mode::kAccessExclusive);
  require_no_pending_events(d, *found, "ALTER TABLE");
  if (column) {
    rename_column(d, *found, statement.subname, statement.newname);
  } else if (constraint) {
    rename_constraint(d, *found, statement.subname, statement.newname);
  } else {
    rename_whole(d, *found, statement.newname);
  }
  return true;
}

}  // namespace isolde::sql
