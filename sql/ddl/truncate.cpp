#include "sql/ddl/truncate.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/ddl/alter_table.hpp"
#include "sql/ddl/sequence.hpp"
#include "sql/statistics/table_changes.hpp"
#include "storage/btree.hpp"

namespace isolde::sql {

void empty_table(Definer& d, const RelationObject& table) {
  auto blocks = d.store().files().block_count(table.file, storage::Fork::kMain);
  if (base::value_or_throw(std::move(blocks)).value == 0) return;
  auto emptied = d.edit(table);
  d.drop_file(emptied->file);
  emptied->file = d.new_file();
  emptied->statistics.rows = -1;
  emptied->statistics.pages = 0;
  d.put(emptied);
  table_changes_of(d.services()).emptied(table.oid);
  for (const ObjectPtr& part : d.image().parts_of(table.oid)) {
    if (part->kind != ObjectKind::kRelation) continue;
    const auto& index = static_cast<const RelationObject&>(*part);
    if (!index.index) continue;
    auto empty_index = d.edit(index);
    empty_index->statistics = {};
    d.drop_file(empty_index->file);
    empty_index->file = d.new_file();
    base::value_or_throw(storage::Btree(d.store(), empty_index->file).create());
    d.put(empty_index);
  }
}

namespace {

void check_truncatable(Definer& d, const RelationObject& table) {
  if (table.relation_kind != RelationKind::kTable) {
    fail(base::sqlstate::kWrongObjectType, quoted(table.name) + " is not a table");
  }
  require_privilege(d.image(), d.role(), table, Privilege::kTruncate);
  require_no_pending_events(d, table, "TRUNCATE");
}

bool contains(const std::vector<RelationPtr>& tables, Oid table) {
  return std::ranges::any_of(tables, [&](const RelationPtr& one) { return one->oid == table; });
}

/// Tables that refer to one of the list, with CASCADE; else they must be in the list.
void add_referring(Definer& d, std::vector<RelationPtr>& tables, bool cascade) {
  for (size_t i = 0; i < tables.size(); ++i) {
    for (const ObjectPtr& object : d.image().dependents_of(tables[i]->oid)) {
      if (object->kind != ObjectKind::kConstraint) continue;
      const auto& constraint = static_cast<const ConstraintObject&>(*object);
      bool refers = constraint.constraint_kind == ConstraintKind::kForeignKey &&
                    constraint.referenced == tables[i]->oid;
      if (!refers || contains(tables, constraint.relation)) continue;
      RelationPtr other = d.image().relation(constraint.relation);
      if (!cascade) {
        throw base::SqlException(
            base::Error(base::sqlstate::kFeatureNotSupported,
                        "cannot truncate a table referenced in a foreign key constraint")
                .detail("Table " + quoted(other->name) + " references " + quoted(tables[i]->name) +
                        ".")
                .hint("Truncate table " + quoted(other->name) +
                      " at the same time, or use TRUNCATE ... CASCADE."));
      }
      d.notice(base::sqlstate::kSuccessfulCompletion,
               "truncate cascades to table " + quoted(other->name));
      d.lock(other->oid, txn::table_mode::kAccessExclusive);
      check_truncatable(d, *other);
      tables.push_back(std::move(other));
    }
  }
}

}  // namespace

void truncate(Definer& d, const PgQuery__TruncateStmt& statement) {
  std::vector<RelationPtr> tables;
  for (size_t i = 0; i < statement.n_relations; ++i) {
    RelationPtr table =
        d.relation(*statement.relations[i]->range_var, txn::table_mode::kAccessExclusive,
                   [&](const RelationObject& relation) { check_truncatable(d, relation); });
    if (!contains(tables, table->oid)) tables.push_back(std::move(table));
  }
  add_referring(d, tables, statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE);
  for (const RelationPtr& table : tables) {
    empty_table(d, *table);
    if (!statement.restart_seqs) continue;
    for (const ObjectPtr& part : d.image().parts_of(table->oid)) {
      if (part->kind != ObjectKind::kRelation) continue;
      const auto& relation = static_cast<const RelationObject&>(*part);
      if (relation.sequence) restart_sequence(d, relation);
    }
  }
}

}  // namespace isolde::sql
