#include <algorithm>
#include <optional>

#include "sql/exec/operators.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/exec/row_packer.hpp"
#include "sql/exec/row_table.hpp"
#include "sql/exec/spill_file.hpp"
#include "sql/expr/evaluator.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

/// One aggregate of a plan: how its states are stepped and finished.
class AggregateRun {
 public:
  AggregateRun(const Plan::AggregateCall& call, ExecContext& exec, Arena& states)
      : call_(call),
        exec_(exec),
        states_(states),
        context_{states, exec.task, exec.style, exec.services, &call.site.site} {}

  /// count is done here: its state is the number itself.
  bool counts() const { return call_.fast == FastOp::kCountStar || call_.fast == FastOp::kCount; }
  bool collects() const { return call_.distinct || !call_.order.empty(); }

  Datum new_state() {
    if (counts()) return Datum::of_int(0);
    uint32_t bytes = std::max<uint32_t>(call_.aggregate->state_size, 8);
    char* state = states_.allocate(bytes);
    call_.aggregate->init(context_, state);
    auto* holder = new (states_.allocate(sizeof(State))) State{state, nullptr, 0, 0};
    return Datum::of_bytes({reinterpret_cast<const char*>(holder), sizeof(State)});
  }

  void step(Datum& state, const Datum* inputs) {
    if (call_.filter >= 0) {
      Datum wanted = inputs[call_.filter];
      if (wanted.is_null() || !wanted.as_bool()) return;
    }
    const Datum* arguments = inputs + call_.first_argument;
    if (call_.strict && any_null(arguments)) return;
    if (counts()) {
      state = Datum::of_int(state.as_int() + 1);
      return;
    }
    State* held = holder(state);
    if (collects()) {
      collect(held, arguments);
    } else {
      call_.aggregate->step(context_, held->bytes, arguments);
    }
  }

  Datum finish(Datum state) {
    if (counts()) return state;
    State* held = holder(state);
    if (collects()) step_collected(held);
    return call_.aggregate->final(context_, held->bytes);
  }

 private:
  struct State {
    char* bytes;
    const Datum** rows;  ///< kept for DISTINCT and ORDER BY
    size_t count;
    size_t capacity;
  };

  static State* holder(Datum state) {
    return const_cast<State*>(reinterpret_cast<const State*>(state.as_bytes().data()));
  }

  bool any_null(const Datum* arguments) const {
    return std::any_of(arguments, arguments + call_.arguments,
                       [](const Datum& d) { return d.is_null(); });
  }

  void collect(State* held, const Datum* arguments) {
    if (held->count == held->capacity) {
      size_t bigger = std::max<size_t>(8, held->capacity * 2);
      auto** rows = reinterpret_cast<const Datum**>(states_.allocate(bigger * sizeof(Datum*)));
      std::copy(held->rows, held->rows + held->count, rows);
      held->rows = rows;
      held->capacity = bigger;
    }
    held->rows[held->count++] = copy_row(arguments, call_.input_types, states_);
  }

  bool before(const Datum* a, const Datum* b) const {
    for (const auto& order : call_.order) {
      Datum x = a[order.column], y = b[order.column];
      if (x.is_null() || y.is_null()) {
        if (x.is_null() == y.is_null()) continue;
        return x.is_null() == order.nulls_first;
      }
      auto verdict = order.type->compare(x, y);
      if (verdict != 0) return order.descending ? verdict > 0 : verdict < 0;
    }
    return call_.distinct && compare_arguments(a, b) < 0;
  }

  int compare_arguments(const Datum* a, const Datum* b) const {
    for (int i = 0; i < call_.arguments; ++i) {
      if (a[i].is_null() || b[i].is_null()) {
        if (a[i].is_null() == b[i].is_null()) continue;
        return a[i].is_null() ? 1 : -1;
      }
      auto order = call_.input_types[static_cast<size_t>(i)]->compare(a[i], b[i]);
      if (order != 0) return order < 0 ? -1 : 1;
    }
    return 0;
  }

  void step_collected(State* held) {
    std::stable_sort(held->rows, held->rows + held->count,
                     [this](const Datum* a, const Datum* b) { return before(a, b); });
    const Datum* last = nullptr;
    for (size_t i = 0; i < held->count; ++i) {
      exec_.poll();
      const Datum* row = held->rows[i];
      if (call_.distinct && last != nullptr && compare_arguments(last, row) == 0) continue;
      call_.aggregate->step(context_, held->bytes, row);
      last = row;
    }
    held->count = 0;
  }

  const Plan::AggregateCall& call_;
  ExecContext& exec_;
  Arena& states_;
  CallContext context_;
};

