#include "sql/settings/setting_checks.hpp"
#include "sql/settings/table_builder.hpp"
#include "sql/settings/tables.hpp"

namespace isolde::sql {

namespace {

using namespace table;
using namespace setting_flag;

constexpr SettingDefinition kMemory[] = {
    integer("shared_buffers", kPostmaster, 16384, {16, 1073741823}, kBlocks,
            "Sets the number of shared memory buffers used by the server."),
    integer("temp_buffers", kUser, 1024, {100, 1073741823}, kBlocks,
            "Sets the maximum number of temporary buffers used by each session.") |
        with(kExplain),
    integer("work_mem", kUser, 4096, {64, kIntMax}, kKb,
            "Sets the maximum memory to be used for query workspaces.",
            "This much memory can be used by each internal sort operation and hash table before "
            "switching to temporary disk files.") |
        with(kExplain) | into<&SettingFields::work_mem>(),
    real("hash_mem_multiplier", kUser, 2, {1, 1000}, kNone,
         "Multiple of work_mem to use for hash tables.") |
        with(kExplain) | into<&SettingFields::hash_mem_multiplier>(),
    integer("maintenance_work_mem", kUser, 65536, {1024, kIntMax}, kKb,
            "Sets the maximum memory to be used for maintenance operations.",
            "This includes operations such as VACUUM and CREATE INDEX.") |
        into<&SettingFields::maintenance_work_mem>(),
    integer("autovacuum_work_mem", kSighup, -1, {-1, kIntMax}, kKb,
            "Sets the maximum memory to be used by each autovacuum worker process."),
    integer("max_stack_depth", kSuperuser, 2048, {100, kIntMax}, kKb,
            "Sets the maximum stack depth, in kilobytes."),
    integer("max_prepared_transactions", kPostmaster, 64, {0, 262143}, kNone,
            "Sets the maximum number of simultaneously prepared transactions."),
};

constexpr SettingDefinition kDisk[] = {
    integer("temp_file_limit", kSuperuser, -1, {-1, kIntMax}, kKb,
            "Limits the total size of all temporary files used by each process.",
            "-1 means no limit.") |
        into<&SettingFields::temp_file_limit>(),
};

constexpr SettingDefinition kKernelResources[] = {
    integer("max_files_per_process", kPostmaster, 1000, {64, kIntMax}, kNone,
            "Sets the maximum number of simultaneously open files for each server process."),
};

constexpr SettingDefinition kAsynchronousBehavior[] = {
    integer(
        "effective_io_concurrency", kUser, 1, {0, 1000}, kNone,
        "Number of simultaneous requests that can be handled efficiently by the disk subsystem.") |
        with(kExplain),
    integer("maintenance_io_concurrency", kUser, 10, {0, 1000}, kNone,
            "A variant of effective_io_concurrency that is used for maintenance work.") |
        with(kExplain),
    integer("max_worker_processes", kPostmaster, 8, {0, 262143}, kNone,
            "Maximum number of concurrent worker processes."),
    integer("max_parallel_workers", kUser, 8, {0, 1024}, kNone,
            "Sets the maximum number of parallel workers that can be active at one time.") |
        with(kExplain),
    integer("max_parallel_workers_per_gather", kUser, 2, {0, 1024}, kNone,
            "Sets the maximum number of parallel processes per executor node.") |
        with(kExplain),
    integer("max_parallel_maintenance_workers", kUser, 2, {0, 1024}, kNone,
            "Sets the maximum number of parallel processes per maintenance operation."),
    boolean("parallel_leader_participation", kUser, true,
            "Controls whether Gather and Gather Merge also run subplans.",
            "Should gather nodes also run subplans or just gather tuples?") |
        with(kExplain),
};

constexpr SettingDefinition kBackgroundWriter[] = {
    integer("bgwriter_delay", kSighup, 200, {10, 10000}, kMs,
            "Background writer sleep time between rounds."),
    integer("bgwriter_lru_maxpages", kSighup, 100, {0, 1073741823}, kNone,
            "Background writer maximum number of LRU pages to flush per round."),
    real("bgwriter_lru_multiplier", kSighup, 2, {0, 10}, kNone,
         "Multiple of the average buffer usage to free per round."),
};

constexpr SettingDefinition kCostBasedVacuumDelay[] = {
    real("vacuum_cost_delay", kUser, 0, {0, 100}, kMs, "Vacuum cost delay in milliseconds."),
    integer("vacuum_cost_limit", kUser, 200, {1, 10000}, kNone,
            "Vacuum cost amount available before napping."),
    integer("vacuum_cost_page_hit", kUser, 1, {0, 10000}, kNone,
            "Vacuum cost for a page found in the buffer cache."),
    integer("vacuum_cost_page_miss", kUser, 2, {0, 10000}, kNone,
            "Vacuum cost for a page not found in the buffer cache."),
    integer("vacuum_cost_page_dirty", kUser, 20, {0, 10000}, kNone,
            "Vacuum cost for a page dirtied by vacuum."),
};

constexpr SettingDefinition kLockManagement[] = {
    integer("deadlock_timeout", kSuperuser, 1000, {0, kIntMax}, kMs,
            "Sets the time to wait on a lock before checking for deadlock.") |
        into<&SettingFields::deadlock_timeout>(),
    integer(
        "max_locks_per_transaction", kPostmaster, 64, {10, kIntMax}, kNone,
        "Sets the maximum number of locks per transaction.",
        "The shared lock table is sized on the assumption that at most max_locks_per_transaction * "
        "max_connections distinct objects will need to be locked at any one time."),
    integer("max_pred_locks_per_transaction", kPostmaster, 64, {10, kIntMax}, kNone,
            "Sets the maximum number of predicate locks per transaction.",
            "The shared predicate lock table is sized on the assumption that at most "
            "max_pred_locks_per_transaction * max_connections distinct objects will need to be "
            "locked at any one time."),
    integer("max_pred_locks_per_relation", kSighup, -2, {kIntMin, kIntMax}, kNone,
            "Sets the maximum number of predicate-locked pages and tuples per relation.",
            "If more than this total of pages and tuples in the same relation are locked by a "
            "connection, those locks are replaced by a relation-level lock."),
    integer("max_pred_locks_per_page", kSighup, 2, {0, kIntMax}, kNone,
            "Sets the maximum number of predicate-locked tuples per page.",
            "If more than this number of tuples on the same page are locked by a connection, those "
            "locks are replaced by a page-level lock."),
};

constexpr SettingGroup kGroups[] = {
    {"Resource Usage / Memory", kMemory},
    {"Resource Usage / Disk", kDisk},
    {"Resource Usage / Kernel Resources", kKernelResources},
    {"Resource Usage / Asynchronous Behavior", kAsynchronousBehavior},
    {"Resource Usage / Background Writer", kBackgroundWriter},
    {"Resource Usage / Cost-Based Vacuum Delay", kCostBasedVacuumDelay},
    {"Lock Management", kLockManagement},
};

}  // namespace

std::span<const SettingGroup> resource_settings() {
  return kGroups;
}

}  // namespace isolde::sql
