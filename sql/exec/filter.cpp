#include "sql/exec/operators.hpp"
#include "sql/expr/evaluator.hpp"

namespace isolde::sql {

namespace {

class Filter final : public RowSource {
 public:
  Filter(const Plan& plan, ExecContext& exec)
      : exec_(exec),
        child_(make_row_source(*plan.children[0], exec)),
        arena_(exec.budget),
        condition_(plan.condition, exec, arena_),
        once_(plan.once) {}

  void open() override {
    // A condition that reads no row is looked at before any is asked for.
    shut_ = once_ && !condition_.is_true(nullptr);
    if (!shut_) child_->open();
  }

  const Datum* next() override {
    if (once_) return shut_ ? nullptr : child_->next();
    while (const Datum* row = child_->next()) {
      exec_.poll();
      arena_.reset();
      if (condition_.is_true(row)) return row;
    }
    return nullptr;
  }

 private:
  ExecContext& exec_;
  RowSourcePtr child_;
  Arena arena_;
  Evaluator condition_;
  bool once_;
  bool shut_ = false;
};

}  // namespace

RowSourcePtr make_filter(const Plan& plan, ExecContext& exec) {
  return std::make_unique<Filter>(plan, exec);
}

}  // namespace isolde::sql
