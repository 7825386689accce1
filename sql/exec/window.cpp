// Window functions: reads a partition, then gives its rows one by one with the values of the calls
// behind them. Rows come sorted by the window's keys.

#include <algorithm>
#include <deque>

#include "sql/exec/operators.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/exec/row_order.hpp"
#include "sql/exec/window_call.hpp"

namespace isolde::sql {

namespace {

class Window final : public RowSource {
 public:
  Window(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        exec_(exec),
        child_(make_row_source(*plan.children[0], exec)),
        arena_(exec.budget),
        scratch_(exec.budget),
        inputs_(plan.output, exec, scratch_),
        frames_(*plan.window, exec),
        row_(static_cast<size_t>(plan.width)) {
    for (const Plan::WindowCall& call : plan.window->calls) {
      calls_.emplace_back(call, exec);
      for (const Type* type : call.call.input_types) input_types_.push_back(type);
      if (call.call.filter >= 0) input_types_.push_back(&filter_type());
      framed_ |= calls_.back().needs_frame();
    }
  }

  void open() override {
    child_->open();
    partition_ = {};
    pending_ = nullptr;
    started_ = false;
    at_ = 0;
  }

  const Datum* next() override {
    exec_.poll();
    if (at_ == partition_.size() && !next_partition()) return nullptr;
    const Datum* row = partition_.rows[at_];
    std::copy(row, row + plan_.children[0]->width, row_.begin());
    FrameRows frame;
    if (framed_) frame = frames_.frame_of(partition_, at_);
    auto column = static_cast<size_t>(plan_.children[0]->width);
    for (WindowCallRun& call : calls_) row_[column++] = call.value(partition_, at_, frame);
    ++at_;
    return row_.data();
  }

 private:
  bool next_partition() {
    if (!started_) {
      started_ = true;
      frames_.read_offsets();
      pending_ = child_->next();
    }
    if (pending_ == nullptr) return false;
    partition_ = {};
    arena_.reset();
    at_ = 0;
    do {
      exec_.poll();
      add_row(pending_);
      pending_ = child_->next();
    } while (pending_ != nullptr && same_partition(pending_, partition_.rows.back()));
    partition_.group_starts.push_back(partition_.size());
    for (WindowCallRun& call : calls_) call.start(partition_);
    return true;
  }

  void add_row(const Datum* row) {
    const Datum* kept = copy_row(row, plan_.children[0]->types, arena_);
    scratch_.reset();
    partition_.inputs.push_back(copy_row(inputs_.run(kept), input_types_, arena_));
    bool peer = !partition_.rows.empty() &&
                compare_rows(partition_.rows.back(), kept, plan_.window->order) == 0;
    if (!peer) partition_.group_starts.push_back(partition_.size());
    partition_.group.push_back(partition_.group_starts.size() - 1);
    partition_.rows.push_back(kept);
  }

  bool same_partition(const Datum* a, const Datum* b) const {
    return compare_rows(a, b, plan_.window->partition) == 0;
  }

  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr child_;
  Arena arena_;  ///< of the partition
  Arena scratch_;
  Evaluator inputs_;
  FrameFinder frames_;
  std::vector<Datum> row_;
  std::vector<const Type*> input_types_;
  std::deque<WindowCallRun> calls_;
  bool framed_ = false;
  WindowPartition partition_;
  const Datum* pending_ = nullptr;  ///< the first row of the next partition
  size_t at_ = 0;
  bool started_ = false;
};

}  // namespace

RowSourcePtr make_window(const Plan& plan, ExecContext& exec) {
  return std::make_unique<Window>(plan, exec);
}

}  // namespace isolde::sql
