#pragma once

#include <vector>

#include "sql/plan/estimate.hpp"
#include "sql/plan/join_tree.hpp"
#include "sql/plan/planner_impl.hpp"

namespace isolde::sql {

/// Rows of some relations, and what is known of them.
struct JoinInput {
  /// A value of other relations that the rows depend on, and where it is handed down.
  struct Need {
    int slot;
    Expr* value;
  };
  PlannedRows rows;
  RelSet set;
  double count = 1;
  double cost = 0;
  std::vector<Need> needs;
  RelSet needed;  ///< the relations that `needs` read
  /// The same, of relations outside of the group of joins that is being planned.
  std::vector<Need> outside;
  /// Of a table alone: it, and the conditions on its rows.
  FromItem* table = nullptr;
  std::vector<Expr*> filters;
};

/// Turns the join tree of a query into a plan. See join_search.cpp for the order of inner joins,
/// join_planner.cpp for the ways to join two inputs.
class JoinPlanner {
 public:
  JoinPlanner(Planner& planner, Query& query);

  PlannedRows plan();

 private:
  using Kind = JoinTree::Kind;

  // join_planner.cpp
  JoinInput plan(JoinTree& tree);
  JoinInput plan_join(JoinTree& tree);
  JoinInput item(JoinTree& tree);
  static const FromItem* only_item(const JoinTree& tree);
  Planner::ScanWish wish_for(const FromItem& item);
  JoinInput filtered(JoinInput input, const std::vector<Expr*>& quals);
  JoinInput join(JoinInput left, JoinInput right, Kind kind, const std::vector<Expr*>& quals);
  JoinInput hash_join(JoinInput left, JoinInput right, Kind kind, const std::vector<Expr*>& equal,
                      const std::vector<Expr*>& rest);
  JoinInput nested_loop(JoinInput left, JoinInput right, Kind kind,
                        const std::vector<Expr*>& quals);
  bool can_look_up(const JoinInput& right, const std::vector<Expr*>& quals);
  double look_up_cost(const JoinInput& left, const JoinInput& right, double selectivity) const;
  JoinInput looked_up(JoinInput right, const std::vector<Expr*>& quals);
  void split_equalities(const JoinInput& left, const JoinInput& right,
                        const std::vector<Expr*>& quals, std::vector<Expr*>& equal,
                        std::vector<Expr*>& rest) const;
  JoinInput joined_shape(const JoinInput& left, const JoinInput& right, Kind kind,
                         double selectivity) const;
  void check_full_join(const JoinInput& left, const JoinInput& right,
                       const std::vector<Expr*>& quals) const;
  Expr* from_slots(Expr* expr, const RelSet& inside, std::vector<JoinInput::Need>& outside);
  void hand_down_from_outside(JoinInput& input, const RelSet& inside);
  JoinInput with_own_needs(JoinInput input);
  void keep_tables();
  void count_uses(const Expr& expr, int by);
  void count_tree_uses(const JoinTree& tree);
  std::vector<int> kept_columns(const JoinInput& input, const std::vector<Expr*>& also) const;
  std::vector<int> logical_columns(const JoinInput& input) const;

  // join_search.cpp
  JoinInput inner(JoinTree& tree);
  JoinInput gated(JoinInput input, const std::vector<Expr*>& quals);
  struct Search;

  Planner& planner_;
  Query& query_;
  PlanMemory& memory_;
  JoinTreeBuilder builder_;
  Estimator estimator_;
  const FromItem* only_item_ = nullptr;
  std::vector<int> uses_;  ///< of each column, by what is still to be planned
};

}  // namespace isolde::sql
