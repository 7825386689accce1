// ORDER BY, DISTINCT, LIMIT.

#include <algorithm>

#include "sql/plan/planner_impl.hpp"

namespace isolde::sql {

const Plan* Planner::sorted(const Plan* source, const Query& query) {
  Plan* plan = over(Plan::Kind::kSort, source);
  for (const SortItem& item : query.sort) {
    plan->order.push_back({item.target, query.targets[static_cast<size_t>(item.target)].value->type,
                           item.descending, item.nulls_first});
  }
  bool first_only =
      query.limit != nullptr && query.distinct_on.empty() && !query.with_ties && !query.locks;
  if (first_only) {
    plan->has_limit = true;
    plan->limit = program(query.limit);
    plan->has_offset = query.offset != nullptr;
    if (plan->has_offset) plan->offset = program(query.offset);
  }
  return plan;
}

const Plan* Planner::unique(const Plan* source, const Query& query) {
  Plan* plan = over(Plan::Kind::kUnique, source);
  plan->visible = query.visible_targets();
  for (int target : query.distinct_on) {
    plan->order.push_back(
        {target, query.targets[static_cast<size_t>(target)].value->type, false, false});
  }
  return plan;
}

const Plan* Planner::limited(const Plan* source, const Query& query) {
  Plan* plan = over(Plan::Kind::kLimit, source);
  plan->has_limit = query.limit != nullptr;
  plan->has_offset = query.offset != nullptr;
  for (const SortItem& item : query.sort) {
    if (!query.with_ties) break;
    plan->order.push_back({item.target, query.targets[static_cast<size_t>(item.target)].value->type,
                           item.descending, item.nulls_first});
  }
  if (query.limit != nullptr) {
    plan->limit = program(query.limit);
    if (auto most = known_number(*query.limit)) plan->rows = std::min(plan->rows, *most);
  }
  if (query.offset != nullptr) plan->offset = program(query.offset);
  return plan;
}

}  // namespace isolde::sql
