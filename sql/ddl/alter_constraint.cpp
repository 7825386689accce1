// ALTER TABLE: constraints are added, dropped, validated, put off.

#include <pg_query/pg_query.pb-c.h>

#include "sql/ddl/alter_table.hpp"
#include "sql/ddl/drop.hpp"

namespace isolde::sql {

void AlterTable::add_constraint(const ConstraintWish& wish) {
  if (wish.node->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY) return add_primary_key(wish);
  ConstraintMaker(d_, table_, false).make(wish);
}

/// Its columns become NOT NULL first.
void AlterTable::add_primary_key(const ConstraintWish& wish) {
  for (const ObjectPtr& part : d_.image().parts_of(table_)) {
    if (part->kind != ObjectKind::kConstraint) continue;
    const auto& constraint = static_cast<const ConstraintObject&>(*part);
    if (constraint.constraint_kind != ConstraintKind::kPrimaryKey) continue;
    fail(base::sqlstate::kInvalidTableDefinition,
         "multiple primary keys for table " + quoted(table()->name) + " are not allowed");
  }
  ConstraintMaker maker(d_, table_, false);
  if (text_or_empty(wish.node->indexname).empty()) {
    auto changed = edit();
    std::vector<int16_t> fresh;
    for (int16_t number : maker.key_columns(wish, *changed)) {
      if (!std::exchange(in(*changed, number).not_null, true)) fresh.push_back(number);
    }
    if (!fresh.empty()) d_.put(changed);
    for (int16_t number : fresh) validate_not_null(d_, *changed, number);
  }
  maker.make(wish);
}

namespace {

std::shared_ptr<const ConstraintObject> require_constraint(Definer& d, const RelationObject& table,
                                                           std::string_view name) {
  auto found = find_constraint(d.image(), table.oid, name);
  if (found != nullptr) return found;
  fail(base::sqlstate::kUndefinedObject,
       "constraint " + quoted(name) + " of relation " + quoted(table.name) + " does not exist");
}

}  // namespace

void AlterTable::drop_constraint(const PgQuery__AlterTableCmd& command) {
  RelationPtr now = table();
  if (command.missing_ok && find_constraint(d_.image(), table_, command.name) == nullptr) {
    return d_.notice(base::sqlstate::kSuccessfulCompletion,
                     "constraint " + quoted(command.name) + " of relation " + quoted(now->name) +
                         " does not exist, skipping");
  }
  auto constraint = require_constraint(d_, *now, command.name);
  if (constraint->constraint_kind == ConstraintKind::kForeignKey &&
      constraint->referenced != table_) {
    d_.lock(constraint->referenced, txn::table_mode::kAccessExclusive);
    if (RelationPtr other = d_.image().relation(constraint->referenced)) {
      require_no_pending_events(d_, *other, "ALTER TABLE");
    }
  }
  Dropper dropper(d_, command.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE);
  dropper.add(constraint);
  dropper.run();
}

void AlterTable::validate(const PgQuery__AlterTableCmd& command) {
  auto constraint = require_constraint(d_, *table(), command.name);
  switch (constraint->constraint_kind) {
    case ConstraintKind::kForeignKey:
      d_.lock(constraint->referenced, txn::table_mode::kRowShare);
      break;
    case ConstraintKind::kCheck:
      break;
    case ConstraintKind::kPrimaryKey:
    case ConstraintKind::kUnique:
      fail(base::sqlstate::kWrongObjectType, "constraint " + quoted(constraint->name) +
                                                 " of relation " + quoted(table()->name) +
                                                 " is not a foreign key or check constraint");
  }
  if (constraint->validated) return;
  validate_constraint(d_, *constraint);
  auto changed = d_.edit(*constraint);
  changed->validated = true;
  d_.put(changed);
}

void AlterTable::alter_constraint(const PgQuery__AlterTableCmd& command) {
  const PgQuery__Constraint& wanted = *command.def->constraint;
  auto constraint = require_constraint(d_, *table(), wanted.conname);
  if (constraint->constraint_kind != ConstraintKind::kForeignKey) {
    fail(base::sqlstate::kWrongObjectType, "constraint " + quoted(constraint->name) +
                                               " of relation " + quoted(table()->name) +
                                               " is not a foreign key constraint");
  }
  auto changed = d_.edit(*constraint);
  changed->deferrable = wanted.deferrable != 0;
  changed->initially_deferred = wanted.initdeferred != 0;
  d_.put(changed);
}

}  // namespace isolde::sql
