#include <pg_query/pg_query.pb-c.h>

#include "sql/catalog/catalog.hpp"
#include "sql/ddl/ddl.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/errors.hpp"
#include "storage/btree.hpp"

namespace isolde::sql {

/// New, empty files in place of the old ones: other transactions that still need the old rows
/// cannot be, since the lock excludes everyone, and a rollback keeps the old files.
void Ddl::truncate(const PgQuery__TruncateStmt& statement) {
  std::vector<RelationPtr> tables;
  for (size_t i = 0; i < statement.n_relations; ++i) {
    RelationPtr table =
        find_table(*statement.relations[i]->range_var, txn::table_mode::kAccessExclusive);
    if (table->relation_kind != RelationKind::kTable)
      fail(base::sqlstate::kWrongObjectType, "\"" + table->name + "\" is not a table");
    require_privilege(*image(), in_.role, *table, Privilege::kTruncate);
    tables.push_back(std::move(table));
  }
  for (const RelationPtr& table : tables) {
    for (const ObjectPtr& object : image()->dependents_of(table->oid)) {
      if (object->kind != ObjectKind::kConstraint) continue;
      const auto& constraint = static_cast<const ConstraintObject&>(*object);
      if (constraint.constraint_kind != ConstraintKind::kForeignKey) continue;
      const bool listed = std::any_of(tables.begin(), tables.end(), [&](const RelationPtr& other) {
        return other->oid == constraint.relation;
      });
      if (listed) continue;
      throw base::SqlException(
          base::Error(base::sqlstate::kFeatureNotSupported,
                      "cannot truncate a table referenced in a foreign key constraint")
              .detail("Table \"" + image()->relation(constraint.relation)->name +
                      "\" references \"" + table->name + "\".")
              .hint("Truncate table \"" + image()->relation(constraint.relation)->name +
                    "\" at the same time, or use TRUNCATE ... CASCADE."));
    }
  }
  storage::Store& store = in_.session.instance().store();
  for (const RelationPtr& table : tables) {
    auto emptied = std::make_shared<RelationObject>(*table);
    drop_file(table->file);
    emptied->file = new_file();
    put(emptied);
    for (const ObjectPtr& part : image()->parts_of(table->oid)) {
      if (part->kind != ObjectKind::kRelation) continue;
      const auto& index = static_cast<const RelationObject&>(*part);
      if (!index.index) continue;
      auto empty_index = std::make_shared<RelationObject>(index);
      drop_file(index.file);
      empty_index->file = new_file();
      base::value_or_throw(storage::Btree(store, empty_index->file).create());
      put(empty_index);
    }
  }
}

}  // namespace isolde::sql
