#include "sql/exec/index_ranges.hpp"

#include <algorithm>
#include <limits>

#include "sql/functions/like_prefix.hpp"
#include "sql/types/array.hpp"

namespace isolde::sql {

namespace {

/// Where a value stands beside all that a key column can hold: bigint bounds of an integer column.
enum class Fit : uint8_t { kBelow, kWithin, kAbove };

Fit fit_of(KeyForm form, const Type& type, Datum value) {
  if (type.storage != Storage::kInteger) return Fit::kWithin;
  int64_t low = 0;
  int64_t high = 0;
  if (form == KeyForm::kInt2) {
    low = std::numeric_limits<int16_t>::min();
    high = std::numeric_limits<int16_t>::max();
  } else if (form == KeyForm::kInt4) {
    low = std::numeric_limits<int32_t>::min();
    high = std::numeric_limits<int32_t>::max();
  } else {
    return Fit::kWithin;
  }
  if (value.as_int() < low) return Fit::kBelow;
  return value.as_int() > high ? Fit::kAbove : Fit::kWithin;
}

bool is_equality(KeyBound::Kind kind) {
  return kind == KeyBound::Kind::kEqual || kind == KeyBound::Kind::kAnyOf ||
         kind == KeyBound::Kind::kIsNull;
}

void set_lower(txn::KeyRange& range, storage::Bytes key, bool inclusive) {
  range.has_lower = true;
  range.lower = std::move(key);
  range.lower_inclusive = inclusive;
}
void set_upper(txn::KeyRange& range, storage::Bytes key, bool inclusive) {
  range.has_upper = true;
  range.upper = std::move(key);
  range.upper_inclusive = inclusive;
}

}  // namespace

IndexRanges::IndexRanges(const TableScan& scan, ExecContext& exec)
    : scan_(scan), arena_(exec.budget), bounds_(scan.bounds, exec, arena_) {
  for (const KeyBound& bound : scan.keys) {
    if (bound.kind == KeyBound::Kind::kAnyOf) any_of_ = &bound;
  }
}

void IndexRanges::start() {
  arena_.reset();
  values_ = bounds_.run(nullptr);
  at_ = 0;
  if (any_of_ != nullptr) list_values();
}

/// The values of = ANY (array), each once, in the order in which the scan goes.
void IndexRanges::list_values() {
  list_.clear();
  Datum array = value_of(*any_of_);
  if (array.is_null()) return;
  ArrayView view(array);
  for (int32_t i = 0; i < view.size(); ++i) {
    if (Datum one = view[i]; !one.is_null()) list_.push_back(one);
  }
  const Type& type = *any_of_->type;
  const KeyColumn& column = scan_.index->codec.columns()[static_cast<size_t>(any_of_->column)];
  const bool descending = column.descending != scan_.backward;
  std::sort(list_.begin(), list_.end(), [&](Datum a, Datum b) {
    return descending ? type.compare(b, a) < 0 : type.compare(a, b) < 0;
  });
  auto same = [&](Datum a, Datum b) { return type.compare(a, b) == 0; };
  list_.erase(std::unique(list_.begin(), list_.end(), same), list_.end());
}

bool IndexRanges::next(txn::KeyRange& range) {
  if (any_of_ == nullptr) return at_++ == 0 && build(range, Datum::null());
  while (at_ < list_.size()) {
    if (build(range, list_[at_++])) return true;
  }
  return false;
}

/// Appends a column that is given by equality; false when nothing can be equal to the value.
bool IndexRanges::add_equality(storage::Bytes& key, const KeyBound& bound, Datum value) const {
  const auto column = static_cast<size_t>(bound.column);
  const KeyCodec& codec = scan_.index->codec;
  if (bound.kind == KeyBound::Kind::kIsNull) {
    codec.append_marker(key, column, true);
    return true;
  }
  if (value.is_null()) return false;
  if (fit_of(codec.columns()[column].form, *bound.type, value) != Fit::kWithin) return false;
  codec.append(key, column, value);
  return true;
}

/// Narrows a range by a bound of the first column that is not given by equality. `prefix` is the
/// key so far. False when nothing is in it.
bool IndexRanges::add_limit(txn::KeyRange& range, const storage::Bytes& prefix,
                            const KeyBound& bound) const {
  const auto column = static_cast<size_t>(bound.column);
  const KeyCodec& codec = scan_.index->codec;
  const KeyColumn& about = codec.columns()[column];
  Datum value = value_of(bound);
  if (bound.kind != KeyBound::Kind::kNotNull && value.is_null()) return false;
  // NULLs are outside of every bound: what is not NULL begins with this.
  storage::Bytes key = prefix;
  codec.append_marker(key, column, false);
  if (!range.has_lower || range.lower.size() <= prefix.size()) set_lower(range, key, true);
  if (!range.has_upper || range.upper.size() <= prefix.size()) set_upper(range, key, true);
  if (bound.kind == KeyBound::Kind::kNotNull) return true;
  key = prefix;
  if (bound.kind == KeyBound::Kind::kPrefix) {
    codec.append_prefix(key, column, like_prefix(value.as_bytes()));
    set_lower(range, key, true);
    set_upper(range, std::move(key), true);
    return true;
  }
  const bool less = bound.kind == KeyBound::Kind::kLess || bound.kind == KeyBound::Kind::kLessEqual;
  const bool inclusive =
      bound.kind == KeyBound::Kind::kLessEqual || bound.kind == KeyBound::Kind::kGreaterEqual;
  const Fit fit = fit_of(about.form, *bound.type, value);
  if (fit != Fit::kWithin) return (fit == Fit::kAbove) == less;
  codec.append(key, column, value);
  if (less != about.descending) {
    set_upper(range, std::move(key), inclusive);
  } else {
    set_lower(range, std::move(key), inclusive);
  }
  return true;
}

bool IndexRanges::build(txn::KeyRange& range, Datum any_of) const {
  range.has_lower = range.has_upper = false;
  range.unique_point = scan_.unique_point;
  storage::Bytes prefix;
  for (const KeyBound& bound : scan_.keys) {
    if (!is_equality(bound.kind)) continue;
    Datum value = &bound == any_of_ ? any_of : value_of(bound);
    if (!add_equality(prefix, bound, value)) return false;
  }
  if (!prefix.empty()) {
    set_lower(range, prefix, true);
    set_upper(range, prefix, true);
  }
  for (const KeyBound& bound : scan_.keys) {
    if (!is_equality(bound.kind) && !add_limit(range, prefix, bound)) return false;
  }
  return true;
}

}  // namespace isolde::sql
