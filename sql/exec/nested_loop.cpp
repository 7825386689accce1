#include <algorithm>

#include "sql/exec/operators.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/expr/evaluator.hpp"

namespace isolde::sql {

namespace {

/// The inner side of a join: run anew for each outer row when it depends on that, else its rows
/// are kept after the first run.
class InnerSide {
 public:
  InnerSide(const Plan& plan, ExecContext& exec, bool depends)
      : plan_(plan),
        exec_(exec),
        child_(make_row_source(plan, exec)),
        arena_(exec.budget),
        depends_(depends) {}

  void restart() {
    at_ = 0;
    if (depends_) child_->open();
  }
  void forget() {
    read_ = false;
    rows_.clear();
    arena_.reset();
  }

  const Datum* next() {
    if (depends_) return child_->next();
    if (!read_) read();
    return at_ == rows_.size() ? nullptr : rows_[at_++];
  }
  /// The number of the row that next() gave last; only of kept rows.
  size_t last() const { return at_ - 1; }
  const std::vector<const Datum*>& kept() {
    if (!read_) read();
    return rows_;
  }

 private:
  void read() {
    child_->open();
    while (const Datum* row = child_->next()) {
      exec_.poll();
      rows_.push_back(copy_row(row, plan_.types, arena_));
    }
    read_ = true;
  }

  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr child_;
  Arena arena_;
  bool depends_;
  bool read_ = false;
  std::vector<const Datum*> rows_;
  size_t at_ = 0;
};

/// All joins, by trying every pair.
class NestedLoop final : public RowSource {
 public:
  NestedLoop(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        exec_(exec),
        outer_(make_row_source(*plan.children[0], exec)),
        inner_(*plan.children[1], exec, plan.rescan_inner),
        arena_(exec.budget),
        condition_(plan.condition, exec, arena_),
        passed_arena_(exec.budget),
        passed_(plan.output, exec, passed_arena_),
        row_(std::max<size_t>(static_cast<size_t>(plan.width), 1)) {}

  void open() override {
    outer_->open();
    inner_.forget();
    matched_inner_.clear();
    has_outer_ = false;
    ended_ = false;
    unmatched_at_ = 0;
  }

  const Datum* next() override {
    while (!ended_) {
      exec_.poll();
      if (!has_outer_ && !next_outer()) break;
      if (const Datum* inner = inner_.next()) {
        if (!matches(inner)) continue;
        bool first_is_enough = plan_.join == Join::kSemi || plan_.join == Join::kAnti;
        if (first_is_enough) has_outer_ = false;
        if (plan_.join != Join::kAnti) return row_.data();
        continue;
      }
      has_outer_ = false;
      if (!matched_ && keeps_left()) {
        std::fill(row_.begin() + plan_.left_width, row_.end(), Datum::null());
        return row_.data();
      }
    }
    return keeps_right() ? next_unmatched_inner() : nullptr;
  }

 private:
  using Join = FromItem::Join;
  bool keeps_left() const {
    return plan_.join == Join::kLeft || plan_.join == Join::kFull || plan_.join == Join::kAnti;
  }
  bool keeps_right() const { return plan_.join == Join::kRight || plan_.join == Join::kFull; }

  bool next_outer() {
    const Datum* outer = outer_->next();
    if (outer == nullptr) {
      ended_ = true;
      return false;
    }
    std::copy(outer, outer + plan_.left_width, row_.begin());
    hand_down();
    inner_.restart();
    has_outer_ = true;
    matched_ = false;
    return true;
  }

  /// LATERAL: values of the outer row that the inner side reads.
  void hand_down() {
    if (plan_.passed_slots.empty()) return;
    passed_arena_.reset();
    const Datum* values = passed_.run(row_.data());
    for (size_t i = 0; i < plan_.passed_slots.size(); ++i) {
      exec_.outer[plan_.passed_slots[i]] = values[i];
    }
  }

  bool matches(const Datum* inner) {
    auto inner_width = row_.size() - static_cast<size_t>(plan_.left_width);
    std::copy(inner, inner + inner_width, row_.begin() + plan_.left_width);
    arena_.reset();
    if (plan_.has_condition && !condition_.is_true(row_.data())) return false;
    matched_ = true;
    if (keeps_right()) {
      if (matched_inner_.size() <= inner_.last()) matched_inner_.resize(inner_.last() + 1);
      matched_inner_[inner_.last()] = true;
    }
    return true;
  }

  const Datum* next_unmatched_inner() {
    const auto& rows = inner_.kept();
    for (; unmatched_at_ < rows.size(); ++unmatched_at_) {
      if (unmatched_at_ < matched_inner_.size() && matched_inner_[unmatched_at_]) continue;
      const Datum* inner = rows[unmatched_at_++];
      std::fill(row_.begin(), row_.begin() + plan_.left_width, Datum::null());
      std::copy(inner, inner + (row_.size() - static_cast<size_t>(plan_.left_width)),
                row_.begin() + plan_.left_width);
      return row_.data();
    }
    return nullptr;
  }

  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr outer_;
  InnerSide inner_;
  Arena arena_;
  Evaluator condition_;
  Arena passed_arena_;
  Evaluator passed_;
  std::vector<Datum> row_;
  std::vector<bool> matched_inner_;
  size_t unmatched_at_ = 0;
  bool has_outer_ = false;
  bool matched_ = false;
  bool ended_ = false;
};

}  // namespace

RowSourcePtr make_nested_loop(const Plan& plan, ExecContext& exec) {
  return std::make_unique<NestedLoop>(plan, exec);
}

}  // namespace isolde::sql
