#include "sql/exec/plan_timings.hpp"

#include <utility>

namespace isolde::sql {

namespace {

/// Passes rows on and notes how many there were and how long they took.
class TimedRows final : public RowSource {
 public:
  TimedRows(std::unique_ptr<RowSource> source, OperatorTiming& timing, bool clock)
      : source_(std::move(source)), timing_(timing), clock_(clock) {}

  void open() override {
    ++timing_.loops;
    first_ = true;
    spent_ = {};
    auto begin = now();
    source_->open();
    note(begin);
  }
  const Datum* next() override {
    auto begin = now();
    const Datum* row = source_->next();
    note(begin);
    if (first_) timing_.to_first_row += spent_;
    first_ = false;
    if (row != nullptr) ++timing_.rows;
    return row;
  }

 private:
  base::SteadyTime now() const { return clock_ ? base::steady_now() : base::SteadyTime(); }
  void note(base::SteadyTime begin) {
    if (!clock_) return;
    auto spent = base::steady_now() - begin;
    timing_.total += spent;
    spent_ += spent;
  }

  std::unique_ptr<RowSource> source_;
  OperatorTiming& timing_;
  bool clock_;
  bool first_ = true;
  base::SteadyTime::duration spent_{};  ///< since the last open()
};

}  // namespace

std::unique_ptr<RowSource> PlanTimings::timed(const Plan& plan, std::unique_ptr<RowSource> source) {
  return std::make_unique<TimedRows>(std::move(source), timings_[&plan], clock_);
}

const OperatorTiming* PlanTimings::find(const Plan& plan) const {
  auto found = timings_.find(&plan);
  return found == timings_.end() ? nullptr : &found->second;
}

}  // namespace isolde::sql
