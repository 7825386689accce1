// ALTER TABLE: what concerns the table as a whole.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/ddl/alter_table.hpp"
#include "sql/ddl/cluster.hpp"
#include "sql/ddl/options.hpp"

namespace isolde::sql {

void AlterTable::set_options(const PgQuery__AlterTableCmd& command, bool reset) {
  auto changed = edit();
  const PgQuery__List& list = *command.def->list;
  const bool index = changed->relation_kind == RelationKind::kIndex;
  auto forget = [&](std::string_view name) {
    std::erase_if(changed->options, [&](const std::string& one) {
      return std::string_view(one).substr(0, one.find('=')) == name;
    });
  };
  if (!reset) {
    for (std::string& option : storage_options(list.items, list.n_items, index)) {
      forget(std::string_view(option).substr(0, option.find('=')));
      changed->options.push_back(std::move(option));
    }
  } else {
    for (size_t i = 0; i < list.n_items; ++i) {
      const PgQuery__DefElem& option = *list.items[i]->def_elem;
      if (option.arg != nullptr) {
        fail(base::sqlstate::kSyntaxError, "RESET must not include values for parameters");
      }
      forget(option.defname);
    }
  }
  d_.put(changed);
}

/// Foreign keys must not point from what lasts to what may be gone after a crash.
void AlterTable::set_logged(bool logged) {
  RelationPtr now = table();
  if (now->persistence == Persistence::kTemporary) {
    throw base::SqlException(base::Error(
        base::sqlstate::kInvalidTableDefinition,
        "cannot change logged status of table " + quoted(now->name) + " because it is temporary"));
  }
  const Persistence wanted = logged ? Persistence::kPermanent : Persistence::kUnlogged;
  if (now->persistence == wanted) return;
  auto check = [&](const ConstraintObject& key) {
    const Oid mine = table_;
    const bool refers = key.relation == mine;
    // Towards logged: what it refers to must be. Towards unlogged: what refers to it must be too.
    if (key.constraint_kind != ConstraintKind::kForeignKey || refers != logged) return;
    RelationPtr other = d_.image().relation(refers ? key.referenced : key.relation);
    if (other->oid == mine) return;
    const bool other_logged = other->persistence == Persistence::kPermanent;
    if (other_logged == logged) return;
    if (!logged && !other_logged) return;
    fail(base::sqlstate::kInvalidTableDefinition,
         "could not change table " + quoted(now->name) + " to " +
             (logged ? "logged because it references unlogged table "
                     : "unlogged because it references logged table ") +
             quoted(other->name));
  };
  for (const ObjectPtr& part : d_.image().parts_of(table_)) {
    if (part->kind == ObjectKind::kConstraint) check(static_cast<const ConstraintObject&>(*part));
  }
  for (const ObjectPtr& dependent : d_.image().dependents_of(table_)) {
    if (dependent->kind == ObjectKind::kConstraint && dependent->part_of != table_) {
      check(static_cast<const ConstraintObject&>(*dependent));
    }
  }
  auto changed = edit();
  changed->persistence = wanted;
  d_.put(changed);
  for (const ObjectPtr& part : d_.image().parts_of(table_)) {
    if (part->kind != ObjectKind::kRelation) continue;
    auto other = d_.edit(static_cast<const RelationObject&>(*part));
    other->persistence = wanted;
    d_.put(other);
  }
}

/// There are none; only those of constraints could be meant.
void AlterTable::triggers(const PgQuery__AlterTableCmd& command) {
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser:
      return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll:
      fail(base::sqlstate::kFeatureNotSupported,
           "disabling the checks of foreign keys is not supported");
    default:
      fail(base::sqlstate::kUndefinedObject, "trigger " + quoted(command.name) + " for table " +
                                                 quoted(table()->name) + " does not exist");
  }
}

void AlterTable::rest(const PgQuery__AlterTableCmd& command) {
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
      return set_options(command, false);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
      return set_options(command, true);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged:
      return set_logged(true);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged:
      return set_logged(false);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser:
      return triggers(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn:
      return set_clustered(d_, *table(), command.name);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster:
      return set_clustered(d_, *table(), {});
    // Nothing to be done about them here.
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropOids:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ReplicaIdentity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity:
      return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace:
      if (std::string_view(command.name) == "pg_default") return;
      fail(base::sqlstate::kUndefinedObject,
           "tablespace " + quoted(command.name) + " does not exist");
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetAccessMethod:
      if (std::string_view(command.name) == "heap") return;
      fail(base::sqlstate::kUndefinedObject,
           "access method " + quoted(command.name) + " does not exist");
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit:
      fail(base::sqlstate::kFeatureNotSupported, "INHERITS is not supported");
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartitionFinalize:
      fail(base::sqlstate::kFeatureNotSupported, "partitioned tables are not supported");
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity:
      fail(base::sqlstate::kFeatureNotSupported, "row-level security is not supported");
    default:
      fail(base::sqlstate::kFeatureNotSupported, "this form of ALTER TABLE is not supported");
  }
}

}  // namespace isolde::sql
