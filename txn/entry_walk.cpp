#include "txn/entry_walk.hpp"

#include <algorithm>

namespace isolde::txn {

using base::Result;
using base::Status;

void EntryWalk::start(const KeyRange& range, bool backward, GapLocks* gaps) {
  range_ = range;
  backward_ = backward;
  gaps_ = gaps;
  started_ = done_ = stay_ = run_ends_ = false;
  run_.clear();
  at_ = 0;
  anchor_.reset();
  locked_.reset();
}

Result<bool> EntryWalk::next() {
  if (done_) return false;
  auto found = in_runs() ? next_locked() : gaps_ != nullptr ? next_backward() : next_plain();
  if (found && !*found) done_ = true;
  return found;
}

EntryWalk::Entry EntryWalk::here() const {
  return {Bytes(cursor_.key().begin(), cursor_.key().end()), cursor_.row()};
}

bool EntryWalk::stands_at(const Entry& entry) const {
  return cursor_.valid() && cursor_.row() == entry.row &&
         std::ranges::equal(cursor_.key(), entry.key);
}

// ---- without locks

/// To the first entry, or the one after the present.
Status EntryWalk::step() {
  if (!started_) {
    started_ = true;
    return seek_start(cursor_, range_, backward_);
  }
  if (stay_) {
    stay_ = false;
    return {};
  }
  return backward_ ? cursor_.prev() : cursor_.next();
}

Result<bool> EntryWalk::next_plain() {
  for (;;) {
    if (Status s = step(); !s) return s.take_error();
    if (!cursor_.valid()) return false;
    const bool low = above_lower(range_, cursor_.key());
    const bool high = below_upper(range_, cursor_.key());
    if (low && high) return true;
    if (backward_ ? !low : !high) return false;
  }
}

// ---- upwards, in runs

Result<bool> EntryWalk::next_locked() {
  if (started_) ++at_;
  started_ = true;
  while (at_ >= run_.size()) {
    if (run_ends_) return false;
    if (Status s = lock_run(); !s) return s.take_error();
  }
  return below_upper(range_, run_[at_].key);
}

/// The next run, locked and as it is.
Status EntryWalk::lock_run() {
  bool at_end = false;
  std::vector<Entry> run;
  for (bool still = false; !still;) {
    if (Status s = take_run(run, at_end); !s) return s;
    auto same = is_still(run, at_end);
    if (!same) return same.take_error();
    still = *same;
  }
  run_ = std::move(run);
  run_ends_ = at_end;
  at_ = 0;
  if (!run_.empty()) anchor_ = run_.back();
  return {};
}

/// Locks one gap after the other, up to a stable entry or the end. The cursor stays there.
Status EntryWalk::take_run(std::vector<Entry>& run, bool& at_end) {
  run.clear();
  at_end = false;
  const bool behind = anchor_ && stands_at(*anchor_);
  if (Status s = behind ? cursor_.next() : seek_behind_anchor(); !s) return s;
  for (;;) {
    if (!cursor_.valid()) {
      at_end = true;
      return gaps_->lock_gap(nullptr);
    }
    Entry entry = here();
    const bool wanted = above_lower(range_, entry.key);
    if (wanted && locked_ != entry.key) {
      const ByteSpan name(entry.key);
      if (Status s = gaps_->lock_gap(&name); !s) return s;
      locked_ = entry.key;
    }
    const TupleId row = entry.row;
    if (wanted) {
      run.push_back(std::move(entry));
      auto stable = gaps_->is_stable(row);
      if (!stable) return stable.take_error();
      if (*stable) return {};
    }
    if (Status s = cursor_.next(); !s) return s;
  }
}

/// Is that, now that it is locked, what comes behind the anchor?
Result<bool> EntryWalk::is_still(const std::vector<Entry>& run, bool at_end) {
  const bool one_step = run.size() + (at_end ? 1 : 0) == 1;
  if (one_step && anchor_) {
    auto unchanged = cursor_.unchanged();
    if (!unchanged || *unchanged) return unchanged;
  }
  if (Status s = seek_behind_anchor(); !s) return s.take_error();
  while (cursor_.valid() && !above_lower(range_, cursor_.key())) {
    if (Status s = cursor_.next(); !s) return s.take_error();
  }
  for (size_t i = 0; i < run.size(); ++i) {
    if (!stands_at(run[i])) return false;
    if (i + 1 == run.size() && !at_end) return true;
    if (Status s = cursor_.next(); !s) return s.take_error();
  }
  return !cursor_.valid();
}

Status EntryWalk::seek_behind_anchor() {
  if (!anchor_) return seek_start(cursor_, range_, false);
  if (Status s = cursor_.seek(anchor_->key); !s) return s;
  while (cursor_.valid() && std::ranges::equal(cursor_.key(), anchor_->key) &&
         !(anchor_->row < cursor_.row())) {
    if (Status s = cursor_.next(); !s) return s;
  }
  return {};
}

// ---- downwards

/// The gap above the range, before the walk goes down into it.
Status EntryWalk::lock_above() {
  if (!range_.has_upper) return gaps_->lock_gap(nullptr);
  KeyRange nothing;  // that begins right above the range
  nothing.has_lower = nothing.has_upper = true;
  nothing.lower = nothing.upper = range_.upper;
  nothing.lower_inclusive = !range_.upper_inclusive;
  nothing.upper_inclusive = false;
  EntryWalk above(index_);
  above.start(nothing, false, gaps_);
  auto found = above.next();
  return found ? Status() : Status(found.take_error());
}

Result<bool> EntryWalk::next_backward() {
  if (!started_) {
    if (Status s = lock_above(); !s) return s.take_error();
  }
  for (;;) {
    if (Status s = step(); !s) return s.take_error();
    if (!cursor_.valid() || !above_lower(range_, cursor_.key())) return false;
    if (!below_upper(range_, cursor_.key())) continue;
    Entry entry = here();
    if (locked_ == entry.key) return true;
    const ByteSpan name(entry.key);
    if (Status s = gaps_->lock_gap(&name); !s) return s.take_error();
    // From a copy of the leaf that was made after the lock was granted, on to what is below.
    if (Status s = cursor_.seek(entry.key); !s) return s.take_error();
    while (cursor_.valid() && std::ranges::equal(cursor_.key(), entry.key) &&
           cursor_.row() < entry.row) {
      if (Status s = cursor_.next(); !s) return s.take_error();
    }
    if (!stands_at(entry)) continue;  // it went; the step goes on below it
    locked_ = std::move(entry.key);
    return true;
  }
}

Status EntryWalk::again() {
  const Bytes key(this->key().begin(), this->key().end());
  if (in_runs()) {
    std::vector<TupleId> rows;
    if (Status s = index_.tree.lookup(key, rows); !s) return s;
    std::vector<Entry> run;
    for (TupleId row : rows) run.push_back({key, row});
    for (size_t i = at_; i < run_.size(); ++i) {
      if (run_[i].key != key) run.push_back(std::move(run_[i]));
    }
    run_ = std::move(run);
    at_ = 0;
    started_ = false;  // the next step is to the first of them
    return {};
  }
  stay_ = true;
  if (Status s = cursor_.seek(key); !s || !backward_) return s;
  while (cursor_.valid() && std::ranges::equal(cursor_.key(), key)) {
    if (Status s = cursor_.next(); !s) return s;
  }
  return cursor_.prev();
}

}  // namespace isolde::txn
