#include "sql/catalog/tradition_views.hpp"

namespace isolde::sql {

namespace {

constexpr SystemRelation kPerformance[] = {
    // clang-format off
    {13920, "data_locks", R"(
engine text, engine_lock_id text, engine_transaction_id int8, thread_id int8, event_id int8,
object_schema text, object_name text, partition_name text, subpartition_name text, index_name text,
object_instance_begin int8, lock_type text, lock_mode text, lock_status text, lock_data text)"},
    {13921, "data_lock_waits", R"(
engine text, requesting_engine_lock_id text, requesting_engine_transaction_id int8,
requesting_thread_id int8, requesting_event_id int8, requesting_object_instance_begin int8,
blocking_engine_lock_id text, blocking_engine_transaction_id int8, blocking_thread_id int8,
blocking_event_id int8, blocking_object_instance_begin int8)"},
    // clang-format on
};

constexpr SystemRelation kInnodb[] = {
    // clang-format off
    {13922, "innodb_trx", R"(
trx_id text, trx_state text, trx_started timestamptz, trx_requested_lock_id text, trx_wait_started
timestamptz, trx_weight int8, trx_mysql_thread_id int8, trx_query text, trx_operation_state text,
trx_tables_in_use int8, trx_tables_locked int8, trx_lock_structs int8, trx_lock_memory_bytes int8,
trx_rows_locked int8, trx_rows_modified int8, trx_concurrency_tickets int8, trx_isolation_level text,
trx_unique_checks int4, trx_foreign_key_checks int4, trx_last_foreign_key_error text,
trx_adaptive_hash_latched int4, trx_adaptive_hash_timeout int8, trx_is_read_only int4,
trx_autocommit_non_locking int4, trx_schedule_weight int8)"},
    {13923, "innodb_locks", R"(
lock_id text, lock_trx_id text, lock_mode text, lock_type text, lock_table text, lock_index text,
lock_space int8, lock_page int8, lock_rec int8, lock_data text)"},
    {13924, "innodb_lock_waits", R"(
requesting_trx_id text, requested_lock_id text, blocking_trx_id text, blocking_lock_id text)"},
    // clang-format on
};

constexpr SystemRelation kSys[] = {
    // clang-format off
    {13925, "dm_tran_locks", R"(
resource_type text, resource_subtype text, resource_database_id int4, resource_description text,
resource_associated_entity_id int8, resource_lock_partition int4, request_mode text, request_type
text, request_status text, request_reference_count int2, request_lifetime int4, request_session_id
int4, request_exec_context_id int4, request_request_id int4, request_owner_type text,
request_owner_id int8, request_owner_guid uuid, request_owner_lockspace_id text, lock_owner_address
bytea)"},
    // clang-format on
};

}  // namespace

extern const std::span<const SystemRelation> kPerformanceViews = kPerformance;
extern const std::span<const SystemRelation> kInnodbViews = kInnodb;
extern const std::span<const SystemRelation> kSysViews = kSys;

}  // namespace isolde::sql
