#pragma once

#include <bitset>
#include <deque>
#include <functional>
#include <vector>

#include "sql/plan/query.hpp"

namespace isolde::sql {

/// A set of things in FROM, by number.
inline constexpr size_t kMaxRelations = 512;
using RelSet = std::bitset<kMaxRelations>;

inline bool within(const RelSet& a, const RelSet& b) {
  return (a & ~b).none();
}

/// FROM and WHERE of a query, as the planner sees them: inner joins as flat as they can be, with
/// conditions where they belong.
struct JoinTree {
  enum class Kind : uint8_t {
    kItem,   ///< one thing in FROM; `quals` filter its rows
    kInner,  ///< any number of `parts`, in any order; `quals` over several of them
    kLeft,   ///< two parts; `quals` are the join's condition, as for those below
    kFull,
    kSemi,  ///< rows of the first part that have a match in the second
    kAnti,  ///< rows that have none
  };
  Kind kind = Kind::kInner;
  FromItem* item = nullptr;
  std::vector<JoinTree*> parts;
  std::vector<Expr*> quals;
  RelSet set;  ///< all items below
};

/// How many columns an item has in its query's row, with those that are only there to be sorted by.
int row_width(const FromItem& item);

/// Builds the tree of a query. Changes the query: simple subqueries in FROM become part of it, and
/// so do subqueries of EXISTS and IN.
class JoinTreeBuilder {
 public:
  JoinTreeBuilder(Query& query, PlanMemory& memory);

  JoinTree* build();

  /// The expression with the parts for which `value_of` has another value replaced; shared parts
  /// stay as they are.
  Expr* replaced(Expr* expr, const std::function<Expr*(const Expr&)>& value_of);

  /// How many columns the query's row has by now.
  int columns() const { return static_cast<int>(relation_of_.size()); }
  /// What stands in FROM, by number.
  const std::vector<FromItem*>& items() const { return items_; }
  RelSet relations(const Expr& expr) const;
  /// The item that a column belongs to.
  const FromItem& item_of(int column) const {
    return *items_[static_cast<size_t>(relation_of_[static_cast<size_t>(column)])];
  }

 private:
  // join_tree.cpp: structure
  JoinTree* make(JoinTree::Kind kind);
  JoinTree* tree_of(FromItem& item, bool nullable);
  JoinTree* tree_of_join(FromItem& item, bool nullable);
  JoinTree* leaf(FromItem& item);
  int add_columns(int count);
  void own_columns(int relation, int offset, int count);
  void add_part(JoinTree& inner, JoinTree* part);
  static void split(Expr* condition, std::vector<Expr*>& quals);
  void update_sets(JoinTree& tree);
  std::vector<Expr*> hoist(JoinTree& tree);
  void hoist_into(JoinTree& tree);

  // pull_up.cpp: subqueries become part of the query
  JoinTree* pull_up(FromItem& item, bool nullable);
  bool can_pull_up(const FromItem& item, bool nullable) const;
  void move_columns(Query& inner, int by);
  void shift(FromItem& item, int by);
  void replace_in_query(const std::function<Expr*(const Expr&)>& value_of);
  Expr* retyped(Expr* value, const Type& type);
  JoinTree* with_sublinks(JoinTree* tree);
  bool add_sublink(JoinTree*& tree, Expr& qual);
  JoinTree* exists_tree(Expr& sublink, std::vector<Expr*>& quals);
  JoinTree* any_tree(Expr& sublink, std::vector<Expr*>& quals);

  // join_rules.cpp: conditions
  JoinTree* reduce(JoinTree* tree, RelSet not_null);
  void push_down(JoinTree& tree);
  bool push_into(JoinTree*& part, Expr* qual, bool above);
  RelSet null_if_null(const Expr& expr) const;
  RelSet rejects_null(const Expr& expr) const;
  void flatten(JoinTree& tree);

  Query& query_;
  PlanMemory& memory_;
  std::deque<JoinTree> pool_;
  std::vector<FromItem*> items_;
  std::vector<int> relation_of_;  ///< of each column; -1 for what is gone
  JoinTree* root_ = nullptr;
};

}  // namespace isolde::sql
