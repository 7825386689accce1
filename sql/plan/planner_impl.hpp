#pragma once

#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "sql/plan/estimate.hpp"
#include "sql/plan/index_choice.hpp"
#include "sql/plan/plan.hpp"
#include "sql/plan/planner_settings.hpp"
#include "sql/plan/query.hpp"
#include "sql/plan/rows.hpp"

namespace isolde::sql {

/// Makes the plan of one statement, query by query. The files by subject: planner.cpp (what a query
/// consists of), plan_from.cpp (scans), join_planner.cpp (joins), plan_grouping.cpp, plan_sets.cpp
/// (set-returning functions in the select list), plan_order.cpp (ORDER BY, DISTINCT, LIMIT),
/// plan_scan.cpp (tables), plan_index.cpp (which index), plan_extremes.cpp (min and max),
/// plan_with.cpp, plan_window.cpp.
class Planner {
 public:
  Planner(PlanMemory& memory, PlanPool& plans, const PlannerSettings& settings)
      : memory_(memory), plans_(plans), settings_(settings) {}

  const Plan* plan(Query& query);
  void compile_rules(WriteRules& rules, const Modification& modify);
  /// Whether an item of WITH is planned where it is read.
  static bool in_place(const CommonTable& table);

 private:
  friend class JoinPlanner;
  using Rows = PlannedRows;

  // planner.cpp
  Plan* make(Plan::Kind kind, std::vector<const Plan*> children);
  /// An operator whose rows look like its child's.
  Plan* over(Plan::Kind kind, const Plan* child);
  static void shape(Plan* plan, const Query& query);
  /// Expressions over no row, or over one whose columns stand where their numbers say.
  Program program(const Expr* expression) { return program(std::span(&expression, 1), {}); }
  Program program(const std::vector<Expr*>& expressions) { return program(expressions, Rows{}); }
  Program program(const Expr* expression, const Rows& rows) {
    return program(std::span(&expression, 1), rows.place);
  }
  Program program(const std::vector<Expr*>& expressions, const Rows& rows) {
    return program(std::span<const Expr* const>(expressions.data(), expressions.size()),
                   rows.place);
  }
  Program program(std::span<const Expr* const> expressions, std::span<const int> place);
  const Plan* rows(Query& query);
  const Plan* values(Query& query);
  const Plan* set_operation(Query& query);
  const Plan* select(Query& query);
  Rows filtered(Rows source, Expr* condition);
  Rows filtered(Rows source, std::vector<Expr*> conditions);
  static void put_subqueries_last(std::vector<Expr*>& conditions);
  std::vector<int> as_columns(Rows& rows, const std::vector<Expr*>& exprs);
  const Plan* appended(const Rows& rows, const std::vector<Expr*>& exprs);

  // plan_from.cpp
  /// What is known and wanted of a scan.
  struct ScanWish {
    const Estimator& estimator;
    WantedOrder* order = nullptr;
  };
  Rows from(Query& query);
  /// The rows of one thing in FROM. A scan may apply conditions by itself; it takes those out of
  /// `conditions`.
  const Plan* item_rows(FromItem& item, std::vector<Expr*>& conditions, const ScanWish& wish);
  static void item_shape(Plan* plan, const FromItem& item);
  const Plan* function_scan(FromItem& item);
  void add_table_call(Plan* plan, const Expr& function, int width);
  void add_call(Plan* plan, const Expr& expr, int width, const Rows& rows);
  /// The expression with columns counted from `by` on.
  Expr* shifted(const Expr* expr, int by);
  static double row_estimate(const FromItem& item);
  static std::optional<double> known_number(const Expr& expr);

  // plan_with.cpp
  const Plan* with_tables(const Plan* main, Query& query);
  const Plan* common_table(FromItem& item);
  const Plan* recursion(CommonTable& table);

  // plan_window.cpp
  Rows windowed(Rows rows, Query& query);
  std::vector<Plan::OrderItem> window_keys(Rows& rows, const WindowSpec& spec);
  Plan* window_stage(const Plan* child, const WindowSpec& spec,
                     const std::vector<Plan::OrderItem>& keys);
  void add_window_call(Plan* plan, Expr& call, std::vector<Expr*>& inputs);

  // plan_scan.cpp
  const Plan* table_scan(FromItem& item, std::vector<Expr*> conditions, const ScanWish& wish);
  void use_index(TableScan& scan, const IndexChoice& choice);
  bool use_places(TableScan& scan, const std::vector<Expr*>& conditions);
  static std::vector<bool> columns_needed(const FromItem& item,
                                          const std::vector<Expr*>& conditions);
  static void choose_columns(TableScan& scan, const FromItem& item,
                             const std::vector<Expr*>& filter, const std::vector<bool>& needed);
  Expr* all_of(const std::vector<Expr*>& conditions);

  // plan_index.cpp
  std::optional<IndexChoice> choose_index(const FromItem& item,
                                          const std::vector<KeyCondition>& conditions,
                                          const std::vector<bool>& needed, const ScanWish& wish,
                                          double selected);
  /// Whether a scan under `own` and `joined` conditions would go through an index by one of the
  /// latter, whose other sides are known before the scan.
  static bool can_look_up(const FromItem& item, const std::vector<Expr*>& own,
                          const std::vector<Expr*>& joined);
  static WantedOrder order_wanted(const Query& query);

  // plan_extremes.cpp
  std::optional<Rows> extremes(Query& query);
  Expr* extreme(const Query& query, const Expr& aggregate);

  // plan_modify.cpp
  const Plan* modification(Query& query);
  MergeStep merge_step(const MergeAction& action, const Rows& rows);
  UpdatePart update_part(const std::vector<Assignment>& assignments, const Rows& rows);
  static void mark_items(FromItem& item, std::vector<RowMark>& marks);
  const Plan* locked(const Plan* source, const Query& query);

  // plan_grouping.cpp
  const Plan* aggregated(const Rows& source, Query& query);
  static Plan::AggregateCall aggregate_call(const Expr& expr, std::vector<Expr*>& inputs);

  // plan_sets.cpp
  static bool has_set(const Expr* expr);
  Expr* take_sets(Expr* expr, Plan* plan, Rows& rows);
  Rows with_sets(Rows source, Query& query);

  // plan_order.cpp
  const Plan* sorted(const Plan* source, const Query& query);
  const Plan* unique(const Plan* source, const Query& query);
  const Plan* limited(const Plan* source, const Query& query);

  PlanMemory& memory_;
  PlanPool& plans_;
  PlannerSettings settings_;
  std::unordered_map<const Query*, const Plan*> subplans_;  ///< a subquery is planned once
  WantedOrder* wanted_ = nullptr;                           ///< by the query that is being planned
  bool reads_forgotten_ = false;  ///< what is being planned reads rows that are made anew
};

}  // namespace isolde::sql
