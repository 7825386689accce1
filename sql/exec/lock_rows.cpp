#include "sql/exec/operators.hpp"
#include "sql/exec/recheck.hpp"
#include "sql/exec/row_reference.hpp"

namespace isolde::sql {

namespace {

/// SELECT ... FOR UPDATE and its kin: locks the rows that its child's rows were made from. A row
/// that is another version by then is evaluated again.
class LockRows final : public RowSource {
 public:
  LockRows(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        exec_(exec),
        child_(make_row_source(*plan.children[0], exec)),
        recheck_(*plan.children[0], plan.marks, exec) {}

  void open() override { child_->open(); }

  const Datum* next() override {
    while (const Datum* row = child_->next()) {
      exec_.poll();
      if (exec_.substitutes != nullptr) return row;
      if ((row = lock(row)) != nullptr) return row;
    }
    return nullptr;
  }

 private:
  /// The row to be given, or null when it is to be left out.
  const Datum* lock(const Datum* row) {
    for (size_t i = 0; i < plan_.marks.size(); ++i) {
      const RowMark& mark = plan_.marks[i];
      if (!mark.lock || row[mark.first].is_null()) continue;
      txn::Row version = read_reference(row[mark.first]);
      txn::WriteResult result = base::value_or_throw(
          exec_.transaction->lock(*mark.table->table, version, mark.strength, mark.wait));
      switch (result.outcome) {
        case txn::Outcome::kReevaluate:
          row = recheck_.evaluate(row, i, result.latest);
          if (row == nullptr) return nullptr;
          break;
        case txn::Outcome::kGone:
        case txn::Outcome::kSkip:
        case txn::Outcome::kSelfModified:
          return nullptr;
        case txn::Outcome::kDone:
        case txn::Outcome::kDuplicate:
          break;
      }
    }
    return row;
  }

  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr child_;
  Recheck recheck_;
};

}  // namespace

RowSourcePtr make_lock_rows(const Plan& plan, ExecContext& exec) {
  return std::make_unique<LockRows>(plan, exec);
}

}  // namespace isolde::sql
