#include "sql/exec/recheck.hpp"

#include "sql/exec/row_reference.hpp"

namespace isolde::sql {

Recheck::Recheck(const Plan& plan, std::span<const RowMark> marks, ExecContext& exec)
    : plan_(plan), marks_(marks), outer_exec_(exec), rows_(marks.size()), payloads_(marks.size()) {}

Recheck::~Recheck() = default;

const Datum* Recheck::evaluate(const Datum* row, size_t changed, const txn::Row& latest) {
  // The values handed down belong to the plan that is still running.
  outer_values_.assign(outer_exec_.outer, outer_exec_.outer + outer_exec_.outer_count);
  if (exec_ == nullptr) exec_ = std::make_unique<ExecContext>(outer_exec_);
  exec_->outer = outer_values_.data();
  exec_->substitutes = &substitutes_;
  substitutes_.clear();
  for (size_t i = 0; i < marks_.size(); ++i) {
    Datum reference = row[marks_[i].first];
    if (i != changed && reference.is_null()) {
      substitutes_.set(marks_[i].number, nullptr);
      continue;
    }
    rows_[i] = i == changed ? latest : read_reference(reference);
    payloads_[i].assign(rows_[i].payload.begin(), rows_[i].payload.end());
    rows_[i].payload = payloads_[i];
    substitutes_.set(marks_[i].number, &rows_[i]);
  }
  // Subqueries that were worked out once are worked out again.
  source_ = make_row_source(plan_, *exec_);
  source_->open();
  return source_->next();
}

}  // namespace isolde::sql
