#include "sql/settings/table_builder.hpp"
#include "sql/settings/tables.hpp"

namespace isolde::sql {

namespace {

using namespace table;
using namespace setting_flag;

constexpr EnumOption kConstraintExclusionValues[] = {
    {"partition", 0}, {"on", 1},       {"off", 2},     {"true", 1, true}, {"false", 2, true},
    {"yes", 1, true}, {"no", 2, true}, {"1", 1, true}, {"0", 2, true},
};

constexpr EnumOption kPlanCacheModes[] = {
    {"auto", number_of(PlanCacheMode::kAuto)},
    {"force_generic_plan", number_of(PlanCacheMode::kForceGenericPlan)},
    {"force_custom_plan", number_of(PlanCacheMode::kForceCustomPlan)},
};

constexpr SettingDefinition kOtherPlannerOptions[] = {
    choice("constraint_exclusion", kUser, "partition", kConstraintExclusionValues,
           "Enables the planner to use constraints to optimize queries.",
           "Table scans will be skipped if their constraints guarantee that no rows match the "
           "query.") |
        with(kExplain),
    real("cursor_tuple_fraction", kUser, 0.1, {0, 1}, kNone,
         "Sets the planner's estimate of the fraction of a cursor's rows that will be retrieved.") |
        with(kExplain) | into<&SettingFields::cursor_tuple_fraction>(),
    integer("default_statistics_target", kUser, 100, {1, 10000}, kNone,
            "Sets the default statistics target.",
            "This applies to table columns that have not had a column-specific target set via "
            "ALTER TABLE SET STATISTICS.") |
        into<&SettingFields::default_statistics_target>(),
    integer("from_collapse_limit", kUser, 8, {1, kIntMax}, kNone,
            "Sets the FROM-list size beyond which subqueries are not collapsed.",
            "The planner will merge subqueries into upper queries if the resulting FROM list would "
            "have no more than this many items.") |
        with(kExplain) | into<&SettingFields::from_collapse_limit>(),
    boolean("jit", kUser, true, "Allow JIT compilation.") | with(kExplain),
    integer("join_collapse_limit", kUser, 8, {1, kIntMax}, kNone,
            "Sets the FROM-list size beyond which JOIN constructs are not flattened.",
            "The planner will flatten explicit JOIN constructs into lists of FROM items whenever a "
            "list of no more than this many items would result.") |
        with(kExplain) | into<&SettingFields::join_collapse_limit>(),
    choice("plan_cache_mode", kUser, "auto", kPlanCacheModes,
           "Controls the planner's selection of custom or generic plan.",
           "Prepared statements can have custom and generic plans, and the planner will attempt to "
           "choose which is better.  This can be set to override the default behavior.") |
        with(kExplain) | into<&SettingFields::plan_cache_mode>(),
    real("recursive_worktable_factor", kUser, 10, {0.001, 1000000}, kNone,
         "Sets the planner's estimate of the average size of a recursive query's working table.") |
        with(kExplain),
};

constexpr SettingDefinition kPlannerMethodConfiguration[] = {
    boolean("enable_async_append", kUser, true,
            "Enables the planner's use of async append plans.") |
        with(kExplain),
    boolean("enable_bitmapscan", kUser, true, "Enables the planner's use of bitmap-scan plans.") |
        with(kExplain) | into<&SettingFields::enable_bitmapscan>(),
    boolean("enable_gathermerge", kUser, true, "Enables the planner's use of gather merge plans.") |
        with(kExplain),
    boolean("enable_hashagg", kUser, true,
            "Enables the planner's use of hashed aggregation plans.") |
        with(kExplain) | into<&SettingFields::enable_hashagg>(),
    boolean("enable_hashjoin", kUser, true, "Enables the planner's use of hash join plans.") |
        with(kExplain) | into<&SettingFields::enable_hashjoin>(),
    boolean("enable_incremental_sort", kUser, true,
            "Enables the planner's use of incremental sort steps.") |
        with(kExplain) | into<&SettingFields::enable_incremental_sort>(),
    boolean("enable_indexonlyscan", kUser, true,
            "Enables the planner's use of index-only-scan plans.") |
        with(kExplain) | into<&SettingFields::enable_indexonlyscan>(),
    boolean("enable_indexscan", kUser, true, "Enables the planner's use of index-scan plans.") |
        with(kExplain) | into<&SettingFields::enable_indexscan>(),
    boolean("enable_material", kUser, true, "Enables the planner's use of materialization.") |
        with(kExplain) | into<&SettingFields::enable_material>(),
    boolean("enable_memoize", kUser, true, "Enables the planner's use of memoization.") |
        with(kExplain) | into<&SettingFields::enable_memoize>(),
    boolean("enable_mergejoin", kUser, true, "Enables the planner's use of merge join plans.") |
        with(kExplain) | into<&SettingFields::enable_mergejoin>(),
    boolean("enable_nestloop", kUser, true,
            "Enables the planner's use of nested-loop join plans.") |
        with(kExplain) | into<&SettingFields::enable_nestloop>(),
    boolean("enable_parallel_append", kUser, true,
            "Enables the planner's use of parallel append plans.") |
        with(kExplain),
    boolean("enable_parallel_hash", kUser, true,
            "Enables the planner's use of parallel hash plans.") |
        with(kExplain),
    boolean("enable_partition_pruning", kUser, true,
            "Enables plan-time and execution-time partition pruning.",
            "Allows the query planner and executor to compare partition bounds to conditions in "
            "the query to determine which partitions must be scanned.") |
        with(kExplain),
    boolean("enable_partitionwise_aggregate", kUser, false,
            "Enables partitionwise aggregation and grouping.") |
        with(kExplain),
    boolean("enable_partitionwise_join", kUser, false, "Enables partitionwise join.") |
        with(kExplain),
    boolean("enable_seqscan", kUser, true, "Enables the planner's use of sequential-scan plans.") |
        with(kExplain) | into<&SettingFields::enable_seqscan>(),
    boolean("enable_sort", kUser, true, "Enables the planner's use of explicit sort steps.") |
        with(kExplain) | into<&SettingFields::enable_sort>(),
    boolean("enable_tidscan", kUser, true, "Enables the planner's use of TID scan plans.") |
        with(kExplain) | into<&SettingFields::enable_tidscan>(),
};

constexpr SettingDefinition kGeneticQueryOptimizer[] = {
    boolean("geqo", kUser, true, "Enables genetic query optimization.",
            "This algorithm attempts to do planning without exhaustive searching.") |
        with(kExplain),
    integer("geqo_effort", kUser, 5, {1, 10}, kNone,
            "GEQO: effort is used to set the default for other GEQO parameters.") |
        with(kExplain),
    integer("geqo_generations", kUser, 0, {0, kIntMax}, kNone,
            "GEQO: number of iterations of the algorithm.",
            "Zero selects a suitable default value.") |
        with(kExplain),
    integer("geqo_pool_size", kUser, 0, {0, kIntMax}, kNone,
            "GEQO: number of individuals in the population.",
            "Zero selects a suitable default value.") |
        with(kExplain),
    real("geqo_seed", kUser, 0, {0, 1}, kNone, "GEQO: seed for random path selection.") |
        with(kExplain),
    real("geqo_selection_bias", kUser, 2, {1.5, 2}, kNone,
         "GEQO: selective pressure within the population.") |
        with(kExplain),
    integer("geqo_threshold", kUser, 12, {2, kIntMax}, kNone,
            "Sets the threshold of FROM items beyond which GEQO is used.") |
        with(kExplain),
};

constexpr SettingGroup kGroups[] = {
    {"Query Tuning / Other Planner Options", kOtherPlannerOptions},
    {"Query Tuning / Planner Method Configuration", kPlannerMethodConfiguration},
    {"Query Tuning / Genetic Query Optimizer", kGeneticQueryOptimizer},
};

}  // namespace

std::span<const SettingGroup> planner_settings() {
  return kGroups;
}

}  // namespace isolde::sql
