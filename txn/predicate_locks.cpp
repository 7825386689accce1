#include "txn/predicate_locks.hpp"

#include <algorithm>

namespace isolde::txn {

using base::Status;

size_t PredicateLimits::per_relation() const {
  if (max_locks_per_relation >= 0) return static_cast<size_t>(max_locks_per_relation);
  const auto divisor = static_cast<size_t>(-int64_t{max_locks_per_relation});
  const size_t share = max_locks_per_transaction / divisor;
  return share == 0 ? 0 : share - 1;
}

// ---- books

PredicateOwner::Book* PredicateOwner::find(Oid database, Oid relation) {
  for (Book& book : books_) {
    if (book.relation == relation && book.database == database) return &book;
  }
  return nullptr;
}

PredicateOwner::Book& PredicateOwner::book(Oid database, Oid relation) {
  if (Book* known = find(database, relation)) return *known;
  Book& book = books_.emplace_back();
  book.database = database;
  book.relation = relation;
  return book;
}

// ---- locks on places

PredicateLocks::~PredicateLocks() {
  for (Partition& partition : partitions_) {
    for (auto& [target, holders] : partition.locks) {
      while (PredicateLock* lock = holders.front()) {
        holders.remove(lock);
        delete lock;
      }
    }
  }
}

PredicateLock* PredicateLocks::add(PredicateOwner& owner, const PredicateTarget& target) {
  auto lock = std::make_unique<PredicateLock>();
  lock->target = target;
  lock->owner = &owner;
  Partition& partition = this->partition(target);
  std::lock_guard guard(partition.mutex);
  partition.locks[target].push_back(lock.get());
  count_.fetch_add(1, std::memory_order_relaxed);
  return lock.release();  // its target's list has it now
}

void PredicateLocks::remove(PredicateLock* lock) {
  const std::unique_ptr<PredicateLock> gone(lock);
  Partition& partition = this->partition(lock->target);
  std::lock_guard guard(partition.mutex);
  auto holders = partition.locks.find(lock->target);
  holders->second.remove(lock);
  if (holders->second.empty()) partition.locks.erase(holders);
  count_.fetch_sub(1, std::memory_order_relaxed);
}

/// One lock in the place of all others of the book.
void PredicateLocks::lock_whole(PredicateOwner& owner, Book& book) {
  book.whole = add(owner, PredicateTarget::of_relation(book.database, book.relation));
  for (PredicateLock* part : book.places) remove(part);
  for (RangeLock* range : book.ranges) ranges_.remove(range);
  count_.fetch_sub(book.ranges.size(), std::memory_order_relaxed);
  book.places.clear();
  book.ranges.clear();
}

bool PredicateLocks::lock(PredicateOwner& owner, const PredicateTarget& target) {
  std::lock_guard guard(owner.mutex_);
  Book& book = owner.book(target.database, target.relation);
  if (book.whole != nullptr) return false;
  int on_page = 0;
  for (const PredicateLock* held : book.places) {
    if (held->target.block != target.block) continue;
    if (held->target.slot == target.slot || held->target.is_page()) return false;
    ++on_page;
  }
  if (target.is_relation() || book.count() + 1 > limits_.per_relation()) {
    lock_whole(owner, book);
    return true;
  }
  if (target.is_tuple() && on_page < limits_.max_locks_per_page) {
    book.places.push_back(add(owner, target));
    return true;
  }
  PredicateLock* page =
      add(owner, PredicateTarget::of_page(target.database, target.relation, target.block));
  auto rows =
      std::partition(book.places.begin(), book.places.end(),
                     [&](const PredicateLock* held) { return held->target.block != target.block; });
  std::for_each(rows, book.places.end(), [&](PredicateLock* row) { remove(row); });
  book.places.erase(rows, book.places.end());
  book.places.push_back(page);
  return true;
}

void PredicateLocks::unlock_row(PredicateOwner& owner, const PredicateTarget& target) {
  std::lock_guard guard(owner.mutex_);
  Book* book = owner.find(target.database, target.relation);
  if (book == nullptr) return;
  auto at = std::find_if(book->places.begin(), book->places.end(),
                         [&](const PredicateLock* held) { return held->target == target; });
  if (at == book->places.end()) return;
  remove(*at);
  *at = book->places.back();
  book->places.pop_back();
}

void PredicateLocks::coarsen(PredicateOwner& owner) {
  std::lock_guard guard(owner.mutex_);
  auto most = std::max_element(owner.books_.begin(), owner.books_.end(),
                               [](const Book& a, const Book& b) { return a.count() < b.count(); });
  if (most != owner.books_.end() && most->count() > 0) lock_whole(owner, *most);
}

// ---- ranges

uint64_t PredicateLocks::lock_range(PredicateOwner& owner, Oid database, Oid table, Oid index,
                                    const KeyRange& range) {
  std::lock_guard guard(owner.mutex_);
  const Book* rows = owner.find(database, table);
  if (rows != nullptr && rows->whole != nullptr) return 0;
  Book& book = owner.book(database, index);
  if (book.whole != nullptr) return 0;
  for (const RangeLock* held : book.ranges) {
    if (same_range(held->range, range)) return 0;
  }
  if (book.count() + 1 > limits_.per_relation()) {
    lock_whole(owner, book);
    return 0;
  }
  book.ranges.push_back(ranges_.add(owner, database, index, range));
  count_.fetch_add(1, std::memory_order_relaxed);
  return book.ranges.back()->number;
}

void PredicateLocks::narrow_range(PredicateOwner& owner, uint64_t number, const KeyRange& range) {
  std::lock_guard guard(owner.mutex_);
  for (Book& book : owner.books_) {
    for (RangeLock* held : book.ranges) {
      if (held->number == number) ranges_.narrow(held, range);
    }
  }
}

// ---- what writers ask

Status PredicateLocks::visit(const PredicateTarget& target, PredicateVisitor& visitor) {
  Partition& partition = this->partition(target);
  std::lock_guard guard(partition.mutex);
  auto found = partition.locks.find(target);
  if (found == partition.locks.end()) return {};
  for (PredicateLock* lock = found->second.front(); lock != nullptr; lock = Holders::next(lock)) {
    if (Status s = visitor.visit(lock->owner, lock->committed_at); !s) return s;
  }
  return {};
}

Status PredicateLocks::visit_key(Oid database, Oid index, ByteSpan key, PredicateVisitor& visitor) {
  if (Status s = ranges_.visit(database, index, key, visitor); !s) return s;
  return visit(PredicateTarget::of_relation(database, index), visitor);
}

Status PredicateLocks::visit_table(Oid database, Oid table, PredicateVisitor& visitor) {
  for (Partition& partition : partitions_) {
    std::lock_guard guard(partition.mutex);
    for (auto& [target, holders] : partition.locks) {
      if (target.relation != table || target.database != database) continue;
      for (PredicateLock* lock = holders.front(); lock != nullptr; lock = Holders::next(lock)) {
        if (Status s = visitor.visit(lock->owner, lock->committed_at); !s) return s;
      }
    }
  }
  return {};
}

// ---- clearing away

void PredicateLocks::release(PredicateOwner& owner) {
  std::lock_guard guard(owner.mutex_);
  for (Book& book : owner.books_) {
    if (book.whole != nullptr) remove(book.whole);
    for (PredicateLock* lock : book.places) remove(lock);
    for (RangeLock* range : book.ranges) ranges_.remove(range);
    count_.fetch_sub(book.ranges.size(), std::memory_order_relaxed);
  }
  owner.books_.clear();
}

void PredicateLocks::disown(PredicateLock* lock, uint64_t committed_at) {
  Partition& partition = this->partition(lock->target);
  std::lock_guard guard(partition.mutex);
  Holders& holders = partition.locks.find(lock->target)->second;
  for (PredicateLock* other = holders.front(); other != nullptr; other = Holders::next(other)) {
    if (other->owner != nullptr) continue;
    other->committed_at = std::max(other->committed_at, committed_at);
    holders.remove(lock);
    delete lock;
    count_.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  lock->owner = nullptr;
  lock->committed_at = committed_at;
  disowned_.fetch_add(1, std::memory_order_relaxed);
}

void PredicateLocks::disown(PredicateOwner& owner, uint64_t committed_at) {
  std::lock_guard guard(owner.mutex_);
  for (Book& book : owner.books_) {
    if (book.whole != nullptr) disown(book.whole, committed_at);
    for (PredicateLock* lock : book.places) disown(lock, committed_at);
    for (RangeLock* range : book.ranges) {
      if (ranges_.disown(range, committed_at)) {
        count_.fetch_sub(1, std::memory_order_relaxed);
      } else {
        disowned_.fetch_add(1, std::memory_order_relaxed);
      }
    }
  }
  owner.books_.clear();
}

void PredicateLocks::add_disowned(const PredicateTarget& target, uint64_t committed_at) {
  Partition& partition = this->partition(target);
  std::lock_guard guard(partition.mutex);
  Holders& holders = partition.locks[target];
  for (PredicateLock* lock = holders.front(); lock != nullptr; lock = Holders::next(lock)) {
    if (lock->owner != nullptr) continue;
    lock->committed_at = std::max(lock->committed_at, committed_at);
    return;
  }
  auto lock = std::make_unique<PredicateLock>();
  lock->target = target;
  lock->committed_at = committed_at;
  holders.push_back(lock.release());  // its target's list has it now
  count_.fetch_add(1, std::memory_order_relaxed);
  disowned_.fetch_add(1, std::memory_order_relaxed);
}

template <typename Goes>
void PredicateLocks::remove_disowned(Goes&& goes) {
  size_t removed = 0;
  for (Partition& partition : partitions_) {
    std::lock_guard guard(partition.mutex);
    for (auto entry = partition.locks.begin(); entry != partition.locks.end();) {
      Holders& holders = entry->second;
      for (PredicateLock* lock = holders.front(); lock != nullptr;) {
        PredicateLock* next = Holders::next(lock);
        if (lock->owner == nullptr && goes(lock->target, lock->committed_at)) {
          holders.remove(lock);
          delete lock;
          ++removed;
        }
        lock = next;
      }
      auto here = entry++;
      if (holders.empty()) partition.locks.erase(here);
    }
  }
  // A range of keys is finer than the index: its slot says so.
  removed += ranges_.remove_disowned([&](const RangeLock& lock) {
    return goes(PredicateTarget{lock.database, lock.index, storage::BlockNumber{0}, {}},
                lock.committed_at);
  });
  count_.fetch_sub(removed, std::memory_order_relaxed);
  disowned_.fetch_sub(removed, std::memory_order_relaxed);
}

void PredicateLocks::release_disowned(uint64_t through) {
  remove_disowned([&](const PredicateTarget&, uint64_t at) { return at <= through; });
}

void PredicateLocks::coarsen_disowned() {
  absl::flat_hash_map<PredicateTarget, uint64_t, Hash> latest;
  const auto note = [&](Oid database, Oid relation, uint64_t at) {
    uint64_t& known = latest[PredicateTarget::of_relation(database, relation)];
    known = std::max(known, at);
  };
  for (Partition& partition : partitions_) {
    std::lock_guard guard(partition.mutex);
    for (auto& [target, holders] : partition.locks) {
      for (PredicateLock* lock = holders.front(); lock != nullptr; lock = Holders::next(lock)) {
        if (lock->owner == nullptr && !target.is_relation())
          note(target.database, target.relation, lock->committed_at);
      }
    }
  }
  ranges_.each([&](const RangeLock& lock) {
    if (lock.owner == nullptr) note(lock.database, lock.index, lock.committed_at);
  });
  for (const auto& [target, at] : latest) add_disowned(target, at);
  remove_disowned([&](const PredicateTarget& target, uint64_t at) {
    if (target.is_relation()) return false;
    auto whole = latest.find(PredicateTarget::of_relation(target.database, target.relation));
    return whole != latest.end() && at <= whole->second;
  });
}

// ---- looking in

void PredicateLocks::each(const std::function<void(const PredicateLockView&)>& look) {
  for (Partition& partition : partitions_) {
    std::lock_guard guard(partition.mutex);
    for (auto& [target, holders] : partition.locks) {
      for (PredicateLock* lock = holders.front(); lock != nullptr; lock = Holders::next(lock))
        look({target, nullptr, lock->owner});
    }
  }
  ranges_.each([&](const RangeLock& lock) {
    look({PredicateTarget::of_relation(lock.database, lock.index), &lock.range, lock.owner});
  });
}

}  // namespace isolde::txn
