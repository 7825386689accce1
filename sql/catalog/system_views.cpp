#include "sql/catalog/system_relations.hpp"

// The views of pg_catalog.

namespace isolde::sql {

namespace {

constexpr SystemRelation kRows[] = {
    // clang-format off
    {12085, "pg_available_extension_versions", R"(
name name, version text, installed bool, superuser bool, trusted bool, relocatable bool, schema
name, requires _name, comment text)"},
    {12081, "pg_available_extensions", R"(
name name, default_version text, installed_version text, comment text)"},
    {12138, "pg_backend_memory_contexts", R"(
name text, ident text, parent text, level int4, total_bytes int8, total_nblocks int8, free_bytes
int8, free_chunks int8, used_bytes int8)"},
    {12130, "pg_config", R"(
name text, setting text)"},
    {12077, "pg_cursors", R"(
name text, statement text, is_holdable bool, is_binary bool, is_scrollable bool, creation_time
timestamptz)"},
    {12110, "pg_file_settings", R"(
sourcefile text, sourceline int4, seqno int4, name text, setting text, applied bool, error text)"},
    {12010, "pg_group", R"(
groname name, grosysid oid, grolist _oid)",
     R"(
SELECT a.rolname, a.oid, ARRAY(SELECT m.member FROM pg_auth_members m WHERE m.roleid = a.oid)
FROM pg_authid a
WHERE NOT a.rolcanlogin)"},
    {12114, "pg_hba_file_rules", R"(
line_number int4, type text, database _text, user_name _text, address text, netmask text,
auth_method text, options _text, error text)"},
    {12118, "pg_ident_file_mappings", R"(
line_number int4, map_name text, sys_name text, pg_username text, error text)"},
    {12043, "pg_indexes", R"(
schemaname name, tablename name, indexname name, tablespace name, indexdef text)",
     R"(
SELECT n.nspname, c.relname, i.relname, t.spcname, pg_get_indexdef(i.oid)
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_tablespace t ON t.oid = i.reltablespace
WHERE c.relkind IN ('r', 'p', 'm') AND i.relkind IN ('i', 'I'))"},
    {12073, "pg_locks", R"(
locktype text, database oid, relation oid, page int4, tuple int2, virtualxid text, transactionid
xid, classid oid, objid oid, objsubid int2, virtualtransaction text, pid int4, mode text,
granted bool, fastpath bool, waitstart timestamptz)"},
    {12038, "pg_matviews", R"(
schemaname name, matviewname name, matviewowner name, tablespace name, hasindexes bool,
ispopulated bool, definition text)",
     R"(
SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner), t.spcname, c.relhasindex, c.relispopulated,
  pg_get_viewdef(c.oid)
FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
WHERE c.relkind = 'm')"},
    {12018, "pg_policies", R"(
schemaname name, tablename name, policyname name, permissive text, roles _name, cmd text, qual
text, with_check text)"},
    {12095, "pg_prepared_statements", R"(
name text, statement text, prepare_time timestamptz, parameter_types _regtype, from_sql bool,
generic_plans int8, custom_plans int8)"},
    {12090, "pg_prepared_xacts", R"(
transaction xid, gid text, prepared timestamptz, owner name, database name)"},
    {12068, "pg_publication_tables", R"(
pubname name, schemaname name, tablename name, attnames _name, rowfilter text)"},
    {12332, "pg_replication_origin_status", R"(
local_id oid, external_id text, remote_lsn pg_lsn, local_lsn pg_lsn)"},
    {12257, "pg_replication_slots", R"(
slot_name name, plugin name, slot_type text, datoid oid, database name, temporary bool, active
bool, active_pid int4, xmin xid, catalog_xmin xid, restart_lsn pg_lsn, confirmed_flush_lsn
pg_lsn, wal_status text, safe_wal_size int8, two_phase bool)"},
    {12000, "pg_roles", R"(
rolname name, rolsuper bool, rolinherit bool, rolcreaterole bool, rolcreatedb bool, rolcanlogin
bool, rolreplication bool, rolconnlimit int4, rolpassword text, rolvaliduntil timestamptz,
rolbypassrls bool, rolconfig _text, oid oid)",
     R"(
