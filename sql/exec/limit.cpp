#include "sql/exec/operators.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/exec/row_order.hpp"
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
    last_ = nullptr;
    ended_ = false;
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
    if (left_ == 0) return next_tie();
    for (; skip_ > 0; --skip_) {
      exec_.poll();
      if (child_->next() == nullptr) {
        left_ = 0;
        ended_ = true;
        return nullptr;
      }
    }
    if (left_ > 0) --left_;
    const Datum* row = child_->next();
    bool last = left_ == 0 && row != nullptr && !plan_.order.empty();
    if (!last) return row;
    arena_.reset();
    return last_ = copy_row(row, plan_.types, arena_);
  }

 private:
  /// WITH TIES: rows that stand where the last one stands.
  const Datum* next_tie() {
    if (last_ == nullptr || ended_) return nullptr;
    const Datum* row = child_->next();
    ended_ = row == nullptr || compare_rows(last_, row, plan_.order) != 0;
    return ended_ ? nullptr : row;
  }

  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr child_;
  Arena arena_;
  int64_t skip_ = 0;
  int64_t left_ = -1;  ///< -1: all
  const Datum* last_ = nullptr;
  bool ended_ = false;
};

}  // namespace

RowSourcePtr make_limit(const Plan& plan, ExecContext& exec) {
  return std::make_unique<Limit>(plan, exec);
}

}  // namespace isolde::sql
