// WITH RECURSIVE. The first term gives rows; the recursive term is run again and again over the
// rows that the round before has added, until a round adds none:
//
//      first term                 round 1             round 2
//      rows out, and into   -->   reads work table,   reads work table,  ...
//      the work table             fills the next      fills the next
//
// Rows go out as they come. With UNION (not ALL), rows that were seen before are dropped.

#include <array>
#include <optional>

#include "sql/exec/operators.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/exec/row_table.hpp"
#include "sql/exec/work_table.hpp"

namespace isolde::sql {

namespace {

class RecursiveUnion final : public RowSource {
 public:
  RecursiveUnion(const Plan& plan, ExecContext& exec)
      : plan_(plan), exec_(exec), tables_{WorkTable(exec.budget), WorkTable(exec.budget)} {
    auto slot = static_cast<size_t>(plan.slot);
    if (exec.work_tables.size() <= slot) exec.work_tables.resize(slot + 1);
    exec.work_tables[slot] = &current_;
    first_ = make_row_source(*plan.children[0], exec);
    recursive_ = make_row_source(*plan.children[1], exec);
    if (!plan.all) {
      seen_.emplace(std::span(plan.types).first(static_cast<size_t>(plan.visible)),
                    static_cast<size_t>(plan.visible), exec.budget);
    }
  }

  void open() override {
    current_ = &tables_[0];
    added_ = &tables_[1];
    current_->clear();
    added_->clear();
    if (seen_) seen_->clear();
    first_->open();
    source_ = first_.get();
  }

  const Datum* next() override {
    while (true) {
      exec_.poll();
      const Datum* row = source_->next();
      if (row == nullptr) {
        if (!next_round()) return nullptr;
        continue;
      }
      if (seen_before(row)) continue;
      added_->add(copy_row(row, plan_.types, added_->arena));
      return row;
    }
  }

 private:
  bool next_round() {
    if (added_->rows.empty()) return false;
    std::swap(current_, added_);
    added_->clear();
    recursive_->open();
    source_ = recursive_.get();
    return true;
  }

  bool seen_before(const Datum* row) {
    if (!seen_) return false;
    bool fresh = false;
    seen_->find_or_add(row, fresh);
    return !fresh;
  }

  const Plan& plan_;
  ExecContext& exec_;
  std::array<WorkTable, 2> tables_;
  WorkTable* current_ = &tables_[0];
  WorkTable* added_ = &tables_[1];
  std::optional<RowTable> seen_;
  RowSourcePtr first_;
  RowSourcePtr recursive_;
  RowSource* source_ = nullptr;
};

class WorkTableScan final : public RowSource {
 public:
  WorkTableScan(const Plan& plan, ExecContext& exec)
      : table_(exec.work_tables[static_cast<size_t>(plan.slot)]) {}
  void open() override { at_ = 0; }
  const Datum* next() override {
    const auto& rows = (*table_)->rows;
    return at_ == rows.size() ? nullptr : rows[at_++];
  }

 private:
  WorkTable** table_;
  size_t at_ = 0;
};

}  // namespace

RowSourcePtr make_recursive_union(const Plan& plan, ExecContext& exec) {
  return std::make_unique<RecursiveUnion>(plan, exec);
}

RowSourcePtr make_work_table_scan(const Plan& plan, ExecContext& exec) {
  return std::make_unique<WorkTableScan>(plan, exec);
}

}  // namespace isolde::sql
