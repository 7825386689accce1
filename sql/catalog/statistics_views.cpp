#include "sql/catalog/system_relations.hpp"

// The views of pg_catalog that tell what has happened.

namespace isolde::sql {

namespace {

constexpr SystemRelation kRows[] = {
    // clang-format off
    {12134, "pg_shmem_allocations", R"(
name text, off int8, size int8, allocated_size int8)"},
    {12222, "pg_stat_activity", R"(
datid oid, datname name, pid int4, leader_pid int4, usesysid oid, usename name, application_name
text, client_addr inet, client_hostname text, client_port int4, backend_start timestamptz,
xact_start timestamptz, query_start timestamptz, state_change timestamptz, wait_event_type text,
wait_event text, state text, backend_xid xid, backend_xmin xid, query_id int8, query text,
backend_type text)"},
    {12183, "pg_stat_all_indexes", R"(
relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_scan int8,
idx_tup_read int8, idx_tup_fetch int8)",
     R"(
SELECT c.oid, i.oid, n.nspname, c.relname, i.relname, 0::bigint, 0::bigint, 0::bigint
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 't', 'm'))"},
    {12142, "pg_stat_all_tables", R"(
relid oid, schemaname name, relname name, seq_scan int8, seq_tup_read int8, idx_scan int8,
idx_tup_fetch int8, n_tup_ins int8, n_tup_upd int8, n_tup_del int8, n_tup_hot_upd int8,
n_live_tup int8, n_dead_tup int8, n_mod_since_analyze int8, n_ins_since_vacuum int8, last_vacuum
timestamptz, last_autovacuum timestamptz, last_analyze timestamptz, last_autoanalyze
timestamptz, vacuum_count int8, autovacuum_count int8, analyze_count int8, autoanalyze_count
int8)"},
    {12285, "pg_stat_archiver", R"(
archived_count int8, last_archived_wal text, last_archived_time timestamptz, failed_count int8,
last_failed_wal text, last_failed_time timestamptz, stats_reset timestamptz)"},
    {12289, "pg_stat_bgwriter", R"(
checkpoints_timed int8, checkpoints_req int8, checkpoint_write_time float8, checkpoint_sync_time
float8, buffers_checkpoint int8, buffers_clean int8, maxwritten_clean int8, buffers_backend
int8, buffers_backend_fsync int8, buffers_alloc int8, stats_reset timestamptz)"},
    {12266, "pg_stat_database", R"(
datid oid, datname name, numbackends int4, xact_commit int8, xact_rollback int8, blks_read int8,
blks_hit int8, tup_returned int8, tup_fetched int8, tup_inserted int8, tup_updated int8,
tup_deleted int8, conflicts int8, temp_files int8, temp_bytes int8, deadlocks int8,
checksum_failures int8, checksum_last_failure timestamptz, blk_read_time float8, blk_write_time
float8, session_time float8, active_time float8, idle_in_transaction_time float8, sessions int8,
sessions_abandoned int8, sessions_fatal int8, sessions_killed int8, stats_reset timestamptz)"},
    {12271, "pg_stat_database_conflicts", R"(
datid oid, datname name, confl_tablespace int8, confl_lock int8, confl_snapshot int8,
confl_bufferpin int8, confl_deadlock int8)"},
    {12253, "pg_stat_gssapi", R"(
pid int4, gss_authenticated bool, principal text, encrypted bool)"},
    {12297, "pg_stat_progress_analyze", R"(
pid int4, datid oid, datname name, relid oid, phase text, sample_blks_total int8,
sample_blks_scanned int8, ext_stats_total int8, ext_stats_computed int8, child_tables_total
int8, child_tables_done int8, current_child_table_relid oid)"},
    {12317, "pg_stat_progress_basebackup", R"(
pid int4, phase text, backup_total int8, backup_streamed int8, tablespaces_total int8,
tablespaces_streamed int8)"},
    {12307, "pg_stat_progress_cluster", R"(
pid int4, datid oid, datname name, relid oid, command text, phase text, cluster_index_relid oid,
heap_tuples_scanned int8, heap_tuples_written int8, heap_blks_total int8, heap_blks_scanned
int8, index_rebuild_count int8)"},
    {12322, "pg_stat_progress_copy", R"(
pid int4, datid oid, datname name, relid oid, command text, type text, bytes_processed int8,
bytes_total int8, tuples_processed int8, tuples_excluded int8)"},
    {12312, "pg_stat_progress_create_index", R"(
pid int4, datid oid, datname name, relid oid, index_relid oid, command text, phase text,
lockers_total int8, lockers_done int8, current_locker_pid int8, blocks_total int8, blocks_done
int8, tuples_total int8, tuples_done int8, partitions_total int8, partitions_done int8)"},
    {12302, "pg_stat_progress_vacuum", R"(
pid int4, datid oid, datname name, relid oid, phase text, heap_blks_total int8,
heap_blks_scanned int8, heap_blks_vacuumed int8, index_vacuum_count int8, max_dead_tuples int8,
num_dead_tuples int8)"},
    {12240, "pg_stat_recovery_prefetch", R"(
stats_reset timestamptz, prefetch int8, hit int8, skip_init int8, skip_new int8, skip_fpw int8,
skip_rep int8, wal_distance int4, block_distance int4, io_depth int4)"},
    {12227, "pg_stat_replication", R"(
pid int4, usesysid oid, usename name, application_name text, client_addr inet, client_hostname
text, client_port int4, backend_start timestamptz, backend_xmin xid, state text, sent_lsn
pg_lsn, write_lsn pg_lsn, flush_lsn pg_lsn, replay_lsn pg_lsn, write_lag interval, flush_lag
interval, replay_lag interval, sync_priority int4, sync_state text, reply_time timestamptz)"},
    {12262, "pg_stat_replication_slots", R"(
slot_name text, spill_txns int8, spill_count int8, spill_bytes int8, stream_txns int8,
stream_count int8, stream_bytes int8, total_txns int8, total_bytes int8, stats_reset timestamptz)"},
    {12232, "pg_stat_slru", R"(
name text, blks_zeroed int8, blks_hit int8, blks_read int8, blks_written int8, blks_exists int8,
flushes int8, truncates int8, stats_reset timestamptz)"},
    {12249, "pg_stat_ssl", R"(
pid int4, ssl bool, version text, cipher text, bits int4, client_dn text, client_serial numeric,
issuer_dn text)"},
    {12244, "pg_stat_subscription", R"(
subid oid, subname name, pid int4, relid oid, received_lsn pg_lsn, last_msg_send_time
timestamptz, last_msg_receipt_time timestamptz, latest_end_lsn pg_lsn, latest_end_time
timestamptz)"},
    {12336, "pg_stat_subscription_stats", R"(
subid oid, subname name, apply_error_count int8, sync_error_count int8, stats_reset timestamptz)"},
    {12188, "pg_stat_sys_indexes", R"(
relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_scan int8,
idx_tup_read int8, idx_tup_fetch int8)",
     R"(
SELECT * FROM pg_stat_all_indexes WHERE schemaname IN ('pg_catalog', 'information_schema', 'isolde'))"},
    {12152, "pg_stat_sys_tables", R"(
relid oid, schemaname name, relname name, seq_scan int8, seq_tup_read int8, idx_scan int8,
idx_tup_fetch int8, n_tup_ins int8, n_tup_upd int8, n_tup_del int8, n_tup_hot_upd int8,
n_live_tup int8, n_dead_tup int8, n_mod_since_analyze int8, n_ins_since_vacuum int8, last_vacuum
timestamptz, last_autovacuum timestamptz, last_analyze timestamptz, last_autoanalyze
timestamptz, vacuum_count int8, autovacuum_count int8, analyze_count int8, autoanalyze_count
int8)",
     R"(
