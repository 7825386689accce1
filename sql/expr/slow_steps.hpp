#pragma once

#include <memory>
#include <vector>

#include "sql/expr/program.hpp"

namespace isolde::sql {

struct ExecContext;
class RowSource;

/// The steps that are too long for the evaluator's inner loop; returns what goes to the output.
Datum run_slow_step(const Step& step, const Datum* registers, CallContext& call, ExecContext& exec);

/// One subquery of one running program. Without values handed down, what it yields stays the same
/// and is worked out once.
class SubplanRunner {
 public:
  SubplanRunner(const SubplanRef& subplan, ExecContext& exec);
  ~SubplanRunner();

  /// `passed` are the registers with the values to hand down.
  Datum run(const Datum* passed, Arena& arena);

 private:
  Datum exists();
  Datum scalar(Arena& arena);
  Datum array(Arena& arena);
  Datum only_row();
  Datum quantified(bool any);

  const SubplanRef& subplan_;
  ExecContext& exec_;
  std::unique_ptr<RowSource> source_;
  std::unique_ptr<class SubplanTest> test_;
  bool known_ = false;
  uint64_t known_at_ = 0;
  Datum result_;
};

}  // namespace isolde::sql
