#include "sql/settings/table_builder.hpp"
#include "sql/settings/tables.hpp"

namespace isolde::sql {

namespace {

using namespace table;
using namespace setting_flag;

constexpr EnumOption kTrackFunctionsValues[] = {
    {"none", 0},
    {"pl", 1},
    {"all", 2},
};

constexpr EnumOption kStatsFetchConsistencyValues[] = {
    {"none", 0},
    {"cache", 1},
    {"snapshot", 2},
};

constexpr EnumOption kComputeQueryIdValues[] = {
    {"auto", 0},        {"regress", 1},   {"on", 2},       {"off", 3},     {"true", 2, true},
    {"false", 3, true}, {"yes", 2, true}, {"no", 3, true}, {"1", 2, true}, {"0", 3, true},
};

constexpr SettingDefinition kAutovacuum[] = {
    boolean("autovacuum", kSighup, true, "Starts the autovacuum subprocess."),
    integer("autovacuum_naptime", kSighup, 60, {1, 2147483}, kS,
            "Time to sleep between autovacuum runs."),
    integer("autovacuum_max_workers", kPostmaster, 3, {1, 262143}, kNone,
            "Sets the maximum number of simultaneously running autovacuum worker processes."),
    integer("autovacuum_vacuum_threshold", kSighup, 50, {0, kIntMax}, kNone,
            "Minimum number of tuple updates or deletes prior to vacuum."),
    integer("autovacuum_vacuum_insert_threshold", kSighup, 1000, {-1, kIntMax}, kNone,
            "Minimum number of tuple inserts prior to vacuum, or -1 to disable insert vacuums."),
    integer("autovacuum_analyze_threshold", kSighup, 50, {0, kIntMax}, kNone,
            "Minimum number of tuple inserts, updates, or deletes prior to analyze."),
    real("autovacuum_vacuum_scale_factor", kSighup, 0.2, {0, 100}, kNone,
         "Number of tuple updates or deletes prior to vacuum as a fraction of reltuples."),
    real("autovacuum_vacuum_insert_scale_factor", kSighup, 0.2, {0, 100}, kNone,
         "Number of tuple inserts prior to vacuum as a fraction of reltuples."),
    real("autovacuum_analyze_scale_factor", kSighup, 0.1, {0, 100}, kNone,
         "Number of tuple inserts, updates, or deletes prior to analyze as a fraction of "
         "reltuples."),
    real("autovacuum_vacuum_cost_delay", kSighup, 2, {-1, 100}, kMs,
         "Vacuum cost delay in milliseconds, for autovacuum."),
    integer("autovacuum_vacuum_cost_limit", kSighup, -1, {-1, 10000}, kNone,
            "Vacuum cost amount available before napping, for autovacuum."),
};

constexpr SettingDefinition kCumulativeQueryAndIndexStatistics[] = {
    boolean("track_activities", kSuperuser, true, "Collects information about executing commands.",
            "Enables the collection of information on the currently executing command of each "
            "session, along with the time at which that command began execution.") |
        into<&SettingFields::track_activities>(),
    integer("track_activity_query_size", kPostmaster, 1024, {100, 1048576}, kB,
            "Sets the size reserved for pg_stat_activity.query, in bytes."),
    boolean("track_counts", kSuperuser, true, "Collects statistics on database activity.") |
        into<&SettingFields::track_counts>(),
    choice("track_functions", kSuperuser, "none", kTrackFunctionsValues,
           "Collects function-level statistics on database activity."),
    boolean("track_io_timing", kSuperuser, false,
            "Collects timing statistics for database I/O activity.") |
        into<&SettingFields::track_io_timing>(),
    boolean("track_wal_io_timing", kSuperuser, false,
            "Collects timing statistics for WAL I/O activity."),
    choice("stats_fetch_consistency", kUser, "cache", kStatsFetchConsistencyValues,
           "Sets the consistency of accesses to statistics data."),
};

constexpr SettingDefinition kMonitoring[] = {
    choice("compute_query_id", kSuperuser, "auto", kComputeQueryIdValues,
           "Enables in-core computation of query identifiers."),
};

constexpr SettingGroup kGroups[] = {
    {"Autovacuum", kAutovacuum},
    {"Statistics / Cumulative Query and Index Statistics", kCumulativeQueryAndIndexStatistics},
    {"Statistics / Monitoring", kMonitoring},
};

}  // namespace

std::span<const SettingGroup> vacuum_settings() {
  return kGroups;
}

}  // namespace isolde::sql
