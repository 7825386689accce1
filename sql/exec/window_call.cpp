#include "sql/exec/window_call.hpp"

#include <algorithm>

#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

const Type& filter_type() {
  return type_of(types::kBool);
}

WindowCallRun::WindowCallRun(const Plan::WindowCall& call, ExecContext& exec)
    : call_(call),
      exec_(exec),
      states_(exec.budget),
      results_(exec.budget),
      step_context_{states_, exec.task, exec.style, exec.services, &call.call.site.site},
      final_context_{results_, exec.task, exec.style, exec.services, &call.call.site.site} {}

bool WindowCallRun::needs_frame() const {
  switch (call_.function) {
    case WindowFunction::kNone:
    case WindowFunction::kFirstValue:
    case WindowFunction::kLastValue:
    case WindowFunction::kNthValue:
      return true;
    case WindowFunction::kRowNumber:
    case WindowFunction::kRank:
    case WindowFunction::kDenseRank:
    case WindowFunction::kPercentRank:
    case WindowFunction::kCumeDist:
    case WindowFunction::kNtile:
    case WindowFunction::kLag:
    case WindowFunction::kLead:
      return false;
  }
  return true;
}

void WindowCallRun::start(const WindowPartition&) {
  known_ = false;
}

Datum WindowCallRun::value(const WindowPartition& partition, size_t row, const FrameRows& frame) {
  switch (call_.function) {
    case WindowFunction::kNone:
      return aggregate(partition, frame);
    case WindowFunction::kRowNumber:
    case WindowFunction::kRank:
    case WindowFunction::kDenseRank:
    case WindowFunction::kPercentRank:
    case WindowFunction::kCumeDist:
      return ranking(partition, row);
    case WindowFunction::kNtile:
      return tile(partition, row);
    case WindowFunction::kLag:
      return neighbour(partition, row, false);
    case WindowFunction::kLead:
      return neighbour(partition, row, true);
    case WindowFunction::kFirstValue: {
      auto at = frame.nth(0);
      return at ? argument(partition, *at, 0) : Datum::null();
    }
    case WindowFunction::kLastValue: {
      auto at = frame.size() > 0 ? frame.nth(frame.size() - 1) : std::nullopt;
      return at ? argument(partition, *at, 0) : Datum::null();
    }
    case WindowFunction::kNthValue:
      return nth_value(partition, row, frame);
  }
  return Datum::null();
}

Datum WindowCallRun::argument(const WindowPartition& partition, size_t row, int number) const {
  return partition.inputs[row][call_.call.first_argument + number];
}

Datum WindowCallRun::ranking(const WindowPartition& partition, size_t row) const {
  size_t first = partition.first_peer(row);
  size_t size = partition.size();
  switch (call_.function) {
    case WindowFunction::kRowNumber:
      return Datum::of_int(static_cast<int64_t>(row) + 1);
    case WindowFunction::kRank:
      return Datum::of_int(static_cast<int64_t>(first) + 1);
    case WindowFunction::kDenseRank:
      return Datum::of_int(static_cast<int64_t>(partition.group[row]) + 1);
    case WindowFunction::kPercentRank:
      if (size <= 1) return Datum::of_float(0);
      return Datum::of_float(static_cast<double>(first) / static_cast<double>(size - 1));
    default:
      return Datum::of_float(static_cast<double>(partition.after_peers(row)) /
                             static_cast<double>(size));
  }
}

Datum WindowCallRun::tile(const WindowPartition& partition, size_t row) const {
  Datum wanted = argument(partition, 0, 0);
  if (wanted.is_null()) return Datum::null();
  if (wanted.as_int() <= 0) {
    fail(base::sqlstate::kInvalidArgumentForNtile, "argument of ntile must be greater than zero");
  }
  auto buckets = static_cast<size_t>(wanted.as_int());
  size_t small = partition.size() / buckets;
  size_t larger = partition.size() % buckets;  // so many have one row more
  size_t in_larger = larger * (small + 1);
  size_t bucket =
      row < in_larger ? row / (small + 1) : larger + (row - in_larger) / std::max<size_t>(small, 1);
  return Datum::of_int(static_cast<int64_t>(bucket) + 1);
}

Datum WindowCallRun::neighbour(const WindowPartition& partition, size_t row, bool ahead) const {
  int64_t distance = 1;
  if (call_.call.arguments > 1) {
    Datum offset = argument(partition, row, 1);
    if (offset.is_null()) return Datum::null();
    distance = offset.as_int();
  }
  int64_t at = static_cast<int64_t>(row) + (ahead ? distance : -distance);
  if (at >= 0 && at < static_cast<int64_t>(partition.size())) {
    return argument(partition, static_cast<size_t>(at), 0);
  }
  return call_.call.arguments > 2 ? argument(partition, row, 2) : Datum::null();
}

Datum WindowCallRun::nth_value(const WindowPartition& partition, size_t row,
                               const FrameRows& frame) const {
  Datum number = argument(partition, row, 1);
  if (number.is_null()) return Datum::null();
  if (number.as_int() <= 0) {
    fail(base::sqlstate::kInvalidArgumentForNthValue,
         "argument of nth_value must be greater than zero");
  }
  auto at = frame.nth(static_cast<size_t>(number.as_int()) - 1);
  return at ? argument(partition, *at, 0) : Datum::null();
}

// --- aggregates: as long as frames only grow at their end, one state goes on

Datum WindowCallRun::aggregate(const WindowPartition& partition, const FrameRows& frame) {
  bool same = known_ && frame.whole && start_ == frame.start && end_ == frame.end;
  if (same) return result_;
  bool grows = known_ && frame.whole && start_ == frame.start && end_ <= frame.end;
  if (grows) {
    step(partition, end_, frame.end);
  } else {
    begin_aggregate();
    for (int i = 0; i < frame.count; ++i) {
      step(partition, frame.stretches[i].begin, frame.stretches[i].end);
    }
  }
  known_ = frame.whole;
  start_ = frame.start;
  end_ = frame.end;
  results_.reset();
  result_ = call_.call.aggregate->final(final_context_, state_);
  return result_;
}

void WindowCallRun::begin_aggregate() {
  states_.reset();
  state_ = states_.allocate(std::max<uint32_t>(call_.call.aggregate->state_size, 8));
  call_.call.aggregate->init(step_context_, state_);
}

void WindowCallRun::step(const WindowPartition& partition, size_t begin, size_t end) {
  const Plan::AggregateCall& call = call_.call;
  for (size_t i = begin; i < end; ++i) {
    exec_.poll();
    const Datum* inputs = partition.inputs[i];
    if (call.filter >= 0 && (inputs[call.filter].is_null() || !inputs[call.filter].as_bool())) {
      continue;
    }
    const Datum* arguments = inputs + call.first_argument;
    auto null = [](const Datum& datum) { return datum.is_null(); };
    if (call.strict && std::any_of(arguments, arguments + call.arguments, null)) continue;
    call.aggregate->step(step_context_, state_, arguments);
  }
}

}  // namespace isolde::sql
