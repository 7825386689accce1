#pragma once

#include <memory>

#include "sql/exec/exec_context.hpp"
#include "sql/exec/row_source.hpp"
#include "sql/plan/plan.hpp"

// One file an operator; each is made from its plan.

namespace isolde::sql {

using RowSourcePtr = std::unique_ptr<RowSource>;

RowSourcePtr make_result(const Plan& plan, ExecContext& exec);
RowSourcePtr make_values(const Plan& plan, ExecContext& exec);
RowSourcePtr make_function_scan(const Plan& plan, ExecContext& exec);
RowSourcePtr make_virtual_scan(const Plan& plan, ExecContext& exec);
RowSourcePtr make_hash_join(const Plan& plan, ExecContext& exec);
RowSourcePtr make_nested_loop(const Plan& plan, ExecContext& exec);
RowSourcePtr make_filter(const Plan& plan, ExecContext& exec);
RowSourcePtr make_project(const Plan& plan, ExecContext& exec);
RowSourcePtr make_project_set(const Plan& plan, ExecContext& exec);
RowSourcePtr make_aggregate(const Plan& plan, ExecContext& exec);
RowSourcePtr make_sort(const Plan& plan, ExecContext& exec);
RowSourcePtr make_unique_rows(const Plan& plan, ExecContext& exec);
RowSourcePtr make_set_operation(const Plan& plan, ExecContext& exec);
RowSourcePtr make_limit(const Plan& plan, ExecContext& exec);
RowSourcePtr make_append(const Plan& plan, ExecContext& exec);
RowSourcePtr make_with(const Plan& plan, ExecContext& exec);
RowSourcePtr make_shared_scan(const Plan& plan, ExecContext& exec);
RowSourcePtr make_work_table_scan(const Plan& plan, ExecContext& exec);
RowSourcePtr make_recursive_union(const Plan& plan, ExecContext& exec);
RowSourcePtr make_window(const Plan& plan, ExecContext& exec);
RowSourcePtr make_input(const Plan& plan, ExecContext& exec);
RowSourcePtr make_table_scan(const Plan& plan, ExecContext& exec);
RowSourcePtr make_merge(const Plan& plan, ExecContext& exec);
RowSourcePtr make_modify(const Plan& plan, ExecContext& exec);
RowSourcePtr make_lock_rows(const Plan& plan, ExecContext& exec);

}  // namespace isolde::sql
