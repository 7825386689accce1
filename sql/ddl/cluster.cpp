// CLUSTER writes a table anew in the order of one of its indexes, and remembers which.

#include "sql/ddl/cluster.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/ddl/alter_table.hpp"
#include "sql/ddl/rewrite_table.hpp"

namespace isolde::sql {

namespace {

std::vector<RelationPtr> indexes_of(Definer& d, Oid table) {
  std::vector<RelationPtr> found;
  d.image().for_each(ObjectKind::kRelation, [&](const ObjectPtr& one) {
    auto relation = std::static_pointer_cast<const RelationObject>(one);
    if (relation->index && relation->index->table == table) found.push_back(std::move(relation));
  });
  return found;
}

RelationPtr clustered_index(Definer& d, Oid table) {
  for (RelationPtr& one : indexes_of(d, table)) {
    if (one->index->clustered) return std::move(one);
  }
  return nullptr;
}

RelationPtr index_named(Definer& d, const RelationObject& table, std::string_view name) {
  for (RelationPtr& one : indexes_of(d, table.oid)) {
    if (one->name != name) continue;
    if (one->index->method != "btree") {
      fail(base::sqlstate::kFeatureNotSupported,
           "cannot cluster on index " + quoted(name) +
               " because access method does not support clustering");
    }
    if (one->index->predicate) {
      fail(base::sqlstate::kFeatureNotSupported, "cannot cluster on partial index " + quoted(name));
    }
    return std::move(one);
  }
  fail(base::sqlstate::kUndefinedObject,
       "index " + quoted(name) + " for table " + quoted(table.name) + " does not exist");
}

void write_in_order(Definer& d, const RelationObject& table, const RelationObject& index) {
  require_no_pending_events(d, table, "CLUSTER");
  rewrite_table(d, d.image_ptr(), table.oid, {}, index.oid);
}

/// All tables of this role that remember an index.
void cluster_all(Definer& d) {
  d.require_no_block("CLUSTER");
  std::vector<Oid> tables;
  d.image().for_each(ObjectKind::kRelation, [&](const ObjectPtr& one) {
    const auto& relation = static_cast<const RelationObject&>(*one);
    if (relation.index && relation.index->clustered && owns(d.image(), d.role(), relation)) {
      tables.push_back(relation.index->table);
    }
  });
  for (Oid oid : tables) {
    d.lock(oid, txn::table_mode::kAccessExclusive);
    RelationPtr table = d.image().relation(oid);
    if (table == nullptr) continue;
    if (RelationPtr index = clustered_index(d, oid)) write_in_order(d, *table, *index);
  }
}

}  // namespace

void set_clustered(Definer& d, const RelationObject& table, std::string_view name) {
  const RelationPtr wanted = name.empty() ? nullptr : index_named(d, table, name);
  for (const RelationPtr& one : indexes_of(d, table.oid)) {
    const bool clustered = wanted != nullptr && one->oid == wanted->oid;
    if (one->index->clustered == clustered) continue;
    auto changed = d.edit(*one);
    changed->index->clustered = clustered;
    d.put(changed);
  }
}

void cluster(Definer& d, const PgQuery__ClusterStmt& statement) {
  for (size_t i = 0; i < statement.n_params; ++i) {
    const std::string_view option = statement.params[i]->def_elem->defname;
    if (option == "verbose") continue;
    d.fail_at(statement.params[i]->def_elem->location, base::sqlstate::kSyntaxError,
              "unrecognized CLUSTER option " + quoted(option));
  }
  if (statement.relation == nullptr) return cluster_all(d);
  auto check = [&](const RelationObject& relation) {
    d.require_owner(relation);
    if (has_rows(relation)) return;
    fail(base::sqlstate::kWrongObjectType,
         quoted(relation.name) + " is not a table or materialized view");
  };
  RelationPtr table = d.relation(*statement.relation, txn::table_mode::kAccessExclusive, check);
  const std::string_view name = text_or_empty(statement.indexname);
  RelationPtr index = name.empty() ? clustered_index(d, table->oid) : index_named(d, *table, name);
  if (index == nullptr) {
    fail(base::sqlstate::kUndefinedObject,
         "there is no previously clustered index for table " + quoted(table->name));
  }
  if (!index->index->clustered) set_clustered(d, *table, index->name);
  if (!table->populated) return;
  write_in_order(d, *table, *index);
}

}  // namespace isolde::sql
