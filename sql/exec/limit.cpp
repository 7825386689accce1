#include "sql/exec/operators.hpp"
#include "sql/expr/evaluator.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

class Limit final : public RowSource {
 public:
  Limit(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        exec_(exec),
        child_(make_row_source(*plan.children[0], exec)),
        arena_(exec.budget) {}

  void open() override {
    child_->open();
    skip_ = 0;
    left_ = -1;
    if (plan_.has_offset) {
      Datum value = Evaluator(plan_.offset, exec_, arena_).run(nullptr)[0];
      if (!value.is_null()) skip_ = value.as_int();
      if (skip_ < 0) {
        fail(base::sqlstate::kInvalidRowCountInResultOffsetClause, "OFFSET must not be negative");
      }
    }
    if (plan_.has_limit) {
      Datum value = Evaluator(plan_.limit, exec_, arena_).run(nullptr)[0];
      if (value.is_null()) return;
      left_ = value.as_int();
      if (left_ < 0) {
        fail(base::sqlstate::kInvalidRowCountInLimitClause, "LIMIT must not be negative");
      }
    }
  }

  const Datum* next() override {
    if (left_ == 0) return nullptr;
    for (; skip_ > 0; --skip_) {
      exec_.poll();
      if (child_->next() == nullptr) {
        left_ = 0;
        return nullptr;
      }
    }
    if (left_ > 0) --left_;
    return child_->next();
  }

 private:
  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr child_;
  Arena arena_;
  int64_t skip_ = 0;
  int64_t left_ = -1;  ///< -1: all
};

}  // namespace

RowSourcePtr make_limit(const Plan& plan, ExecContext& exec) {
  return std::make_unique<Limit>(plan, exec);
}

}  // namespace isolde::sql
