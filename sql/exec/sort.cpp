// ORDER BY.
//
// Rows are packed and gathered into runs, of as many as the processor's cache holds well. A run is
// sorted when it is full; while the result is read, the runs are merged:
//
//      row -> record, item -> [ run ] -> sorted -> kept in memory        -+
//                                            \--> written to a file      -+-> heap of runs -> row
//
// The file comes in when rows and items take more than work_mem: then all runs go there, and memory
// is free for the next ones. What is merged in the end may lie in both places.
//
// With a LIMIT, only the rows that can still be among the first are kept: a heap with the last of
// them on top.

#include <algorithm>
#include <cstring>
#include <deque>
#include <optional>

#include "sql/exec/operators.hpp"
#include "sql/exec/plan_timings.hpp"
#include "sql/exec/sort_keys.hpp"
#include "sql/exec/spill_file.hpp"
#include "sql/expr/evaluator.hpp"

namespace isolde::sql {

namespace {

constexpr size_t kRunRows = 1 << 17;
constexpr size_t kLargestBlock = size_t{256} << 10;
constexpr size_t kSmallestBlock = size_t{8} << 10;

/// One sorted run while it is read: of memory or of the file.
struct Run {
  std::vector<SortEntry> items;
  std::optional<SpillStream> stream;
  size_t at = 0;
  SortEntry item{};

