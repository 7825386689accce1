#include <algorithm>

#include "sql/exec/operators.hpp"
#include "sql/exec/recheck.hpp"
#include "sql/exec/row_reference.hpp"
#include "sql/exec/table_writer.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

/// MERGE: rows of the source beside the row of the target that each matches, or nothing. The first
/// action whose condition holds is taken.
class Merge final : public RowSource {
 public:
  Merge(const Plan& plan, ExecContext& exec)
      : modify_(*plan.modify),
        exec_(exec),
        child_(make_row_source(*plan.children[0], exec)),
        writer_(modify_.rules, exec),
        arena_(exec.budget),
        recheck_(*plan.children[0], modify_.marks, exec),
        row_(static_cast<size_t>(plan.children[0]->width)),
        new_row_(writer_.columns() + 1) {
    for (const MergeStep& step : modify_.merge) {
      steps_.push_back({&step, Evaluator(step.condition, exec, arena_),
                        Evaluator(step.row, exec, arena_),
                        Evaluator(step.update.values, exec, arena_)});
    }
  }

  void open() override {
    child_->open();
    done_ = false;
  }

  const Datum* next() override {
    if (std::exchange(done_, true)) return nullptr;
    while (const Datum* row = child_->next()) {
      exec_.poll();
      arena_.reset();
      const bool matched = !row[modify_.reference].is_null();
      if (!matched || !change(row)) insert(row);
    }
    return nullptr;
  }

 private:
  struct Step {
    const MergeStep* about;
    Evaluator condition, row, values;
  };

  Step* choose(const Datum* row, bool matched) {
    for (Step& step : steps_) {
      if (step.about->matched != matched) continue;
      if (!step.about->has_condition || step.condition.is_true(row)) return &step;
    }
    return nullptr;
  }

  void insert(const Datum* row) {
    Step* step = choose(row, false);
    if (step == nullptr || step->about->kind != MergeAction::Kind::kInsert) return;
    const Datum* values = step->row.run(row);
    std::copy(values, values + writer_.columns(), new_row_.begin());
    txn::WriteResult result = writer_.insert(new_row_.data());
    if (result.outcome == txn::Outcome::kDuplicate) {
      writer_.fail_duplicate(*result.duplicate, new_row_.data());
    }
    ++exec_.processed;
  }

  /// False when there is no such row (any more): the source matches nothing.
  bool change(const Datum* row) {
    for (;;) {
      txn::Row old = read_reference(row[modify_.reference]);
      Step* step = choose(row, true);
      if (step == nullptr || step->about->kind == MergeAction::Kind::kNothing) return true;
      txn::WriteResult result = write(*step, row, old);
      switch (result.outcome) {
        case txn::Outcome::kDone:
          ++exec_.processed;
          return true;
        case txn::Outcome::kDuplicate:
          writer_.fail_duplicate(*result.duplicate, row_.data() + modify_.offset);
        case txn::Outcome::kSelfModified:
          fail_twice();
        case txn::Outcome::kGone:
        case txn::Outcome::kSkip:
          return false;
        case txn::Outcome::kReevaluate:
          row = recheck_.evaluate(row, 0, result.latest);
          if (row == nullptr || row[modify_.reference].is_null()) return false;
          break;
      }
      exec_.poll();
    }
  }

  txn::WriteResult write(Step& step, const Datum* row, const txn::Row& old) {
    if (step.about->kind == MergeAction::Kind::kDelete) return writer_.remove(old);
    std::copy(row, row + row_.size(), row_.begin());
    const Datum* values = step.values.run(row);
    const UpdatePart& part = step.about->update;
    Datum* target = row_.data() + modify_.offset;
    for (size_t i = 0; i < part.columns.size(); ++i) target[part.columns[i]] = values[i];
    return writer_.update(old, target, part.columns);
  }

  [[noreturn]] static void fail_twice() {
    throw base::SqlException(
        base::Error(base::sqlstate::kCardinalityViolation,
                    "MERGE command cannot affect row a second time")
            .hint("Ensure that not more than one source row matches any one target row."));
  }

  const ModifyPlan& modify_;
  ExecContext& exec_;
  RowSourcePtr child_;
  TableWriter writer_;
  Arena arena_;  ///< of one row
  Recheck recheck_;
  std::vector<Step> steps_;
  std::vector<Datum> row_;
  std::vector<Datum> new_row_;
  bool done_ = false;
};

}  // namespace

RowSourcePtr make_merge(const Plan& plan, ExecContext& exec) {
  return std::make_unique<Merge>(plan, exec);
}

}  // namespace isolde::sql
