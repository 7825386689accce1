// FOREIGN KEY: what it refers to, and which unique index finds that.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/ddl/constraint.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/functions/overload.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

std::vector<int16_t> columns_named(const RelationObject& table, PgQuery__Node* const* names,
                                   size_t count) {
  std::vector<int16_t> columns;
  for (size_t i = 0; i < count; ++i) {
    std::string_view name = string_of(*names[i]);
    int place = find_column(table, name);
    if (place < 0) {
      fail(base::sqlstate::kUndefinedColumn,
           "column " + quoted(name) + " referenced in foreign key constraint does not exist");
    }
    columns.push_back(static_cast<int16_t>(place + 1));
  }
  return columns;
}

char action_of(const char* text) {
  return text_or_empty(text).empty() ? 'a' : text[0];
}

/// The key that a foreign key without columns refers to.
const ConstraintObject* primary_key(const CatalogImage& image, Oid table, ObjectPtr& holder) {
  for (const ObjectPtr& part : image.parts_of(table)) {
    if (part->kind != ObjectKind::kConstraint) continue;
    const auto& constraint = static_cast<const ConstraintObject&>(*part);
    if (constraint.constraint_kind != ConstraintKind::kPrimaryKey) continue;
    holder = part;
    return &constraint;
  }
  return nullptr;
}

/// A unique index over exactly these columns, in any order.
RelationPtr unique_index_over(const CatalogImage& image, const RelationObject& table,
                              const std::vector<int16_t>& columns, bool& deferrable) {
  for (const ObjectPtr& part : image.parts_of(table.oid)) {
    if (part->kind != ObjectKind::kRelation) continue;
    auto index = std::static_pointer_cast<const RelationObject>(part);
    if (!index->index || !index->index->unique || !index->index->valid) continue;
    if (index->index->predicate) continue;
    std::vector<int16_t> keys;
    for (const IndexKeyObject& key : index->index->keys) keys.push_back(key.column);
    if (!std::ranges::is_permutation(keys, columns)) continue;
    if (index->index->immediate) return index;
    deferrable = true;
  }
  return nullptr;
}

bool comparable(const Type& a, const Type& b) {
  if (a.oid == b.oid) return true;
  auto kind = [](const Type& type) {
    switch (type.category) {
      case 'N':
        return 'N';
      case 'S':
        return 'S';
      case 'D':
        return 'D';
      default:
        return '\0';
    }
  };
  return kind(a) != '\0' && kind(a) == kind(b);
}

void check_persistence(const RelationObject& table, const RelationObject& target) {
  std::string_view message;
  switch (table.persistence) {
    case Persistence::kPermanent:
      if (target.persistence != Persistence::kPermanent) {
        message = "constraints on permanent tables may reference only permanent tables";
      }
      break;
    case Persistence::kUnlogged:
      if (target.persistence == Persistence::kTemporary) {
        message = "constraints on unlogged tables may reference only permanent or unlogged tables";
      }
      break;
    case Persistence::kTemporary:
      if (target.persistence != Persistence::kTemporary) {
        message = "constraints on temporary tables may reference only temporary tables";
      }
      break;
  }
  if (!message.empty()) fail(base::sqlstate::kInvalidTableDefinition, std::string(message));
}

}  // namespace

void require_comparable(Definer& d, const ConstraintObject& key) {
  RelationPtr on = d.image().relation(key.relation);
  RelationPtr target = d.image().relation(key.referenced);
  for (size_t i = 0; i < key.columns.size(); ++i) {
    const ColumnObject& mine = on->columns[static_cast<size_t>(key.columns[i] - 1)];
    const ColumnObject& theirs =
        target->columns[static_cast<size_t>(key.referenced_columns[i] - 1)];
    const Type& a = d.type_of(mine.type);
    const Type& b = d.type_of(theirs.type);
    if (comparable(a, b)) continue;
    throw base::SqlException(
        base::Error(base::sqlstate::kDatatypeMismatch,
                    "foreign key constraint " + quoted(key.name) + " cannot be implemented")
            .detail("Key columns " + quoted(mine.name) + " and " + quoted(theirs.name) +
                    " are of incompatible types: " + format_type(a) + " and " + format_type(b) +
                    "."));
  }
}

