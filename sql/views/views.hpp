#pragma once

#include "sql/views/virtual_table.hpp"

// What makes the rows of the system's relations, a function each, by the columns of
// sql/catalog/system_relations.hpp. virtual_table_list.cpp says which relation each is of.

namespace isolde::sql {

// catalog_classes.cpp
void fill_pg_class(SessionServices& services, VirtualRows& rows);
void fill_pg_attribute(SessionServices& services, VirtualRows& rows);
void fill_pg_attrdef(SessionServices& services, VirtualRows& rows);
void fill_pg_index(SessionServices& services, VirtualRows& rows);
void fill_pg_sequence(SessionServices& services, VirtualRows& rows);
void fill_pg_inherits(SessionServices& services, VirtualRows& rows);
void fill_pg_rewrite(SessionServices& services, VirtualRows& rows);
// catalog_constraints.cpp
void fill_pg_constraint(SessionServices& services, VirtualRows& rows);
void fill_pg_depend(SessionServices& services, VirtualRows& rows);
// catalog_roles.cpp
void fill_pg_namespace(SessionServices& services, VirtualRows& rows);
void fill_pg_authid(SessionServices& services, VirtualRows& rows);
void fill_pg_auth_members(SessionServices& services, VirtualRows& rows);
void fill_pg_database(SessionServices& services, VirtualRows& rows);
void fill_pg_db_role_setting(SessionServices& services, VirtualRows& rows);
void fill_pg_default_acl(SessionServices& services, VirtualRows& rows);
void fill_pg_tablespace(SessionServices& services, VirtualRows& rows);
void fill_pg_description(SessionServices& services, VirtualRows& rows);
void fill_pg_shdescription(SessionServices& services, VirtualRows& rows);
// catalog_extension.cpp
void fill_pg_extension(SessionServices& services, VirtualRows& rows);
void fill_pg_init_privs(SessionServices& services, VirtualRows& rows);
/// Of pg_depend: what belongs to the extension.
void fill_extension_members(VirtualRows& rows);
// catalog_types.cpp
void fill_pg_type(SessionServices& services, VirtualRows& rows);
void fill_pg_enum(SessionServices& services, VirtualRows& rows);
void fill_pg_collation(SessionServices& services, VirtualRows& rows);
void fill_pg_am(SessionServices& services, VirtualRows& rows);
void fill_pg_opclass(SessionServices& services, VirtualRows& rows);
void fill_pg_opfamily(SessionServices& services, VirtualRows& rows);
// catalog_functions.cpp
void fill_pg_proc(SessionServices& services, VirtualRows& rows);
void fill_pg_aggregate(SessionServices& services, VirtualRows& rows);
void fill_pg_operator(SessionServices& services, VirtualRows& rows);
void fill_pg_cast(SessionServices& services, VirtualRows& rows);
void fill_pg_language(SessionServices& services, VirtualRows& rows);
// statistics_fills.cpp
void fill_stat_all_tables(SessionServices& services, VirtualRows& rows);
void fill_stat_xact_all_tables(SessionServices& services, VirtualRows& rows);
void fill_stat_database(SessionServices& services, VirtualRows& rows);
void fill_pg_stats(SessionServices& services, VirtualRows& rows);
// pg_locks.cpp
void fill_pg_locks(SessionServices& services, VirtualRows& rows);
void fill_isolde_locks(SessionServices& services, VirtualRows& rows);
// isolde_views.cpp
void fill_isolde_transactions(SessionServices& services, VirtualRows& rows);
void fill_isolde_engines(SessionServices& services, VirtualRows& rows);
// session_views.cpp
void fill_prepared_statements(SessionServices& services, VirtualRows& rows);
void fill_prepared_xacts(SessionServices& services, VirtualRows& rows);
void fill_timezone_names(SessionServices& services, VirtualRows& rows);
void fill_cursors(SessionServices& services, VirtualRows& rows);
// pg_settings.cpp
void fill_settings(SessionServices& services, VirtualRows& rows);
// pg_stat_activity.cpp
void fill_stat_activity(SessionServices& services, VirtualRows& rows);

}  // namespace isolde::sql
