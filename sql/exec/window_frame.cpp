// Frames.
//
// ROWS counts rows, GROUPS counts groups of peers, RANGE adds to the one sort key. For RANGE the
// border between rows that are in and out is found by halving, as the rows are in order:
//
//      ORDER BY x RANGE BETWEEN 2 PRECEDING AND 1 FOLLOWING
//      x:     1   3   4   4   5   9
//                 [---*-------)          for the first 4: from 4 - 2 up to 4 + 1
//
// Rows whose key is NULL are peers of each other and out of reach of any offset.

#include "sql/exec/window_frame.hpp"

#include <algorithm>
#include <cmath>

#include "sql/types/datetime.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_ids.hpp"

namespace isolde::sql {

size_t FrameRows::size() const {
  size_t all = 0;
  for (int i = 0; i < count; ++i) all += stretches[i].end - stretches[i].begin;
  return all;
}

std::optional<size_t> FrameRows::nth(size_t number) const {
  for (int i = 0; i < count; ++i) {
    size_t length = stretches[i].end - stretches[i].begin;
    if (number < length) return stretches[i].begin + number;
    number -= length;
  }
  return std::nullopt;
}

namespace {

bool has_offset(FrameBound bound) {
  return bound == FrameBound::kPreceding || bound == FrameBound::kFollowing;
}

[[noreturn]] void fail_size() {
  fail(base::sqlstate::kInvalidPrecedingOrFollowingSize,
       "invalid preceding or following size in window function");
}

}  // namespace

FrameFinder::FrameFinder(const Plan::Window& window, ExecContext& exec)
    : window_(window), exec_(exec), arena_(exec.budget), scratch_(exec.budget) {
  if (window.range_type == nullptr) return;
  sum_.emplace(window.range_sum, exec, scratch_);
  difference_.emplace(window.range_difference, exec, scratch_);
  key_.emplace(window.range_key, exec, scratch_);
}

void FrameFinder::read_offsets() {
  if (has_offset(window_.frame.start)) {
    start_offset_ = read_offset(window_.start_offset, "starting");
  }
  if (has_offset(window_.frame.end)) end_offset_ = read_offset(window_.end_offset, "ending");
}

Datum FrameFinder::read_offset(const Program& program, std::string_view which) {
  Datum value = Evaluator(program, exec_, arena_).run(nullptr)[0];
  if (value.is_null()) {
    fail(base::sqlstate::kNullValueNotAllowed,
         "frame " + std::string(which) + " offset must not be null");
  }
  if (window_.frame.mode == FrameMode::kRange) {
    check_size(value);
  } else if (value.as_int() < 0) {
    fail(base::sqlstate::kInvalidPrecedingOrFollowingSize,
         "frame " + std::string(which) + " offset must not be negative");
  }
  return value;
}

/// The offset of a RANGE must not be negative.
void FrameFinder::check_size(Datum offset) const {
  const Type& type = *window_.offset_type;
  if (type.oid == types::kInterval) {
    Interval interval = read_interval(offset);
    bool time = window_.order[0].type->oid == types::kTime;
    if (time ? interval.micros < 0 : interval_length(interval) < 0) fail_size();
  } else if (type.storage == Storage::kFloat) {
    if (std::isnan(offset.as_float()) || offset.as_float() < 0) fail_size();
  } else if (type.storage == Storage::kInteger) {
    if (offset.as_int() < 0) fail_size();
  } else {
    Arena arena;
    Datum zero = type.from_text("0", -1, arena, exec_.style);
    Datum nan = type.from_text("NaN", -1, arena, exec_.style);
    if (type.compare(offset, zero) < 0 || type.compare(offset, nan) == 0) fail_size();
  }
}

FrameRows FrameFinder::frame_of(const WindowPartition& partition, size_t row) {
  FrameRows frame;
  frame.start = bound(partition, row, window_.frame.start, Side::kStart);
  frame.end = std::max(bound(partition, row, window_.frame.end, Side::kEnd), frame.start);
  if (window_.frame.exclude == FrameExclude::kNone) {
    frame.stretches[0] = {frame.start, frame.end};
    frame.count = 1;
  } else {
    exclude(partition, row, frame);
  }
  return frame;
}

size_t FrameFinder::bound(const WindowPartition& partition, size_t row, FrameBound bound,
                          Side side) {
  bool start = side == Side::kStart;
  switch (bound) {
    case FrameBound::kUnboundedPreceding:
      return 0;
    case FrameBound::kUnboundedFollowing:
      return partition.size();
    case FrameBound::kCurrentRow:
      if (window_.frame.mode == FrameMode::kRows) return start ? row : row + 1;
      return start ? partition.first_peer(row) : partition.after_peers(row);
    case FrameBound::kPreceding:
    case FrameBound::kFollowing:
      break;
  }
  bool back = bound == FrameBound::kPreceding;
  Datum offset = start ? start_offset_ : end_offset_;
  if (window_.frame.mode == FrameMode::kRange) {
    return range_bound(partition, row, back, offset, side);
  }
  auto count = static_cast<size_t>(offset.as_int());
  if (window_.frame.mode == FrameMode::kRows) {
    return rows_bound(partition.size(), row, back, count, side);
  }
  return groups_bound(partition, row, back, count, side);
}

size_t FrameFinder::rows_bound(size_t size, size_t row, bool back, size_t offset, Side side) const {
  size_t past = side == Side::kEnd ? 1 : 0;
  if (back) return offset > row + past ? 0 : row + past - offset;
  return offset >= size - row ? size : std::min(size, row + offset + past);
}

size_t FrameFinder::groups_bound(const WindowPartition& partition, size_t row, bool back,
                                 size_t offset, Side side) const {
  size_t group = partition.group[row];
  if (back && offset > group) return 0;
  if (!back && offset >= partition.groups() - group) return partition.size();
  size_t target = back ? group - offset : group + offset;
  return partition.group_starts[side == Side::kStart ? target : target + 1];
}

size_t FrameFinder::range_bound(const WindowPartition& partition, size_t row, bool back,
                                Datum offset, Side side) {
  const Plan::OrderItem& item = window_.order[0];
  const auto& rows = partition.rows;
  auto key = [&](size_t i) { return rows[i][item.column]; };
  Datum base = key(row);
  if (base.is_null()) {
    return side == Side::kStart ? partition.first_peer(row) : partition.after_peers(row);
  }
  // NULLs stand at one end.
  size_t low = 0, high = rows.size();
  if (key(0).is_null()) low = partition.group_starts[1];
  if (key(rows.size() - 1).is_null()) high = partition.group_starts[partition.groups() - 1];
  bool subtract = back != item.descending;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    bool before = side == Side::kStart
                      ? !in_range(key(middle), base, offset, subtract, item.descending)
                      : in_range(key(middle), base, offset, subtract, !item.descending);
    (before ? low : high) = before ? middle + 1 : middle;
  }
  return low;
}