void ConstraintMaker::make_foreign_key(const ConstraintWish& wish) {
  const PgQuery__Constraint& node = *wish.node;
  RelationPtr target = d_.relation(*node.pktable, txn::table_mode::kShareRowExclusive);
  RelationPtr on = table();
  if (target->relation_kind != RelationKind::kTable) {
    fail(base::sqlstate::kWrongObjectType,
         "referenced relation " + quoted(target->name) + " is not a table");
  }
  check_persistence(*on, *target);
  auto made = start(wish, ConstraintKind::kForeignKey);
  made->columns = wish.column != 0 ? std::vector<int16_t>{wish.column}
                                   : columns_named(*on, node.fk_attrs, node.n_fk_attrs);
  made->set_columns = columns_named(*on, node.fk_del_set_cols, node.n_fk_del_set_cols);
  for (int16_t column : made->set_columns) {
    if (std::ranges::find(made->columns, column) != made->columns.end()) continue;
    fail(base::sqlstate::kInvalidColumnReference,
         "column " + quoted(column_name(column)) +
             " referenced in ON DELETE SET action must be part of foreign key");
  }
  if (node.n_pk_attrs == 0) {
    ObjectPtr holder;
    const ConstraintObject* key = primary_key(d_.image(), target->oid, holder);
    if (key == nullptr) {
      fail(base::sqlstate::kUndefinedObject,
           "there is no primary key for referenced table " + quoted(target->name));
    }
    if (key->deferrable) {
      fail(base::sqlstate::kObjectNotInPrerequisiteState,
           "cannot use a deferrable primary key for referenced table " + quoted(target->name));
    }
    made->referenced_columns = key->columns;
    made->index = key->index;
  } else {
    made->referenced_columns = columns_named(*target, node.pk_attrs, node.n_pk_attrs);
    bool deferrable = false;
    RelationPtr index =
        unique_index_over(d_.image(), *target, made->referenced_columns, deferrable);
    if (index == nullptr) {
      fail(deferrable ? base::sqlstate::kObjectNotInPrerequisiteState
                      : base::sqlstate::kInvalidForeignKey,
           deferrable ? "cannot use a deferrable unique constraint for referenced table " +
                            quoted(target->name)
                      : "there is no unique constraint matching given keys for referenced table " +
                            quoted(target->name));
    }
    made->index = index->oid;
  }
  if (made->columns.size() != made->referenced_columns.size()) {
    fail(base::sqlstate::kInvalidForeignKey,
         "number of referencing and referenced columns for foreign key disagree");
  }
  for (int16_t column : made->referenced_columns) {
    if (!has_column_privilege(d_.image(), d_.role(), *target, static_cast<size_t>(column - 1),
                              Privilege::kReferences)) {
      deny(AclKind::kTable, target->name);
    }
  }
  made->referenced = target->oid;
  made->on_update = action_of(node.fk_upd_action);
  made->on_delete = action_of(node.fk_del_action);
  made->match = text_or_empty(node.fk_matchtype).empty() ? 's' : node.fk_matchtype[0];
  name_or_choose(*made, wish, made->columns, "fkey");
  for (size_t i = 0; i < made->columns.size(); ++i) {
    const ColumnObject& mine = on->columns[static_cast<size_t>(made->columns[i] - 1)];
    if (mine.generated &&
        (made->on_update == 'n' || made->on_update == 'd' || made->on_update == 'c')) {
      fail(base::sqlstate::kSyntaxError,
           "invalid ON UPDATE action for foreign key constraint containing generated column");
    }
    if (mine.generated && (made->on_delete == 'n' || made->on_delete == 'd')) {
      fail(base::sqlstate::kSyntaxError,
           "invalid ON DELETE action for foreign key constraint containing generated column");
    }
  }
  require_comparable(d_, *made);
  made->needs = {target->oid, made->index};
  for (int16_t column : made->referenced_columns) {
    made->needs_columns.push_back({target->oid, column});
  }
  made->oid = d_.new_oid();
  d_.put(made);
  if (!fresh_ && made->validated) validate_constraint(d_, *made);
}

}  // namespace isolde::sql