SELECT * FROM pg_stat_all_tables WHERE schemaname IN ('pg_catalog', 'information_schema', 'isolde'))"},
    {12275, "pg_stat_user_functions", R"(
funcid oid, schemaname name, funcname name, calls int8, total_time float8, self_time float8)"},
    {12192, "pg_stat_user_indexes", R"(
relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_scan int8,
idx_tup_read int8, idx_tup_fetch int8)",
     R"(
SELECT * FROM pg_stat_all_indexes WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'isolde'))"},
    {12161, "pg_stat_user_tables", R"(
relid oid, schemaname name, relname name, seq_scan int8, seq_tup_read int8, idx_scan int8,
idx_tup_fetch int8, n_tup_ins int8, n_tup_upd int8, n_tup_del int8, n_tup_hot_upd int8,
n_live_tup int8, n_dead_tup int8, n_mod_since_analyze int8, n_ins_since_vacuum int8, last_vacuum
timestamptz, last_autovacuum timestamptz, last_analyze timestamptz, last_autoanalyze
timestamptz, vacuum_count int8, autovacuum_count int8, analyze_count int8, autoanalyze_count
int8)",
     R"(
SELECT * FROM pg_stat_all_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'isolde'))"},
    {12293, "pg_stat_wal", R"(
wal_records int8, wal_fpi int8, wal_bytes numeric, wal_buffers_full int8, wal_write int8,
wal_sync int8, wal_write_time float8, wal_sync_time float8, stats_reset timestamptz)"},
    {12236, "pg_stat_wal_receiver", R"(
pid int4, status text, receive_start_lsn pg_lsn, receive_start_tli int4, written_lsn pg_lsn,
flushed_lsn pg_lsn, received_tli int4, last_msg_send_time timestamptz, last_msg_receipt_time
timestamptz, latest_end_lsn pg_lsn, latest_end_time timestamptz, slot_name text, sender_host
text, sender_port int4, conninfo text)"},
    {12147, "pg_stat_xact_all_tables", R"(
relid oid, schemaname name, relname name, seq_scan int8, seq_tup_read int8, idx_scan int8,
idx_tup_fetch int8, n_tup_ins int8, n_tup_upd int8, n_tup_del int8, n_tup_hot_upd int8)"},
    {12157, "pg_stat_xact_sys_tables", R"(
relid oid, schemaname name, relname name, seq_scan int8, seq_tup_read int8, idx_scan int8,
idx_tup_fetch int8, n_tup_ins int8, n_tup_upd int8, n_tup_del int8, n_tup_hot_upd int8)",
     R"(
