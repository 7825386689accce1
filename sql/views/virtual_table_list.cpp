#include <absl/container/flat_hash_map.h>
#include <absl/container/node_hash_map.h>

#include "base/check.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/system_relations.hpp"
#include "sql/catalog/tradition_views.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/tradition_fills.hpp"
#include "sql/views/views.hpp"

namespace isolde::sql {

namespace {

struct Filled {
  Oid name_space;
  std::string_view name;
  VirtualTable::Fill fill;
};

constexpr Filled kFilled[] = {
    {oids::kPgCatalog, "pg_aggregate", fill_pg_aggregate},
    {oids::kPgCatalog, "pg_am", fill_pg_am},
    {oids::kPgCatalog, "pg_attrdef", fill_pg_attrdef},
    {oids::kPgCatalog, "pg_attribute", fill_pg_attribute},
    {oids::kPgCatalog, "pg_auth_members", fill_pg_auth_members},
    {oids::kPgCatalog, "pg_authid", fill_pg_authid},
    {oids::kPgCatalog, "pg_cast", fill_pg_cast},
    {oids::kPgCatalog, "pg_class", fill_pg_class},
    {oids::kPgCatalog, "pg_collation", fill_pg_collation},
    {oids::kPgCatalog, "pg_constraint", fill_pg_constraint},
    {oids::kPgCatalog, "pg_cursors", fill_cursors},
    {oids::kPgCatalog, "pg_database", fill_pg_database},
    {oids::kPgCatalog, "pg_db_role_setting", fill_pg_db_role_setting},
    {oids::kPgCatalog, "pg_default_acl", fill_pg_default_acl},
    {oids::kPgCatalog, "pg_depend", fill_pg_depend},
    {oids::kPgCatalog, "pg_description", fill_pg_description},
    {oids::kPgCatalog, "pg_enum", fill_pg_enum},
    {oids::kPgCatalog, "pg_extension", fill_pg_extension},
    {oids::kPgCatalog, "pg_index", fill_pg_index},
    {oids::kPgCatalog, "pg_inherits", fill_pg_inherits},
    {oids::kPgCatalog, "pg_init_privs", fill_pg_init_privs},
    {oids::kPgCatalog, "pg_language", fill_pg_language},
    {oids::kPgCatalog, "pg_locks", fill_pg_locks},
    {oids::kPgCatalog, "pg_namespace", fill_pg_namespace},
    {oids::kPgCatalog, "pg_opclass", fill_pg_opclass},
    {oids::kPgCatalog, "pg_operator", fill_pg_operator},
    {oids::kPgCatalog, "pg_opfamily", fill_pg_opfamily},
    {oids::kPgCatalog, "pg_prepared_statements", fill_prepared_statements},
    {oids::kPgCatalog, "pg_prepared_xacts", fill_prepared_xacts},
    {oids::kPgCatalog, "pg_proc", fill_pg_proc},
    {oids::kPgCatalog, "pg_rewrite", fill_pg_rewrite},
    {oids::kPgCatalog, "pg_sequence", fill_pg_sequence},
    {oids::kPgCatalog, "pg_settings", fill_settings},
    {oids::kPgCatalog, "pg_shdescription", fill_pg_shdescription},
    {oids::kPgCatalog, "pg_stat_activity", fill_stat_activity},
    {oids::kPgCatalog, "pg_stat_all_tables", fill_stat_all_tables},
    {oids::kPgCatalog, "pg_stat_database", fill_stat_database},
    {oids::kPgCatalog, "pg_stat_xact_all_tables", fill_stat_xact_all_tables},
    {oids::kPgCatalog, "pg_stats", fill_pg_stats},
    {oids::kPgCatalog, "pg_tablespace", fill_pg_tablespace},
    {oids::kPgCatalog, "pg_timezone_names", fill_timezone_names},
    {oids::kPgCatalog, "pg_type", fill_pg_type},
    {oids::kIsoldeSchema, "engines", fill_isolde_engines},
    {oids::kIsoldeSchema, "locks", fill_isolde_locks},
    {oids::kIsoldeSchema, "transactions", fill_isolde_transactions},
    {oids::kPerformanceSchema, "data_locks", fill_data_locks},
    {oids::kPerformanceSchema, "data_lock_waits", fill_data_lock_waits},
    {oids::kInformationSchema, "innodb_trx", fill_innodb_trx},
    {oids::kInformationSchema, "innodb_locks", fill_innodb_locks},
    {oids::kInformationSchema, "innodb_lock_waits", fill_innodb_lock_waits},
    {oids::kSysSchema, "dm_tran_locks", fill_dm_tran_locks},
};

/// Every relation of the system that is no view over others: those that are not listed above have
/// no rows.
class VirtualTables {
 public:
  VirtualTables() {
    absl::flat_hash_map<Oid, VirtualTable::Fill> fills;
    for (const Filled& one : kFilled) {
      RelationPtr relation = system_relation(one.name_space, one.name);
      ISOLDE_CHECK(relation != nullptr && relation->definition.empty(), one.name.data());
      fills[relation->oid] = one.fill;
    }
    for (const RelationPtr& relation : system_relations()) {
      if (!relation->definition.empty()) continue;
      std::vector<ColumnInfo> columns;
      for (const ColumnObject& column : relation->columns) {
        columns.push_back({column.name, &type_of(column.type), -1});
      }
      auto fill = fills.find(relation->oid);
      tables_.try_emplace(relation->oid, relation->oid, std::move(columns),
                          fill == fills.end() ? nullptr : fill->second,
                          relation->relation_kind == RelationKind::kTable);
    }
  }

  const VirtualTable* find(Oid relation) const {
    auto found = tables_.find(relation);
    return found == tables_.end() ? nullptr : &found->second;
  }

 private:
  absl::node_hash_map<Oid, VirtualTable> tables_;
};

}  // namespace

const VirtualTable* find_virtual_table(Oid relation) {
  static const VirtualTables kTables;
  return kTables.find(relation);
}

}  // namespace isolde::sql
