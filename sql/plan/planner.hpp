#pragma once

#include <memory>

#include "sql/plan/plan.hpp"
#include "sql/plan/planner_settings.hpp"
#include "sql/plan/query.hpp"

namespace isolde::sql {

/// Chooses how to run a bound query. Changes the query's expressions on the way: the result refers
/// to them no longer.
const Plan* make_plan(Query& query, PlanMemory& memory, PlanPool& plans,
                      const PlannerSettings& settings = {});

/// How rows of a table are checked and indexed. Changes expressions as make_plan does.
void compile_rules(WriteRules& rules, const Modification& modify, PlanMemory& memory,
                   PlanPool& plans);

}  // namespace isolde::sql
