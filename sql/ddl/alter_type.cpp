// ALTER TABLE ... ALTER COLUMN ... TYPE: rows, defaults, indexes and constraints follow.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/ddl/alter_table.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/index.hpp"
#include "sql/functions/overload.hpp"
#include "sql/table/key_codec.hpp"
#include "sql/table/row_shape.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

/// Do values stay as they are, byte by byte, in rows?
bool keeps_values(Definer& d, const ColumnObject& before, const ColumnObject& now) {
  const Type& from = d.type_of(before.type);
  const Type& to = d.type_of(now.type);
  if (from.oid != to.oid && !is_binary_coercible(from.oid, to.oid)) return false;
  RowColumn a = row_column(from), b = row_column(to);
  if (a.form != b.form || a.width != b.width) return false;
  if (now.typmod == before.typmod || now.typmod == -1) return true;
  // A longer varchar, or a numeric with more digits before the point.
  constexpr int kScaleBits = 0xffff;
  constexpr int kHead = 4;  // of every typmod that counts something
  if (before.typmod == -1) return false;
  if (to.oid == types::kVarchar) return from.oid == to.oid && now.typmod >= before.typmod;
  if (to.oid == types::kNumeric) {
    auto scale = [](int32_t typmod) { return (typmod - kHead) & kScaleBits; };
    return scale(now.typmod) == scale(before.typmod) && now.typmod >= before.typmod;
  }
  return false;
}

std::string type_shown(const Type& type, int32_t typmod) {
  return typmod == -1 ? format_type(type) : format_type(type, typmod);
}

}  // namespace

/// Views and generated columns were made for the old type.
void AlterTable::check_type_users(const RelationObject& relation, int16_t number) {
  const ColumnObject& about = relation.columns[static_cast<size_t>(number - 1)];
  for (const ObjectPtr& dependent : d_.image().dependents_of(relation.oid)) {
    if (dependent->kind != ObjectKind::kRelation) continue;
    const auto& view = static_cast<const RelationObject&>(*dependent);
    bool uses =
        is_view(view) && std::ranges::find(view.needs_columns, ColumnRef{relation.oid, number}) !=
                             view.needs_columns.end();
    if (!uses) continue;
    throw base::SqlException(base::Error(base::sqlstate::kFeatureNotSupported,
                                         "cannot alter type of a column used by a view or rule")
                                 .detail("rule _RETURN on " + d_.describe(view) +
                                         " depends on column " + quoted(about.name)));
  }
  for (const ColumnObject& other : relation.columns) {
    if (other.dropped || !other.generated) continue;
    if (std::ranges::find(other.reads, number) == other.reads.end()) continue;
    throw base::SqlException(base::Error(base::sqlstate::kSyntaxError,
                                         "cannot alter type of a column used by a generated column")
                                 .detail("Column " + quoted(about.name) +
                                         " is used by generated column " + quoted(other.name) +
                                         "."));
  }
}

void AlterTable::alter_type(const PgQuery__AlterTableCmd& command) {
  const PgQuery__ColumnDef& definition = *command.def->column_def;
  const int16_t number = column(command.name);
  auto changed = edit();
  const RelationPtr was = before_->relation(table_);
  ColumnObject& about = in(*changed, number);
  const ColumnObject old = about;
  if (std::ranges::any_of(new_values_, [&](const NewValue& one) { return one.column == number; })) {
    fail(base::sqlstate::kFeatureNotSupported,
         "cannot alter type of column " + quoted(about.name) + " twice");
  }
  about.typmod = -1;
  const Type& type = d_.type_named(*definition.type_name, &about.typmod);
  if (type.kind == TypeKind::kPseudo) {
    fail(base::sqlstate::kInvalidTableDefinition,
         "column " + quoted(about.name) + " has pseudo-type " + format_type(type));
  }
  about.type = type.oid;
  about.collation = default_collation(type);
  if (definition.coll_clause != nullptr) {
    if (about.collation == Oid{}) {
      d_.fail_at(definition.coll_clause->location, base::sqlstate::kDatatypeMismatch,
                 "collations are not supported by type " + format_type(type));
    }
    about.collation =
        d_.collation(definition.coll_clause->collname, definition.coll_clause->n_collname);
  }
  const PgQuery__Node* transform = definition.raw_default;
  if (transform != nullptr && old.generated) {
    throw base::SqlException(
        base::Error(base::sqlstate::kInvalidColumnDefinition,
                    "cannot specify USING when altering type of generated "
                    "column")
            .detail("Column " + quoted(about.name) + " is a generated column."));
  }
  if (transform != nullptr) {
    const Type& given = type_of_transform(d_, *transform, *was);
    if (!can_assign(d_, given.oid, type.oid)) {
      throw base::SqlException(
          base::Error(base::sqlstate::kDatatypeMismatch,
                      "result of USING clause for column " + quoted(about.name) +
                          " cannot be cast automatically to type " + format_type(type))
              .hint("You might need to add an explicit cast."));
    }
  } else if (!old.generated && !can_assign(d_, old.type, type.oid)) {
    base::Error error(base::sqlstate::kDatatypeMismatch,
                      "column " + quoted(about.name) + " cannot be cast automatically to type " +
                          format_type(type));
    error.fields().hint = "You might need to specify \"USING " + about.name +
                          "::" + type_shown(type, about.typmod) + "\".";
    throw base::SqlException(std::move(error));
  }
  check_type_users(*was, number);
  if (old.default_text && !old.generated &&
      !can_assign(d_, type_of_default(d_, *was, old), type.oid)) {
    fail(base::sqlstate::kDatatypeMismatch, "default for column " + quoted(about.name) +
                                                " cannot be cast automatically to type " +
                                                format_type(type));
  }
  const bool same_values = transform == nullptr && keeps_values(d_, old, about);
  if (about.identity != Identity::kNone && type.oid != types::kInt2 && type.oid != types::kInt4 &&
      type.oid != types::kInt8) {
    fail(base::sqlstate::kInvalidParameterValue,
         "identity column type must be smallint, integer, or bigint");
  }
  if (static_cast<size_t>(number) <= changed->statistics.columns.size()) {
    changed->statistics.columns[static_cast<size_t>(number - 1)] = {};
  }
  d_.put(changed);
  if (!same_values) {
    new_values_.push_back({.column = number, .expr = transform, .convert = transform == nullptr});
  }
  follow_type(number, same_values);
}