SELECT a.rolname, a.rolsuper, a.rolinherit, a.rolcreaterole, a.rolcreatedb, a.rolcanlogin,
  a.rolreplication, a.rolconnlimit, '********'::text, a.rolvaliduntil, a.rolbypassrls, s.setconfig, a.oid
FROM pg_authid a LEFT JOIN pg_db_role_setting s ON s.setrole = a.oid AND s.setdatabase = 0)"},
    {12023, "pg_rules", R"(
schemaname name, tablename name, rulename name, definition text)"},
    {12099, "pg_seclabels", R"(
objoid oid, classoid oid, objsubid int4, objtype text, objnamespace oid, objname text, provider
text, label text)"},
    {12048, "pg_sequences", R"(
schemaname name, sequencename name, sequenceowner name, data_type regtype, start_value int8,
min_value int8, max_value int8, increment_by int8, cycle bool, cache_size int8, last_value int8)",
     R"(
SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner), s.seqtypid::regtype, s.seqstart, s.seqmin,
  s.seqmax, s.seqincrement, s.seqcycle, s.seqcache,
  CASE WHEN has_sequence_privilege(c.oid, 'SELECT,USAGE') THEN pg_sequence_last_value(c.oid) END
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT pg_is_other_temp_schema(n.oid))"},
    {12104, "pg_settings", R"(
name text, setting text, unit text, category text, short_desc text, extra_desc text, context
text, vartype text, source text, min_val text, max_val text, enumvals _text, boot_val text,
reset_val text, sourcefile text, sourceline int4, pending_restart bool)"},
    {12005, "pg_shadow", R"(
usename name, usesysid oid, usecreatedb bool, usesuper bool, userepl bool, usebypassrls bool,
passwd text, valuntil timestamptz, useconfig _text)",
     R"(
SELECT a.rolname, a.oid, a.rolcreatedb, a.rolsuper, a.rolreplication, a.rolbypassrls, a.rolpassword,
  a.rolvaliduntil, s.setconfig
FROM pg_authid a LEFT JOIN pg_db_role_setting s ON s.setrole = a.oid AND s.setdatabase = 0
WHERE a.rolcanlogin)"},
    {12053, "pg_stats", R"(
schemaname name, tablename name, attname name, inherited bool, null_frac float4, avg_width int4,
n_distinct float4, most_common_vals anyarray, most_common_freqs _float4, histogram_bounds
anyarray, correlation float4, most_common_elems anyarray, most_common_elem_freqs _float4,
elem_count_histogram _float4)"},
    {12033, "pg_tables", R"(
schemaname name, tablename name, tableowner name, tablespace name, hasindexes bool, hasrules
bool, hastriggers bool, rowsecurity bool)",
     R"(
SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner), t.spcname, c.relhasindex, c.relhasrules,
  c.relhastriggers, c.relrowsecurity
FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
WHERE c.relkind IN ('r', 'p'))"},
    {12122, "pg_timezone_abbrevs", R"(
abbrev text, utc_offset interval, is_dst bool)"},
    {12126, "pg_timezone_names", R"(
name text, abbrev text, utc_offset interval, is_dst bool)"},
    {12014, "pg_user", R"(
usename name, usesysid oid, usecreatedb bool, usesuper bool, userepl bool, usebypassrls bool,
passwd text, valuntil timestamptz, useconfig _text)",
     R"(
SELECT a.rolname, a.oid, a.rolcreatedb, a.rolsuper, a.rolreplication, a.rolbypassrls,
  '********'::text, a.rolvaliduntil, s.setconfig
FROM pg_authid a LEFT JOIN pg_db_role_setting s ON s.setrole = a.oid AND s.setdatabase = 0
WHERE a.rolcanlogin)"},
    {12327, "pg_user_mappings", R"(
umid oid, srvid oid, srvname name, umuser oid, usename name, umoptions _text)"},
    {12028, "pg_views", R"(
schemaname name, viewname name, viewowner name, definition text)",
     R"(
SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner), pg_get_viewdef(c.oid)
FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v')"},
    // clang-format on
};

}  // namespace

extern const std::span<const SystemRelation> kSystemViews = kRows;

}  // namespace isolde::sql
