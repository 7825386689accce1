// Tables: which columns are read, through which index, and what is left to be filtered.

#include <algorithm>
#include <cmath>

#include "sql/exec/row_reference.hpp"
#include "sql/plan/comparison_kind.hpp"
#include "sql/plan/estimate.hpp"
#include "sql/plan/index_choice.hpp"
#include "sql/plan/join_costs.hpp"
#include "sql/plan/planner_impl.hpp"
#include "sql/plan/table_plan.hpp"

namespace isolde::sql {

namespace {

/// The columns between `first` and `end` that an expression reads, from 0; `others`: any besides.
void columns_read(const Expr* expr, int first, int end, std::vector<bool>& read, bool& others) {
  if (expr->kind == ExprKind::kColumn) {
    if (expr->index >= first && expr->index < end) {
      read[static_cast<size_t>(expr->index - first)] = true;
    } else {
      others = true;
    }
  }
  for (const Expr* argument : expr->arguments) columns_read(argument, first, end, read, others);
}

}  // namespace

void Planner::use_index(TableScan& scan, const IndexChoice& choice) {
  scan.index = choice.index;
  scan.unique_point = choice.point;
  scan.backward = choice.backward;
  std::vector<const Expr*> values;
  for (size_t i = 0; i < choice.used.size(); ++i) {
    const KeyCondition& used = *choice.used[i];
    if (used.exact) scan.ranged.push_back(used.condition);
    KeyBound& bound = scan.keys.emplace_back();
    bound.kind = used.kind;
    bound.column = choice.columns[i];
    bound.type = used.type;
    if (used.value != nullptr) {
      bound.value = static_cast<int>(values.size());
      values.push_back(used.value);
    }
  }
  scan.bounds = program(std::span<const Expr* const>(values.data(), values.size()), {});
}

/// ctid = value, ctid = ANY (values).
bool Planner::use_places(TableScan& scan, const std::vector<Expr*>& conditions) {
  for (Expr* condition : conditions) {
    bool any = condition->kind == ExprKind::kAnyArray;
    if (!any && condition->kind != ExprKind::kCall) continue;
    if (comparison_kind(condition->function) != ComparisonKind::kEqual) continue;
    const Expr* key = condition->arguments[0];
    const Expr* value = condition->arguments[1];
    if (!any && key->type->oid == types::kTid && !reads_columns(key)) std::swap(key, value);
    bool ctid = key->kind == ExprKind::kCall && key->function == system_column("ctid");
    if (!ctid || !is_bound_value(value)) continue;
    scan.by_place = true;
    scan.ranged = {condition};
    scan.places_array = any;
    scan.bounds = program(value);
    return true;
  }
  return false;
}

/// The columns of the item that somebody reads; the last is the reference to the row.
std::vector<bool> Planner::columns_needed(const FromItem& item,
                                          const std::vector<Expr*>& conditions) {
  std::vector<bool> any(item.used, item.used + item.columns.size());
  bool others = false;
  for (const Expr* condition : conditions) {
    columns_read(condition, item.offset, item.offset + item.width(), any, others);
  }
  if (item.keep_payload) any[item.info->live.size()] = true;
  return any;
}

/// The columns of the table that are read, in two steps: what the filter needs, then the rest.
void Planner::choose_columns(TableScan& scan, const FromItem& item,
                             const std::vector<Expr*>& filter, const std::vector<bool>& needed) {
  const size_t live = item.info->live.size();
  std::vector<bool> first(item.columns.size(), false);
  bool others = false;
  for (const Expr* condition : filter) {
    columns_read(condition, item.offset, item.offset + item.width(), first, others);
  }
  std::vector<int> places[2], outputs[2];
  for (size_t i = 0; i < live; ++i) {
    if (!needed[i]) continue;
    int step = first[i] || filter.empty() ? 0 : 1;
    places[step].push_back(item.info->live[i]);
    outputs[step].push_back(static_cast<int>(i));
    if (scan.keys_only) {
      scan.from_key.emplace_back(key_column_of(item, *scan.index, static_cast<int>(i)), i);
    }
  }
  scan.filter_columns = RowDecoder(item.info->shape, std::move(places[0]), outputs[0]);
  scan.other_columns = RowDecoder(item.info->shape, std::move(places[1]), outputs[1]);
  scan.reference = needed[live] ? static_cast<int>(live) : -1;
  scan.reference_payload = item.keep_payload;
  scan.reference_filtered = first[live];
}

Expr* Planner::all_of(const std::vector<Expr*>& conditions) {
  if (conditions.size() == 1) return conditions[0];
  Expr* made = memory_.expr(ExprKind::kAnd, &type_of(types::kBool), -1);
  made->arguments = conditions;
  made->index = 1;  // only whether it is true
  return made;
}

/// A scan of a table that gives the rows for which all conditions hold. The conditions are over the
/// row of the query, and read of it this item alone.
const Plan* Planner::table_scan(FromItem& item, std::vector<Expr*> conditions,
                                const ScanWish& wish) {
  auto scan = std::make_shared<TableScan>();
  scan->table = item.info;
  scan->alias = item.alias;
  scan->number = item.number;
  scan->intent = item.intent;
  scan->strength = item.strength;
  scan->wait = item.wait;
  std::vector<Expr*> filter = conditions;
  const std::vector<bool> needed = columns_needed(item, conditions);
  double rows = row_estimate(item) * wish.estimator.selectivity(conditions);
  if (!use_places(*scan, conditions)) {
    const std::vector<KeyCondition> usable = key_conditions(conditions);
    if (auto choice = choose_index(item, usable, needed, wish, rows)) {
      use_index(*scan, *choice);
      scan->keys_only = choice->covering;
      if (choice->ordered && wish.order != nullptr) wish.order->met = true;
      if (choice->point) rows = 1;
      for (const KeyCondition* used : choice->used) {
        if (used->exact) std::erase(filter, used->condition);
      }
    }
  }
  choose_columns(*scan, item, filter, needed);
  auto over_item = [&](const std::vector<Expr*>& list) {
    return program(shifted(all_of(list), item.offset));
  };
  scan->item = &item;
  scan->filtered.assign(filter.begin(), filter.end());
  scan->has_filter = !filter.empty();
  scan->has_recheck = !conditions.empty();
  if (scan->has_filter) scan->filter = over_item(filter);
  if (scan->has_recheck) scan->recheck = over_item(conditions);
  Plan* plan = make(Plan::Kind::kTableScan, {});
  plan->rows = std::max(1.0, std::round(rows));
  item_shape(plan, item);
  plan->scan = std::move(scan);
  return plan;
}

}  // namespace isolde::sql