/// Indexes and constraints over the column. Their texts stay; what they mean is settled anew.
void AlterTable::follow_type(int16_t number, bool same_values) {
  RelationPtr now = table();
  const ColumnObject& about = now->columns[static_cast<size_t>(number - 1)];
  for (const ObjectPtr& part : d_.image().parts_of(table_)) {
    const bool reads = std::ranges::find(part->needs_columns, ColumnRef{table_, number}) !=
                       part->needs_columns.end();
    if (part->kind == ObjectKind::kConstraint) {
      const auto& constraint = static_cast<const ConstraintObject&>(*part);
      bool uses = std::ranges::find(constraint.columns, number) != constraint.columns.end();
      if (uses && !same_values) recheck_.push_back(constraint.oid);
      continue;
    }
    if (part->kind != ObjectKind::kRelation) continue;
    const auto& index = static_cast<const RelationObject&>(*part);
    if (!index.index) continue;
    auto changed = d_.edit(index);
    bool uses = reads;
    for (size_t k = 0; k < changed->index->keys.size(); ++k) {
      IndexKeyObject& key = changed->index->keys[k];
      if (key.column != number) continue;
      IndexKeyObject fresh = plain_key(d_, *now, number);
      key.type = fresh.type;
      key.collation = fresh.collation;
      changed->columns[k].type = about.type;
      changed->columns[k].typmod = about.typmod;
      changed->columns[k].collation = about.collation;
      uses = true;
    }
    for (size_t k = 0; k < changed->index->included.size(); ++k) {
      if (changed->index->included[k] != number) continue;
      ColumnObject& column = changed->columns[changed->index->keys.size() + k];
      column.type = about.type;
      column.typmod = about.typmod;
      uses = true;
    }
    if (!uses) continue;
    d_.put(changed);
    if (std::ranges::find(rebuild_, index.oid) == rebuild_.end()) rebuild_.push_back(index.oid);
  }
  for (const ObjectPtr& dependent : d_.image().dependents_of(table_)) {
    if (dependent->kind != ObjectKind::kConstraint) continue;
    const auto& key = static_cast<const ConstraintObject&>(*dependent);
    bool uses = key.referenced == table_ &&
                std::ranges::find(key.referenced_columns, number) != key.referenced_columns.end();
    if (!uses) continue;
    d_.lock(key.relation, txn::table_mode::kAccessExclusive);
    if (!same_values) recheck_.push_back(key.oid);
  }
}

/// Constraints over columns of new types: do they still hold, and mean anything?
void AlterTable::recheck_constraints() {
  std::ranges::sort(recheck_);
  recheck_.erase(std::unique(recheck_.begin(), recheck_.end()), recheck_.end());
  for (Oid oid : recheck_) {
    auto constraint = d_.image().get<ConstraintObject>(ObjectKind::kConstraint, oid);
    if (constraint == nullptr) continue;
    if (constraint->constraint_kind == ConstraintKind::kForeignKey) {
      require_comparable(d_, *constraint);
    }
    if (constraint->validated) validate_constraint(d_, *constraint);
  }
}

}  // namespace isolde::sql
