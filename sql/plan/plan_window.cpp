// Window functions: one stage a window, each over rows sorted by its PARTITION BY and ORDER BY.

#include <algorithm>

#include "sql/plan/planner_impl.hpp"

namespace isolde::sql {

namespace {

bool starts_with(const std::vector<Plan::OrderItem>& order,
                 const std::vector<Plan::OrderItem>& keys) {
  auto same = [](const Plan::OrderItem& a, const Plan::OrderItem& b) {
    return a.column == b.column && a.descending == b.descending && a.nulls_first == b.nulls_first;
  };
  return order.size() >= keys.size() && std::equal(keys.begin(), keys.end(), order.begin(), same);
}

}  // namespace

Planner::Rows Planner::windowed(Rows rows, Query& query) {
  auto column = query.grouped ? query.group_by.size() + query.aggregates.size()
                              : static_cast<size_t>(query.row_width);
  rows.name_columns();
  rows.place.resize(std::max(rows.place.size(), column + query.window_calls.size()), -1);
  std::vector<Plan::OrderItem> sorted_by;
  for (size_t i = 0; i < query.window_calls.size();) {
    int number = query.window_calls[i]->index;
    const WindowSpec& spec = *query.windows[static_cast<size_t>(number)];
    std::vector<Plan::OrderItem> keys = window_keys(rows, spec);
    if (!starts_with(sorted_by, keys)) {
      Plan* sort = over(Plan::Kind::kSort, rows.plan);
      sort->order = sorted_by = keys;
      rows.plan = sort;
    }
    Plan* stage = window_stage(rows.plan, spec, keys);
    std::vector<Expr*> inputs;
    for (; i < query.window_calls.size() && query.window_calls[i]->index == number; ++i) {
      add_window_call(stage, *query.window_calls[i], inputs);
      rows.place[column++] = stage->width - 1;
    }
    stage->output = program(inputs, rows);
    rows.plan = stage;
  }
  return rows;
}

/// What a window sorts by, as columns.
std::vector<Plan::OrderItem> Planner::window_keys(Rows& rows, const WindowSpec& spec) {
  std::vector<Expr*> exprs = spec.partition;
  for (const Expr::Order& order : spec.order) exprs.push_back(order.value);
  std::vector<int> columns = as_columns(rows, exprs);
  std::vector<Plan::OrderItem> keys;
  for (size_t i = 0; i < exprs.size(); ++i) {
    Plan::OrderItem item{columns[i], exprs[i]->type, false, false};
    if (i >= spec.partition.size()) {
      item.descending = spec.order[i - spec.partition.size()].descending;
      item.nulls_first = spec.order[i - spec.partition.size()].nulls_first;
    }
    keys.push_back(item);
  }
  return keys;
}

Plan* Planner::window_stage(const Plan* child, const WindowSpec& spec,
                            const std::vector<Plan::OrderItem>& keys) {
  Plan* plan = over(Plan::Kind::kWindow, child);
  plan->window = std::make_unique<Plan::Window>();
  Plan::Window& window = *plan->window;
  auto border = keys.begin() + static_cast<ptrdiff_t>(spec.partition.size());
  window.partition.assign(keys.begin(), border);
  window.order.assign(border, keys.end());
  window.frame = spec.frame;
  if (spec.start_offset != nullptr) window.start_offset = program(spec.start_offset);
  if (spec.end_offset != nullptr) window.end_offset = program(spec.end_offset);
  const Expr* offset = spec.start_offset != nullptr ? spec.start_offset : spec.end_offset;
  if (offset != nullptr) window.offset_type = offset->type;
  if (spec.range_sum != nullptr) {
    window.range_sum = program(spec.range_sum);
    window.range_difference = program(spec.range_difference);
    window.range_key = program(spec.range_key);
    window.range_type = spec.range_sum->type;
  }
  return plan;
}

void Planner::add_window_call(Plan* plan, Expr& call, std::vector<Expr*>& inputs) {
  Plan::WindowCall& made = plan->window->calls.emplace_back();
  made.function = call.function->window;
  made.type = call.type;
  made.call = aggregate_call(call, inputs);
  plan->types.push_back(call.type);
  ++plan->width;
}

}  // namespace isolde::sql
