#pragma once

#include <memory>
#include <vector>

#include "sql/expr/program.hpp"

namespace isolde::sql {

struct ExecContext;
class SubplanRunner;

/// One execution of a program: its registers. The values that a run makes live in the arena given
/// to the constructor, until the owner resets that.
class Evaluator {
 public:
  Evaluator();
  Evaluator(const Program& program, ExecContext& exec, Arena& arena);
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;
  ~Evaluator();

  /// Runs over one row; returns the outputs, valid until the next run.
  const Datum* run(const Datum* row);
  /// For programs with one output of type boolean: whether it is true.
  bool is_true(const Datum* row) {
    const Datum* out = run(row);
    return !out->is_null() && out->as_bool();
  }

 private:
  void run_steps(const Datum* row);
  void slow_step(const Step& step, const Datum* row);

  const Program* program_ = nullptr;
  ExecContext* exec_ = nullptr;
  Datum* registers_ = nullptr;
  std::unique_ptr<CallContext> call_;
  std::vector<std::unique_ptr<SubplanRunner>> subplans_;
};

}  // namespace isolde::sql