namespace {

bool in_float_range(double value, double base, double offset, bool subtract, bool less) {
  // NaN is greater than all and equal to itself.
  if (std::isnan(value)) return std::isnan(base) || !less;
  if (std::isnan(base)) return less;
  if (std::isinf(offset) && std::isinf(base) && (subtract ? base > 0 : base < 0)) return true;
  double border = subtract ? base - offset : base + offset;
  return less ? value <= border : value >= border;
}

}  // namespace

/// value <= base + offset (with `less`), value >= base - offset, and so on.
bool FrameFinder::in_range(Datum value, Datum base, Datum offset, bool subtract, bool less) {
  if (window_.range_type != nullptr) {
    return in_range_computed(value, base, offset, subtract, less);
  }
  const Type& type = *window_.order[0].type;
  if (type.storage == Storage::kFloat) {
    return in_float_range(value.as_float(), base.as_float(), offset.as_float(), subtract, less);
  }
  int64_t distance = type.oid == types::kTime ? read_interval(offset).micros : offset.as_int();
  __int128 border = subtract ? static_cast<__int128>(base.as_int()) - distance
                             : static_cast<__int128>(base.as_int()) + distance;
  return less ? value.as_int() <= border : value.as_int() >= border;
}

bool FrameFinder::in_range_computed(Datum value, Datum base, Datum offset, bool subtract,
                                    bool less) {
  exec_.poll();
  scratch_.reset();
  Datum operands[2] = {base, offset};
  Datum border = (subtract ? *difference_ : *sum_).run(operands)[0];
  Datum key = key_->run(&value)[0];
  auto order = window_.range_type->compare(key, border);
  return less ? order <= 0 : order >= 0;
}

void FrameFinder::exclude(const WindowPartition& partition, size_t row, FrameRows& frame) const {
  bool only_row = window_.frame.exclude == FrameExclude::kCurrentRow;
  size_t out_begin = only_row ? row : partition.first_peer(row);
  size_t out_end = only_row ? row + 1 : partition.after_peers(row);
  auto add = [&](size_t begin, size_t end) {
    begin = std::max(begin, frame.start);
    end = std::min(end, frame.end);
    if (begin < end) frame.stretches[frame.count++] = {begin, end};
  };
  frame.whole = false;
  add(frame.start, out_begin);
  if (window_.frame.exclude == FrameExclude::kTies) add(row, row + 1);
  add(out_end, frame.end);
}

}  // namespace isolde::sql