// GROUP BY by hashing: an entry a group holds its keys, then a state an aggregate. Without keys
// there is one group, even of no rows.
//
// When the groups take more than their share of memory, no new ones are made: rows of other groups
// are put aside, into one of several files by their hash. Once the groups so far are given out,
// each file is read like the input was, by other bits of the hash.
class HashAggregate final : public RowSource {
 public:
  HashAggregate(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        exec_(exec),
        child_(make_row_source(*plan.children[0], exec)),
        arena_(exec.budget),
        inputs_(plan.output, exec, arena_),
        groups_(std::span(plan.types).first(static_cast<size_t>(plan.keys)),
                static_cast<size_t>(plan.width), exec.budget),
        row_(std::max<size_t>(static_cast<size_t>(plan.width), 1)),
        packer_(input_types(plan)),
        file_(exec),
        unpacked_(std::max<size_t>(packer_.columns(), 1)) {
    for (const auto& call : plan.aggregates) runs_.emplace_back(call, exec, groups_.arena());
  }

  void open() override {
    groups_.clear();
    child_->open();
    read_ = false;
    at_ = 0;
    depth_ = 0;
    spilling_ = false;
    parts_.clear();
    aside_.clear();
    file_.clear();
  }

  const Datum* next() override {
    exec_.poll();
    if (!read_) read();
    while (at_ == groups_.entries().size()) {
      if (!read_aside()) return nullptr;
    }
    Datum* entry = groups_.entries()[at_++];
    std::copy(entry, entry + plan_.keys, row_.begin());
    for (size_t i = 0; i < runs_.size(); ++i) {
      auto column = static_cast<size_t>(plan_.keys) + i;
      row_[column] = runs_[i].finish(entry[column]);
    }
    return row_.data();
  }

 private:
  static constexpr int kPartBits = 4;
  static constexpr int kDeepest = 60 / kPartBits - 1;  ///< then the hash has no bits left
  static constexpr size_t kBlock = size_t{32} << 10;

  /// Rows that were put aside, by which bits of the hash.
  struct Aside {
    SpillStream rows;
    int depth;
  };

  static std::vector<const Type*> input_types(const Plan& plan) {
    std::vector<const Type*> types(plan.types.begin(), plan.types.begin() + plan.keys);
    for (const auto& call : plan.aggregates) {
      types.insert(types.end(), call.input_types.begin(), call.input_types.end());
      if (call.filter >= 0) types.push_back(&type_of(types::kBool));
    }
    return types;
  }

  void read() {
    read_ = true;
    limit_ = hash_memory(exec_);
    if (!plan_.grouped) {
      read_one_group();
      return;
    }
    while (const Datum* row = child_->next()) {
      exec_.poll();
      arena_.reset();
      take(inputs_.run(row));
    }
    end_of_rows();
  }

  void read_one_group() {
    Datum* entry = group(nullptr);
    if (only_counts_rows()) {
      count_rows(entry);
      return;
    }
    while (const Datum* row = child_->next()) {
      exec_.poll();
      arena_.reset();
      step(entry, inputs_.run(row));
    }
  }

  bool only_counts_rows() const {
    return plan_.aggregates.size() == 1 && plan_.aggregates[0].fast == FastOp::kCountStar &&
           plan_.aggregates[0].filter < 0;
  }

  void count_rows(Datum* entry) {
    int64_t rows = 0;
    while (child_->next() != nullptr) {
      exec_.poll();
      ++rows;
    }
    entry[0] = Datum::of_int(rows);
  }

  void take(const Datum* inputs) {
    if (Datum* entry = group(inputs)) {
      step(entry, inputs);
    } else {
      put_aside(inputs);
    }
  }

  /// nullptr: there is no room for one more.
  Datum* group(const Datum* inputs) {
    bool added = false;
    Datum* entry = groups_.find_or_add(inputs, added, !spilling_);
    if (added) {
      for (size_t i = 0; i < runs_.size(); ++i) {
        entry[static_cast<size_t>(plan_.keys) + i] = runs_[i].new_state();
      }
      spilling_ = groups_.memory() > limit_ && depth_ < kDeepest && plan_.grouped;
    }
    return entry;
  }

  void step(Datum* entry, const Datum* inputs) {
    for (size_t i = 0; i < runs_.size(); ++i) {
      runs_[i].step(entry[static_cast<size_t>(plan_.keys) + i], inputs);
    }
  }

  void put_aside(const Datum* inputs) {
    if (parts_.empty()) parts_.assign(size_t{1} << kPartBits, SpillStream(file_, kBlock));
    const uint64_t bits = groups_.last_hash() >> (60 - kPartBits * depth_);
    packed_.resize(packer_.size(inputs));
    const char* end = packer_.pack(inputs, packed_.data());
    parts_[bits & (parts_.size() - 1)].write(
        {packed_.data(), static_cast<size_t>(end - packed_.data())});
  }

  void end_of_rows() {
    for (SpillStream& part : parts_) {
      part.finish();
      if (part.records() > 0) aside_.push_back({std::move(part), depth_ + 1});
    }
    parts_.clear();
    spilling_ = false;
  }

  /// Makes groups of the next rows that were put aside; false when there are none.
  bool read_aside() {
    if (aside_.empty()) return false;
    Aside next = std::move(aside_.back());
    aside_.pop_back();
    groups_.clear();
    at_ = 0;
    depth_ = next.depth;
    next.rows.rewind(kBlock);
    std::string_view packed;
    while (next.rows.next(packed)) {
      exec_.poll();
      packer_.unpack(packed.data(), unpacked_.data());
      take(unpacked_.data());
    }
    end_of_rows();
    return true;
  }

  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr child_;
  Arena arena_;
  Evaluator inputs_;
  RowTable groups_;
  std::deque<AggregateRun> runs_;
  std::vector<Datum> row_;
  bool read_ = false;
  size_t at_ = 0;
  size_t limit_ = 0;
  RowPacker packer_;
  SpillFile file_;
  bool spilling_ = false;  ///< no more groups are made
  int depth_ = 0;
  std::vector<SpillStream> parts_;  ///< where rows are put aside
  std::vector<Aside> aside_;
  std::vector<char> packed_;
  std::vector<Datum> unpacked_;
};

}  // namespace

RowSourcePtr make_aggregate(const Plan& plan, ExecContext& exec) {
  return std::make_unique<HashAggregate>(plan, exec);
}

}  // namespace isolde::sql
