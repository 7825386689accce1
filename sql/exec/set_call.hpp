#pragma once

#include <memory>
#include <vector>

#include "sql/exec/exec_context.hpp"
#include "sql/expr/evaluator.hpp"
#include "sql/plan/plan.hpp"

namespace isolde::sql {

/// One running call of a set-returning function; of any other function it makes a set of one row.
class SetCall {
 public:
  SetCall(const Plan::Call& call, ExecContext& exec);

  /// Starts over with arguments computed over a row.
  void start(const Datum* row);
  /// Fills the call's columns; false at the end.
  bool next(Datum* columns);

 private:
  bool next_plain(Datum* columns);

  const Plan::Call& call_;
  Arena arguments_arena_;  ///< lives as long as the set
  Arena arena_;            ///< lives as long as a row
  Evaluator arguments_;
  CallContext start_context_;
  CallContext row_context_;
  std::unique_ptr<SetIterator> rows_;
  const Datum* single_ = nullptr;
  std::vector<Datum> parts_;
};

}  // namespace isolde::sql
