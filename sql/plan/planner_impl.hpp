#pragma once

#include <span>
#include <vector>

#include "sql/plan/plan.hpp"
#include "sql/plan/query.hpp"

namespace isolde::sql {

/// Makes the plan of one statement, query by query. The files by subject: planner.cpp (what a query
/// consists of), plan_from.cpp (scans, joins), plan_grouping.cpp, plan_sets.cpp (set-returning
/// functions in the select list), plan_order.cpp (ORDER BY, DISTINCT, LIMIT).
class Planner {
 public:
  Planner(PlanMemory& memory, PlanPool& plans) : memory_(memory), plans_(plans) {}

  const Plan* plan(Query& query);

 private:
  // planner.cpp
  Plan* make(Plan::Kind kind, std::vector<const Plan*> children);
  /// An operator whose rows look like its child's.
  Plan* over(Plan::Kind kind, const Plan* child);
  static void shape(Plan* plan, const Query& query);
  Program program(std::span<const Expr* const> expressions);
  Program program(const Expr* expression) { return program(std::span(&expression, 1)); }
  Program program(const std::vector<Expr*>& expressions) {
    return program(std::span<const Expr* const>(expressions.data(), expressions.size()));
  }
  const Plan* rows(Query& query);
  const Plan* values(Query& query);
  const Plan* set_operation(Query& query);
  const Plan* select(Query& query);
  const Plan* filtered(const Plan* source, Expr* condition);

  // plan_from.cpp
  const Plan* from(Query& query);
  const Plan* first_rows(FromItem& item);
  const Plan* item_rows(FromItem& item);
  static void item_shape(Plan* plan, const FromItem& item);
  const Plan* function_scan(FromItem& item);
  void add_call(Plan* plan, const Expr& expr, int width);
  Expr* shifted(const Expr* expr, int by);
  const Plan* joined(const Plan* left, const Plan* right, FromItem::Join join, Expr* condition,
                     int offset, FromItem* right_item);

  // plan_grouping.cpp
  const Plan* aggregated(const Plan* source, Query& query);
  static void add_aggregate(Plan* plan, Expr& expr, std::vector<Expr*>& inputs);

  // plan_sets.cpp
  static bool has_set(const Expr* expr);
  Expr* take_sets(Expr* expr, Plan* plan);
  const Plan* with_sets(const Plan* source, Query& query);

  // plan_order.cpp
  const Plan* sorted(const Plan* source, const Query& query);
  const Plan* unique(const Plan* source, const Query& query);
  const Plan* limited(const Plan* source, const Query& query);

  PlanMemory& memory_;
  PlanPool& plans_;
};

}  // namespace isolde::sql
