#include <deque>

#include "sql/exec/operators.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/exec/shared_rows.hpp"
#include "sql/expr/evaluator.hpp"

namespace isolde::sql {

const Datum* SharedRows::row(size_t number) {
  while (rows_.size() <= number) {
    if (!read_one()) return nullptr;
  }
  return rows_[number];
}

void SharedRows::read_to_the_end() {
  while (read_one()) exec_.poll();
}

void SharedRows::forget() {
  rows_.clear();
  arena_.reset();
  open_ = ended_ = false;
}

bool SharedRows::read_one() {
  if (ended_) return false;
  if (source_ == nullptr) source_ = make_row_source(plan_, exec_);
  if (!open_) source_->open();
  open_ = true;
  const Datum* row = source_->next();
  ended_ = row == nullptr;
  if (!ended_) rows_.push_back(copy_row(row, plan_.types, arena_));
  return !ended_;
}

namespace {

/// Holds the rows of the items of a WITH while the query below it reads them.
class With final : public RowSource {
 public:
  With(const Plan& plan, ExecContext& exec) : plan_(plan), exec_(exec), arena_(exec.budget) {
    for (size_t i = 0; i < plan.shared.size(); ++i) {
      auto slot = static_cast<size_t>(plan.shared[i].slot);
      if (exec.shared.size() <= slot) exec.shared.resize(slot + 1);
      exec.shared[slot] = &tables_.emplace_back(*plan.children[i + 1], exec);
      passed_.emplace_back(plan.shared[i].passed, exec, arena_);
    }
    main_ = make_row_source(*plan.children[0], exec);
  }

  void open() override {
    for (size_t i = 0; i < tables_.size(); ++i) {
      const Plan::SharedRows& shared = plan_.shared[i];
      if (!shared.forget) continue;
      tables_[i].forget();
      ++exec_.forgotten;
      const Datum* values = passed_[i].run(nullptr);
      for (size_t v = 0; v < shared.passed_slots.size(); ++v) {
        exec_.outer[shared.passed_slots[v]] = values[v];
      }
    }
    main_->open();
    ended_ = false;
  }

  const Datum* next() override {
    if (const Datum* row = ended_ ? nullptr : main_->next()) return row;
    ended_ = true;
    for (size_t i = 0; i < tables_.size(); ++i) {
      if (plan_.shared[i].to_the_end) tables_[i].read_to_the_end();
    }
    return nullptr;
  }

 private:
  const Plan& plan_;
  ExecContext& exec_;
  Arena arena_;
  std::deque<SharedRows> tables_;
  std::deque<Evaluator> passed_;
  RowSourcePtr main_;
  bool ended_ = false;
};

class SharedScan final : public RowSource {
 public:
  SharedScan(const Plan& plan, ExecContext& exec)
      : rows_(*exec.shared[static_cast<size_t>(plan.slot)]) {}
  void open() override { at_ = 0; }
  const Datum* next() override {
    const Datum* row = rows_.row(at_);
    if (row != nullptr) ++at_;
    return row;
  }

 private:
  SharedRows& rows_;
  size_t at_ = 0;
};

}  // namespace

RowSourcePtr make_with(const Plan& plan, ExecContext& exec) {
  return std::make_unique<With>(plan, exec);
}

RowSourcePtr make_shared_scan(const Plan& plan, ExecContext& exec) {
  return std::make_unique<SharedScan>(plan, exec);
}

}  // namespace isolde::sql
