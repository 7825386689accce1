#include "sql/settings/table_builder.hpp"
#include "sql/settings/tables.hpp"

namespace isolde::sql {

namespace {

using namespace table;
using namespace setting_flag;

constexpr SettingDefinition kPlannerCostConstants[] = {
    real("cpu_index_tuple_cost", kUser, 0.005, {0, kRealMax}, kNone,
         "Sets the planner's estimate of the cost of processing each index entry during an index "
         "scan.") |
        with(kExplain) | into<&SettingFields::cpu_index_tuple_cost>(),
    real("cpu_operator_cost", kUser, 0.0025, {0, kRealMax}, kNone,
         "Sets the planner's estimate of the cost of processing each operator or function call.") |
        with(kExplain) | into<&SettingFields::cpu_operator_cost>(),
    real("cpu_tuple_cost", kUser, 0.01, {0, kRealMax}, kNone,
         "Sets the planner's estimate of the cost of processing each tuple (row).") |
        with(kExplain) | into<&SettingFields::cpu_tuple_cost>(),
    integer(
        "effective_cache_size", kUser, 524288, {1, kIntMax}, kBlocks,
        "Sets the planner's assumption about the total size of the data caches.",
        "That is, the total size of the caches (kernel cache and shared buffers) used for "
        "PostgreSQL data files. This is measured in disk pages, which are normally 8 kB each.") |
        with(kExplain) | into<&SettingFields::effective_cache_size>(),
    real("jit_above_cost", kUser, 100000, {-1, kRealMax}, kNone,
         "Perform JIT compilation if query is more expensive.", "-1 disables JIT compilation.") |
        with(kExplain),
    real("jit_inline_above_cost", kUser, 500000, {-1, kRealMax}, kNone,
         "Perform JIT inlining if query is more expensive.", "-1 disables inlining.") |
        with(kExplain),
    real("jit_optimize_above_cost", kUser, 500000, {-1, kRealMax}, kNone,
         "Optimize JIT-compiled functions if query is more expensive.",
         "-1 disables optimization.") |
        with(kExplain),
    integer("min_parallel_index_scan_size", kUser, 64, {0, 715827882}, kBlocks,
            "Sets the minimum amount of index data for a parallel scan.",
            "If the planner estimates that it will read a number of index pages too small to reach "
            "this limit, a parallel scan will not be considered.") |
        with(kExplain),
    integer("min_parallel_table_scan_size", kUser, 1024, {0, 715827882}, kBlocks,
            "Sets the minimum amount of table data for a parallel scan.",
            "If the planner estimates that it will read a number of table pages too small to reach "
            "this limit, a parallel scan will not be considered.") |
        with(kExplain),
    real("parallel_setup_cost", kUser, 1000, {0, kRealMax}, kNone,
         "Sets the planner's estimate of the cost of starting up worker processes for parallel "
         "query.") |
        with(kExplain),
    real("parallel_tuple_cost", kUser, 0.1, {0, kRealMax}, kNone,
         "Sets the planner's estimate of the cost of passing each tuple (row) from worker to "
         "leader backend.") |
        with(kExplain),
    real("random_page_cost", kUser, 4, {0, kRealMax}, kNone,
         "Sets the planner's estimate of the cost of a nonsequentially fetched disk page.") |
        with(kExplain) | into<&SettingFields::random_page_cost>(),
    real("seq_page_cost", kUser, 1, {0, kRealMax}, kNone,
         "Sets the planner's estimate of the cost of a sequentially fetched disk page.") |
        with(kExplain) | into<&SettingFields::seq_page_cost>(),
};

constexpr SettingGroup kGroups[] = {
    {"Query Tuning / Planner Cost Constants", kPlannerCostConstants},
};

}  // namespace

std::span<const SettingGroup> cost_settings() {
  return kGroups;
}

}  // namespace isolde::sql
