// GROUP BY and aggregates.

#include <algorithm>

#include "sql/plan/planner_impl.hpp"

namespace isolde::sql {

const Plan* Planner::aggregated(const Rows& source, Query& query) {
  Plan* plan = make(Plan::Kind::kAggregate, {source.plan});
  plan->keys = static_cast<int>(query.group_by.size());
  plan->grouped = !query.group_by.empty();
  std::vector<Expr*> inputs = query.group_by;
  for (const Expr* key : query.group_by) plan->types.push_back(key->type);
  for (Expr* aggregate : query.aggregates) {
    plan->aggregates.push_back(aggregate_call(*aggregate, inputs));
    plan->types.push_back(aggregate->type);
  }
  plan->width = static_cast<int>(plan->types.size());
  plan->rows = plan->grouped ? std::min(source.plan->rows, 200.0) : 1;
  plan->output = program(inputs, source);
  return plan;
}

/// How an aggregate (or window function) is called; what it reads is added to `inputs`.
Plan::AggregateCall Planner::aggregate_call(const Expr& expr, std::vector<Expr*>& inputs) {
  Plan::AggregateCall call;
  call.aggregate = expr.function->aggregate;
  call.fast = expr.distinct || !expr.order.empty() ? FastOp::kNone : expr.function->fast;
  call.strict = expr.function->strict;
  call.distinct = expr.distinct;
  call.first_argument = static_cast<int>(inputs.size());
  call.arguments = static_cast<int>(expr.arguments.size());
  for (Expr* argument : expr.arguments) {
    inputs.push_back(argument);
    call.site.types.push_back(argument->type);
    call.input_types.push_back(argument->type);
  }
  for (const Expr::Order& order : expr.order) {
    auto same = [&](const Expr* argument) { return same_expression(argument, order.value); };
    auto argument = std::find_if(expr.arguments.begin(), expr.arguments.end(), same);
    auto column = static_cast<int>(argument - expr.arguments.begin());
    if (argument == expr.arguments.end()) {
      column = static_cast<int>(inputs.size()) - call.first_argument;
      call.input_types.push_back(order.value->type);
      inputs.push_back(order.value);
    }
    call.order.push_back({column, order.value->type, order.descending, order.nulls_first});
  }
  call.site.site = {call.site.types, expr.type, expr.typmod, expr.variadic_array};
  if (expr.filter != nullptr) {
    call.filter = static_cast<int>(inputs.size());
    inputs.push_back(expr.filter);
  }
  return call;
}

}  // namespace isolde::sql