SELECT * FROM pg_stat_xact_all_tables WHERE schemaname IN ('pg_catalog', 'information_schema', 'isolde'))"},
    {12280, "pg_stat_xact_user_functions", R"(
funcid oid, schemaname name, funcname name, calls int8, total_time float8, self_time float8)"},
    {12166, "pg_stat_xact_user_tables", R"(
relid oid, schemaname name, relname name, seq_scan int8, seq_tup_read int8, idx_scan int8,
idx_tup_fetch int8, n_tup_ins int8, n_tup_upd int8, n_tup_del int8, n_tup_hot_upd int8)",
     R"(
SELECT * FROM pg_stat_xact_all_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'isolde'))"},
    {12196, "pg_statio_all_indexes", R"(
relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_blks_read int8,
idx_blks_hit int8)",
     R"(
SELECT c.oid, i.oid, n.nspname, c.relname, i.relname, 0::bigint, 0::bigint
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 't', 'm'))"},
    {12209, "pg_statio_all_sequences", R"(
relid oid, schemaname name, relname name, blks_read int8, blks_hit int8)",
     R"(
SELECT c.oid, n.nspname, c.relname, 0::bigint, 0::bigint
FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S')"},
    {12170, "pg_statio_all_tables", R"(
relid oid, schemaname name, relname name, heap_blks_read int8, heap_blks_hit int8, idx_blks_read
int8, idx_blks_hit int8, toast_blks_read int8, toast_blks_hit int8, tidx_blks_read int8,
tidx_blks_hit int8)",
     R"(
SELECT c.oid, n.nspname, c.relname, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint,
  0::bigint, 0::bigint, 0::bigint
FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 't', 'm'))"},
    {12201, "pg_statio_sys_indexes", R"(
relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_blks_read int8,
idx_blks_hit int8)",
     R"(
SELECT * FROM pg_statio_all_indexes WHERE schemaname IN ('pg_catalog', 'information_schema', 'isolde'))"},
    {12214, "pg_statio_sys_sequences", R"(
relid oid, schemaname name, relname name, blks_read int8, blks_hit int8)",
     R"(
SELECT * FROM pg_statio_all_sequences WHERE schemaname IN ('pg_catalog', 'information_schema', 'isolde'))"},
    {12175, "pg_statio_sys_tables", R"(
relid oid, schemaname name, relname name, heap_blks_read int8, heap_blks_hit int8, idx_blks_read
int8, idx_blks_hit int8, toast_blks_read int8, toast_blks_hit int8, tidx_blks_read int8,
tidx_blks_hit int8)",
     R"(
SELECT * FROM pg_statio_all_tables WHERE schemaname IN ('pg_catalog', 'information_schema', 'isolde'))"},
    {12205, "pg_statio_user_indexes", R"(
relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_blks_read int8,
idx_blks_hit int8)",
     R"(
SELECT * FROM pg_statio_all_indexes WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'isolde'))"},
    {12218, "pg_statio_user_sequences", R"(
relid oid, schemaname name, relname name, blks_read int8, blks_hit int8)",
     R"(
SELECT * FROM pg_statio_all_sequences WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'isolde'))"},
    {12179, "pg_statio_user_tables", R"(
relid oid, schemaname name, relname name, heap_blks_read int8, heap_blks_hit int8, idx_blks_read
int8, idx_blks_hit int8, toast_blks_read int8, toast_blks_hit int8, tidx_blks_read int8,
tidx_blks_hit int8)",
     R"(
SELECT * FROM pg_statio_all_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'isolde'))"},
    {12058, "pg_stats_ext", R"(
schemaname name, tablename name, statistics_schemaname name, statistics_name name,
statistics_owner name, attnames _name, exprs _text, kinds _char, inherited bool, n_distinct
text, dependencies text, most_common_vals _text, most_common_val_nulls _bool, most_common_freqs
_float8, most_common_base_freqs _float8)"},
    {12063, "pg_stats_ext_exprs", R"(
schemaname name, tablename name, statistics_schemaname name, statistics_name name,
statistics_owner name, expr text, inherited bool, null_frac float4, avg_width int4, n_distinct
float4, most_common_vals anyarray, most_common_freqs _float4, histogram_bounds anyarray,
correlation float4, most_common_elems anyarray, most_common_elem_freqs _float4,
elem_count_histogram _float4)"},
    // clang-format on
};

}  // namespace

extern const std::span<const SystemRelation> kStatisticsViews = kRows;

}  // namespace isolde::sql
