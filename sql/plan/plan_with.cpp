// WITH: which items are planned where they are read, and which get rows of their own.

#include <utility>

#include "sql/plan/planner_impl.hpp"
#include "sql/plan/walk.hpp"

namespace isolde::sql {

/// As PostgreSQL does it: read once and nothing against it, or said to be NOT MATERIALIZED.
bool Planner::in_place(const CommonTable& table) {
  if (table.recursive != nullptr || table.modifies || !table.passed.empty()) return false;
  if (table.materialize == CommonTable::Materialize::kAlways) return false;
  return table.references == 1 && !is_volatile(*table.query);
}

const Plan* Planner::with_tables(const Plan* main, Query& query) {
  std::vector<const Plan*> children = {main};
  std::vector<Plan::SharedRows> shared;
  for (CommonTable* table : query.with) {
    if ((table->references == 0 && !table->modifies) || in_place(*table)) continue;
    bool outer = std::exchange(reads_forgotten_, false);
    const Plan* rows = table->recursive == nullptr ? plan(*table->query) : recursion(*table);
    children.push_back(rows);
    Plan::SharedRows& made = shared.emplace_back();
    made.slot = table->slot;
    made.to_the_end = table->modifies;
    made.forget = !table->passed.empty() || reads_forgotten_;
    made.passed_slots = table->passed_slots;
    made.passed = program(table->passed);
    reads_forgotten_ |= outer;
  }
  if (shared.empty()) return main;
  Plan* plan = over(Plan::Kind::kWith, main);
  plan->children = std::move(children);
  plan->shared = std::move(shared);
  return plan;
}

const Plan* Planner::recursion(CommonTable& table) {
  const Plan* first = plan(*table.query);
  const Plan* again = plan(*table.recursive);
  Plan* plan = make(Plan::Kind::kRecursiveUnion, {first, again});
  plan->width = static_cast<int>(table.columns.size());
  plan->types.assign(first->types.begin(), first->types.begin() + plan->width);
  plan->visible = plan->width;
  plan->slot = table.slot;
  plan->all = !table.distinct;
  plan->rows = 10 * first->rows;
  return plan;
}

/// The rows of an item, as a thing in FROM.
const Plan* Planner::common_table(FromItem& item) {
  CommonTable& table = *item.common;
  if (!item.work_table && in_place(table)) return plan(*table.query);
  Plan* scan = make(item.work_table ? Plan::Kind::kWorkTableScan : Plan::Kind::kSharedScan, {});
  scan->slot = table.slot;
  item_shape(scan, item);
  if (!item.work_table && table.recursive == nullptr) {
    for (size_t i = item.columns.size(); i < static_cast<size_t>(table.query->width()); ++i) {
      scan->types.push_back(table.query->targets[i].value->type);  // there to be sorted by
    }
  }
  scan->width = static_cast<int>(scan->types.size());
  scan->rows = 100;
  reads_forgotten_ |= item.work_table || !table.passed.empty();
  return scan;
}

}  // namespace isolde::sql
