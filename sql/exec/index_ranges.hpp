#pragma once

#include <vector>

#include "sql/exec/exec_context.hpp"
#include "sql/expr/evaluator.hpp"
#include "sql/plan/table_plan.hpp"

namespace isolde::sql {

/// The ranges of keys that an index scan goes through: one, or with `= ANY (array)` one a value.
class IndexRanges {
 public:
  IndexRanges(const TableScan& scan, ExecContext& exec);

  /// Works out the values; then next() gives the ranges in the order of the scan.
  void start();
  bool next(txn::KeyRange& range);

 private:
  bool build(txn::KeyRange& range, Datum any_of) const;
  bool add_equality(storage::Bytes& key, const KeyBound& bound, Datum value) const;
  bool add_limit(txn::KeyRange& range, const storage::Bytes& prefix, const KeyBound& bound) const;
  void list_values();
  Datum value_of(const KeyBound& bound) const {
    return bound.value < 0 ? Datum::null() : values_[bound.value];
  }

  const TableScan& scan_;
  Arena arena_;
  Evaluator bounds_;
  const Datum* values_ = nullptr;
  const KeyBound* any_of_ = nullptr;
  std::vector<Datum> list_;  ///< of any_of_, in order
  size_t at_ = 0;
};

}  // namespace isolde::sql
