#include "txn/predicate_ranges.hpp"

#include <absl/strings/string_view.h>

#include <algorithm>

#include "base/check.hpp"

namespace isolde::txn {

using base::Status;

namespace {

bool is_point(const KeyRange& range) {
  return range.has_lower && range.has_upper && range.lower_inclusive && range.upper_inclusive &&
         range.lower == range.upper;
}

absl::string_view text_of(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Status visit_all(const std::vector<std::unique_ptr<RangeLock>>& locks, PredicateVisitor& visitor,
                 const std::function<bool(const RangeLock&)>& concerned) {
  for (const auto& lock : locks) {
    if (!concerned(*lock)) continue;
    if (Status s = visitor.visit(lock->owner, lock->committed_at); !s) return s;
  }
  return {};
}

}  // namespace

bool same_range(const KeyRange& a, const KeyRange& b) {
  if (a.has_lower != b.has_lower || a.has_upper != b.has_upper) return false;
  if (a.has_lower && (a.lower != b.lower || a.lower_inclusive != b.lower_inclusive)) return false;
  return !a.has_upper || (a.upper == b.upper && a.upper_inclusive == b.upper_inclusive);
}

std::vector<PredicateRanges::LockPtr>& PredicateRanges::list_for(IndexLocks& locks,
                                                                 const KeyRange& range) {
  if (!is_point(range)) return locks.ranges;
  auto& list = locks.points[text_of(range.lower)];
  ++locks.lengths[range.lower.size()];
  return list;
}

RangeLock* PredicateRanges::add(PredicateOwner& owner, Oid database, Oid index,
                                const KeyRange& range) {
  const uint64_t number = 1 + last_number_.fetch_add(1, std::memory_order_relaxed);
  auto lock = std::make_unique<RangeLock>(RangeLock{number, database, index, range, &owner, 0});
  const uint64_t key = key_of(database, index);
  Part& part = this->part(key);
  std::lock_guard guard(part.mutex);
  return list_for(part.indexes[key], range).emplace_back(std::move(lock)).get();
}

/// Out of its list; the caller has the part's mutex.
PredicateRanges::LockPtr PredicateRanges::take(IndexLocks& locks, RangeLock* lock) {
  const bool point = is_point(lock->range);
  auto entry = point ? locks.points.find(text_of(lock->range.lower)) : locks.points.end();
  std::vector<LockPtr>& list = point ? entry->second : locks.ranges;
  auto at =
      std::find_if(list.begin(), list.end(), [&](const LockPtr& l) { return l.get() == lock; });
  ISOLDE_ASSERT(at != list.end(), "a range's lock is not in the list of its index");
  LockPtr taken = std::move(*at);
  *at = std::move(list.back());
  list.pop_back();
  if (point) {
    auto length = locks.lengths.find(lock->range.lower.size());
    if (--length->second == 0) locks.lengths.erase(length);
    if (list.empty()) locks.points.erase(entry);
  }
  return taken;
}

void PredicateRanges::narrow(RangeLock* lock, const KeyRange& range) {
  const uint64_t key = key_of(lock->database, lock->index);
  Part& part = this->part(key);
  std::lock_guard guard(part.mutex);
  IndexLocks& locks = part.indexes[key];
  LockPtr taken = take(locks, lock);
  taken->range = range;
  list_for(locks, range).push_back(std::move(taken));
}

void PredicateRanges::remove(RangeLock* lock) {
  const uint64_t key = key_of(lock->database, lock->index);
  Part& part = this->part(key);
  std::lock_guard guard(part.mutex);
  auto found = part.indexes.find(key);
  take(found->second, lock);
  if (found->second.points.empty() && found->second.ranges.empty()) part.indexes.erase(found);
}

bool PredicateRanges::disown(RangeLock* lock, uint64_t committed_at) {
  const uint64_t key = key_of(lock->database, lock->index);
  Part& part = this->part(key);
  std::lock_guard guard(part.mutex);
  IndexLocks& locks = part.indexes[key];
  std::vector<LockPtr>& list =
      is_point(lock->range) ? locks.points[text_of(lock->range.lower)] : locks.ranges;
  for (const LockPtr& other : list) {
    if (other->owner != nullptr || !same_range(other->range, lock->range)) continue;
    other->committed_at = std::max(other->committed_at, committed_at);
    take(locks, lock);
    return true;
  }
  lock->owner = nullptr;
  lock->committed_at = committed_at;
  return false;
}

Status PredicateRanges::visit(Oid database, Oid index, ByteSpan key, PredicateVisitor& visitor) {
  const uint64_t index_key = key_of(database, index);
  Part& part = this->part(index_key);
  std::lock_guard guard(part.mutex);
  auto found = part.indexes.find(index_key);
  if (found == part.indexes.end()) return {};
  const IndexLocks& locks = found->second;
  for (const auto& [length, count] : locks.lengths) {
    if (length > key.size()) break;
    auto point = locks.points.find(text_of(key.first(length)));
    if (point == locks.points.end()) continue;
    Status s = visit_all(point->second, visitor, [](const RangeLock&) { return true; });
    if (!s) return s;
  }
  return visit_all(locks.ranges, visitor,
                   [&](const RangeLock& lock) { return in_range(lock.range, key); });
}

size_t PredicateRanges::remove_disowned(const std::function<bool(const RangeLock&)>& goes) {
  size_t removed = 0;
  for (Part& part : parts_) {
    std::lock_guard guard(part.mutex);
    for (auto& [key, locks] : part.indexes) {
      std::vector<RangeLock*> gone;
      const auto look = [&](const LockPtr& lock) {
        if (lock->owner == nullptr && goes(*lock)) gone.push_back(lock.get());
      };
      std::for_each(locks.ranges.begin(), locks.ranges.end(), look);
      for (const auto& [bytes, list] : locks.points) std::for_each(list.begin(), list.end(), look);
      for (RangeLock* lock : gone) take(locks, lock);
      removed += gone.size();
    }
    absl::erase_if(part.indexes, [](const auto& entry) {
      return entry.second.points.empty() && entry.second.ranges.empty();
    });
  }
  return removed;
}

void PredicateRanges::each(const std::function<void(const RangeLock&)>& look) {
  for (Part& part : parts_) {
    std::lock_guard guard(part.mutex);
    for (const auto& [key, locks] : part.indexes) {
      for (const LockPtr& lock : locks.ranges) look(*lock);
      for (const auto& [bytes, list] : locks.points) {
        for (const LockPtr& lock : list) look(*lock);
      }
    }
  }
}

}  // namespace isolde::txn