  bool advance() {
    if (!stream) {
      if (at == items.size()) return false;
      item = items[at++];
      return true;
    }
    std::string_view stored;
    if (!stream->next(stored)) return false;
    item = SortKeys::item_of(stored);
    return true;
  }
};

class Sort final : public RowSource {
 public:
  Sort(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        exec_(exec),
        child_(make_row_source(*plan.children[0], exec)),
        keys_(plan.order, plan.types),
        memories_{ChunkStore(exec.budget), ChunkStore(exec.budget)},
        file_(exec),
        row_(std::max<size_t>(plan.types.size(), 1)) {}

  void open() override {
    child_->open();
    for (ChunkStore& memory : memories_) memory.clear();
    runs_.clear();
    heap_.clear();
    current_.clear();
    file_.clear();
    number_ = 0;
    kept_items_ = 0;
    used_most_ = 0;
    last_ = nullptr;
    sorted_ = false;
  }

  const Datum* next() override {
    if (!sorted_) read_and_sort();
    if (last_ != nullptr) replace_first();
    if (heap_.empty()) return nullptr;
    last_ = heap_.front();
    keys_.unpack(last_->item, row_.data());
    return row_.data();
  }

 private:
  ChunkStore& memory() { return memories_[live_]; }

  void read_and_sort() {
    limit_ = work_memory(exec_);
    std::optional<size_t> bound = plan_.has_limit ? wanted() : std::nullopt;
    while (const Datum* row = child_->next()) {
      exec_.poll();
      keys_.read(row);
      if (bound) {
        add_bounded(*bound);
      } else {
        add();
      }
    }
    if (bound) order_bounded();
    finish_run();
    start_merge();
    note(bound.has_value());
    sorted_ = true;
  }

  void add() {
    current_.push_back(keys_.store(memory(), number_++));
    if (current_.size() == kRunRows) finish_run();
    if (in_use() > limit_) spill();
  }

  size_t in_use() const {
    return memories_[live_].used() + (kept_items_ + current_.size()) * sizeof(SortEntry);
  }

  /// Puts the heap's rows in order of arrival, as those of a run are.
  void order_bounded() {
    std::sort(current_.begin(), current_.end(), [](const SortEntry& a, const SortEntry& b) {
      return SortKeys::number_of(a) < SortKeys::number_of(b);
    });
  }

  void finish_run() {
    if (current_.empty()) return;
    keys_.sort(current_);
    kept_items_ += current_.size();
    runs_.emplace_back().items = std::move(current_);
    current_.clear();
  }

  /// Everything in memory goes to the file.
  void spill() {
    finish_run();
    used_most_ = std::max(used_most_, in_use());
    for (Run& run : runs_) {
      if (run.stream) continue;
      run.stream.emplace(file_, kLargestBlock);
      for (const SortEntry& item : run.items) {
        exec_.poll();
        run.stream->write(SortKeys::key_part(item), SortKeys::record_part(item));
      }
      run.stream->finish();
      if (current_.capacity() == 0) current_ = std::move(run.items);
      run.items = {};
      current_.clear();
    }
    memory().clear();
    kept_items_ = 0;
  }

  void start_merge() {
    used_most_ = std::max(used_most_, in_use());
    const size_t share = limit_ / std::max<size_t>(runs_.size(), 1);
    for (Run& run : runs_) {
      if (run.stream) run.stream->rewind(std::clamp(share, kSmallestBlock, kLargestBlock));
      if (run.advance()) heap_.push_back(&run);
    }
    for (size_t i = heap_.size() / 2; i > 0; --i) sift_down(i - 1);
  }

  void replace_first() {
    last_ = nullptr;
    if (heap_.empty()) return;
    if (!heap_.front()->advance()) {
      heap_.front() = heap_.back();
      heap_.pop_back();
    }
    if (!heap_.empty()) sift_down(0);
  }

  void sift_down(size_t at) {
    Run* moved = heap_[at];
    for (;;) {
      size_t child = 2 * at + 1;
      if (child >= heap_.size()) break;
      const bool right =
          child + 1 < heap_.size() && keys_.compare(heap_[child + 1]->item, heap_[child]->item) < 0;
      if (right) ++child;
      if (keys_.compare(moved->item, heap_[child]->item) <= 0) break;
      heap_[at] = heap_[child];
      at = child;
    }
    heap_[at] = moved;
  }

  /// How many of the first rows are asked for, when that is known and not too many for a heap.
  std::optional<size_t> wanted() {
    constexpr int64_t kMost = 100'000;
    Arena arena(exec_.budget);
    Datum limit = Evaluator(plan_.limit, exec_, arena).run(nullptr)[0];
    if (limit.is_null() || limit.as_int() < 0 || limit.as_int() > kMost) return std::nullopt;
    int64_t offset = 0;
    if (plan_.has_offset) {
      Datum value = Evaluator(plan_.offset, exec_, arena).run(nullptr)[0];
      if (!value.is_null()) offset = value.as_int();
      if (offset < 0 || offset > kMost) return std::nullopt;
    }
    return static_cast<size_t>(limit.as_int() + offset);
  }

  void add_bounded(size_t bound) {
    auto before = [this](const SortEntry& a, const SortEntry& b) {
      return keys_.compare(a, b) < 0;
    };
    if (bound == 0) return;
    if (current_.size() == bound) {
      if (keys_.compare(keys_.probe(), current_.front()) >= 0) return;
      std::pop_heap(current_.begin(), current_.end(), before);
      current_.pop_back();
      if (++dropped_ > bound + 1000) forget_dropped();
    }
    current_.push_back(keys_.store(memory(), number_++));
    std::push_heap(current_.begin(), current_.end(), before);
  }

  /// Moves the rows that are kept, as those that were dropped still take room.
  void forget_dropped() {
    ChunkStore& to = memories_[1 - live_];
    to.clear();
    for (SortEntry& item : current_) {
      const std::string_view record = SortKeys::record_part(item);
      char* copy = to.allocate(record.size());
      std::memcpy(copy, record.data(), record.size());
      item.record = copy;
    }
    live_ = 1 - live_;
    dropped_ = 0;
  }

  /// For EXPLAIN ANALYZE.
  void note(bool bounded) {
    if (exec_.timings == nullptr) return;
    constexpr uint64_t kKilobyte = 1024;
    const bool on_disk = file_.size() > 0;
    const uint64_t bytes = on_disk ? file_.size() : used_most_;
    exec_.timings->note_sort(plan_, {on_disk   ? "external merge"
                                     : bounded ? "top-N heapsort"
                                               : "quicksort",
                                     on_disk, (bytes + kKilobyte - 1) / kKilobyte});
  }

  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr child_;
  SortKeys keys_;
  ChunkStore memories_[2];
  size_t live_ = 0;
  size_t dropped_ = 0;
  size_t limit_ = 0;
  std::vector<SortEntry> current_;  ///< the run that is being gathered
  size_t kept_items_ = 0;           ///< of runs in memory
  size_t used_most_ = 0;
  uint32_t number_ = 0;
  SpillFile file_;
  std::deque<Run> runs_;
  std::vector<Run*> heap_;  ///< the run with the least item on top
  Run* last_ = nullptr;     ///< whose item was given last
  std::vector<Datum> row_;
  bool sorted_ = false;
};

}  // namespace

RowSourcePtr make_sort(const Plan& plan, ExecContext& exec) {
  return std::make_unique<Sort>(plan, exec);
}

}  // namespace isolde::sql
