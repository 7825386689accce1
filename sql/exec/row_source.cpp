#include "sql/exec/row_source.hpp"

#include "sql/exec/operators.hpp"
#include "sql/exec/plan_timings.hpp"

namespace isolde::sql {

namespace {

/// Running takes about as much stack as making did, with something on top.
constexpr size_t kReserve = base::Task::kStackReserve * 3 / 2;

std::unique_ptr<RowSource> make_operator(const Plan& plan, ExecContext& exec) {
  switch (plan.kind) {
    case Plan::Kind::kResult:
      return make_result(plan, exec);
    case Plan::Kind::kValues:
      return make_values(plan, exec);
    case Plan::Kind::kFunctionScan:
      return make_function_scan(plan, exec);
    case Plan::Kind::kVirtualScan:
      return make_virtual_scan(plan, exec);
    case Plan::Kind::kHashJoin:
      return make_hash_join(plan, exec);
    case Plan::Kind::kNestedLoop:
      return make_nested_loop(plan, exec);
    case Plan::Kind::kFilter:
      return make_filter(plan, exec);
    case Plan::Kind::kProject:
      return make_project(plan, exec);
    case Plan::Kind::kProjectSet:
      return make_project_set(plan, exec);
    case Plan::Kind::kAggregate:
      return make_aggregate(plan, exec);
    case Plan::Kind::kSort:
      return make_sort(plan, exec);
    case Plan::Kind::kUnique:
      return make_unique_rows(plan, exec);
    case Plan::Kind::kSetOperation:
      return make_set_operation(plan, exec);
    case Plan::Kind::kLimit:
      return make_limit(plan, exec);
    case Plan::Kind::kAppend:
      return make_append(plan, exec);
    case Plan::Kind::kWith:
      return make_with(plan, exec);
    case Plan::Kind::kSharedScan:
      return make_shared_scan(plan, exec);
    case Plan::Kind::kWorkTableScan:
      return make_work_table_scan(plan, exec);
    case Plan::Kind::kRecursiveUnion:
      return make_recursive_union(plan, exec);
    case Plan::Kind::kWindow:
      return make_window(plan, exec);
    case Plan::Kind::kInput:
      return make_input(plan, exec);
    case Plan::Kind::kTableScan:
      return make_table_scan(plan, exec);
    case Plan::Kind::kModify:
      return make_modify(plan, exec);
    case Plan::Kind::kLockRows:
      return make_lock_rows(plan, exec);
  }
  return nullptr;
}

}  // namespace

std::unique_ptr<RowSource> make_row_source(const Plan& plan, ExecContext& exec) {
  base::value_or_throw(exec.task.check_stack(kReserve));
  std::unique_ptr<RowSource> made = make_operator(plan, exec);
  return exec.timings == nullptr ? std::move(made) : exec.timings->timed(plan, std::move(made));
}

}  // namespace isolde::sql
