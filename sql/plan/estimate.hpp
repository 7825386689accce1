#pragma once

#include "sql/plan/join_tree.hpp"
#include "sql/plan/relation_stats.hpp"

namespace isolde::sql {

/// Guesses how many rows conditions leave, in PostgreSQL's manner (selfuncs.c), with its defaults
/// where no statistics tell.
class Estimator {
 public:
  explicit Estimator(const JoinTreeBuilder& tree) : tree_(tree) {}

  /// The part of the rows (or of the pairs of rows) for which a condition is true.
  double selectivity(const Expr& condition) const;
  double selectivity(const std::vector<Expr*>& conditions) const;
  /// How many values an expression has among so many rows.
  double distinct(const Expr& expr, double rows) const;

 private:
  double of_call(const Expr& call) const;
  const Expr* column_in(const Expr& expr) const;

  const JoinTreeBuilder& tree_;
};

}  // namespace isolde::sql
