#include <algorithm>

#include "sql/exec/operators.hpp"
#include "sql/exec/row_table.hpp"

namespace isolde::sql {

namespace {

/// INTERSECT and EXCEPT, with or without ALL: counts each row on both sides.
class SetOperation final : public RowSource {
 public:
  SetOperation(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        exec_(exec),
        left_(make_row_source(*plan.children[0], exec)),
        right_(make_row_source(*plan.children[1], exec)),
        rows_(std::span(plan.types).first(static_cast<size_t>(plan.visible)),
              static_cast<size_t>(plan.visible) + 2, exec.budget) {}

  void open() override {
    rows_.clear();
    count(*left_, 0);
    count(*right_, 1);
    at_ = 0;
    repeat_ = 0;
  }

  const Datum* next() override {
    exec_.poll();
    while (repeat_ == 0) {
      if (at_ == rows_.entries().size()) return nullptr;
      row_ = rows_.entries()[at_++];
      repeat_ = copies(side(row_, 0).as_int(), side(row_, 1).as_int());
    }
    --repeat_;
    return row_;
  }

 private:
  Datum& side(Datum* entry, int which) { return entry[plan_.visible + which]; }

  void count(RowSource& child, int which) {
    child.open();
    while (const Datum* row = child.next()) {
      exec_.poll();
      bool added = false;
      Datum* entry = rows_.find_or_add(row, added);
      if (added) side(entry, 0) = side(entry, 1) = Datum::of_int(0);
      side(entry, which) = Datum::of_int(side(entry, which).as_int() + 1);
    }
  }

  int64_t copies(int64_t left, int64_t right) const {
    bool intersect = plan_.operation == Query::SetOperation::kIntersect;
    if (plan_.all) {
      return intersect ? std::min(left, right) : std::max<int64_t>(left - right, 0);
    }
    return left > 0 && (right > 0) == intersect ? 1 : 0;
  }

  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr left_;
  RowSourcePtr right_;
  RowTable rows_;
  size_t at_ = 0;
  int64_t repeat_ = 0;
  Datum* row_ = nullptr;
};

}  // namespace

RowSourcePtr make_set_operation(const Plan& plan, ExecContext& exec) {
  return std::make_unique<SetOperation>(plan, exec);
}

}  // namespace isolde::sql
