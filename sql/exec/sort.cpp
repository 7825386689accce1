#include <algorithm>

#include "sql/exec/operators.hpp"
#include "sql/exec/row_copy.hpp"

namespace isolde::sql {

namespace {

/// ORDER BY: reads all rows, sorts them in memory. Stable, so that equal rows keep their order.
class Sort final : public RowSource {
 public:
  Sort(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        exec_(exec),
        child_(make_row_source(*plan.children[0], exec)),
        arena_(exec.budget) {}

  void open() override {
    child_->open();
    arena_.reset();
    rows_.clear();
    at_ = 0;
    sorted_ = false;
  }

  const Datum* next() override {
    if (!sorted_) read_and_sort();
    return at_ == rows_.size() ? nullptr : rows_[at_++];
  }

 private:
  void read_and_sort() {
    while (const Datum* row = child_->next()) {
      exec_.poll();
      rows_.push_back(copy_row(row, plan_.types, arena_));
    }
    std::stable_sort(rows_.begin(), rows_.end(),
                     [this](const Datum* a, const Datum* b) { return before(a, b); });
    sorted_ = true;
  }

  bool before(const Datum* a, const Datum* b) {
    for (const Plan::OrderItem& item : plan_.order) {
      Datum x = a[item.column], y = b[item.column];
      if (x.is_null() || y.is_null()) {
        if (x.is_null() == y.is_null()) continue;
        return x.is_null() == item.nulls_first;
      }
      auto order = item.type->compare(x, y);
      if (order != 0) return item.descending ? order > 0 : order < 0;
    }
    return false;
  }

  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr child_;
  Arena arena_;
  std::vector<const Datum*> rows_;
  size_t at_ = 0;
  bool sorted_ = false;
};

}  // namespace

RowSourcePtr make_sort(const Plan& plan, ExecContext& exec) {
  return std::make_unique<Sort>(plan, exec);
}

}  // namespace isolde::sql
