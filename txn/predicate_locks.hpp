#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>

#include <array>
#include <atomic>
#include <mutex>
#include <vector>

#include "txn/lock_containers.hpp"
#include "txn/predicate_limits.hpp"
#include "txn/predicate_ranges.hpp"

// SIREAD locks: who has read what. They block nobody; whoever writes asks here who has read the
// place before, and that is a rw-conflict (conflict_graph.hpp).
//
//      a row version (by its place)  <  its page  <  its table        a table or index is locked
//      a range of an index's keys    <  the whole index               under its own number
//
// A transaction that has many locks on a page or a table gets one on the whole instead. Where
// memory is short, locks of committed transactions lose their owner and are merged: of such a lock
// only the latest commit among those who had it is known.
//
// Reader and writer find each other because both first do their own thing, then look:
//
//      reader: lock, then read                    writer: write, then look who has locked
//
// Either the reader's lock is there when the writer looks, or the write is there when the reader
// reads. Where the place of what is read is known only afterwards (rows found by an index), the
// reader reads once more after it has locked.
//
// Invariants
//  1. A coarser lock is there before the finer ones that it replaces go; writers look from the
//     finest to the coarsest.
//  2. An owner's books are written by its own session while it runs, later by whoever clears it
//  away.
//
// Mutexes: an owner's, then one of a partition or of the ranges; the visitor may take the graph's.

namespace isolde::txn {

struct PredicateTarget {
  Oid database;
  Oid relation;
  storage::BlockNumber block = storage::kNoBlock;
  storage::Slot slot = storage::kNoSlot;
  bool operator==(const PredicateTarget&) const = default;

  static PredicateTarget of_relation(Oid database, Oid relation) {
    return PredicateTarget{database, relation};
  }
  static PredicateTarget of_page(Oid database, Oid relation, storage::BlockNumber block) {
    return {database, relation, block};
  }
  static PredicateTarget of_tuple(Oid database, Oid relation, TupleId id) {
    return {database, relation, id.block, id.slot};
  }
  bool is_relation() const { return block == storage::kNoBlock; }
  bool is_page() const { return !is_relation() && slot == storage::kNoSlot; }
  bool is_tuple() const { return !is_relation() && slot != storage::kNoSlot; }
};

/// A lock on a relation, page or row.
struct PredicateLock {
  PredicateTarget target;
  PredicateOwner* owner = nullptr;  ///< null: of committed ones, merged
  uint64_t committed_at = 0;        ///< with those, the latest of them
  Links<PredicateLock> on_target;
};

/// What a transaction has locked, by table and index. Guarded by `mutex_`.
class PredicateOwner {
 public:
  PredicateOwner() = default;
  PredicateOwner(const PredicateOwner&) = delete;
  PredicateOwner& operator=(const PredicateOwner&) = delete;

 private:
  friend class PredicateLocks;
  struct Book {
    Oid database, relation;
    PredicateLock* whole = nullptr;
    absl::InlinedVector<PredicateLock*, 4> places;  ///< pages and rows
    std::vector<RangeLock*> ranges;
    size_t count() const { return places.size() + ranges.size(); }
  };
  Book& book(Oid database, Oid relation);
  Book* find(Oid database, Oid relation);

  std::mutex mutex_;
  absl::InlinedVector<Book, 2> books_;
};

struct PredicateLockView {
  PredicateTarget target;
  const KeyRange* range = nullptr;  ///< null: not a range of an index
  const PredicateOwner* owner = nullptr;
};

class PredicateLocks {
 public:
  explicit PredicateLocks(const PredicateLimits& limits) : limits_(limits) {}
  ~PredicateLocks();
  PredicateLocks(const PredicateLocks&) = delete;
  PredicateLocks& operator=(const PredicateLocks&) = delete;

  // --- by the owner's session
  /// False when it is locked already, itself or as a part of something coarser.
  bool lock(PredicateOwner& owner, const PredicateTarget& target);
  /// The number of the range's lock; 0 when the range, the index or the table is locked already.
  uint64_t lock_range(PredicateOwner& owner, Oid database, Oid table, Oid index,
                      const KeyRange& range);
  void narrow_range(PredicateOwner& owner, uint64_t number, const KeyRange& range);
  /// A row that the owner has written itself.
  void unlock_row(PredicateOwner& owner, const PredicateTarget& target);
  /// Everything that it has locked in its most locked table or index becomes one lock.
  void coarsen(PredicateOwner& owner);

  // --- by writers
  base::Status visit(const PredicateTarget& target, PredicateVisitor& visitor);
  /// Ranges that the key is in.
  base::Status visit_key(Oid database, Oid index, ByteSpan key, PredicateVisitor& visitor);
  /// All locks on the table, of any size. Slow.
  base::Status visit_table(Oid database, Oid table, PredicateVisitor& visitor);

  // --- by whoever clears away
  void release(PredicateOwner& owner);
  /// The owner has committed as the n-th and is to be forgotten: its locks stay, merged.
  void disown(PredicateOwner& owner, uint64_t committed_at);
  /// Ownerless locks of those who committed up to then go.
  void release_disowned(uint64_t through);
  /// Of ownerless locks only whole tables and indexes remain.
  void coarsen_disowned();
  /// An ownerless lock, of somebody who committed as the n-th.
  void add_disowned(const PredicateTarget& target, uint64_t committed_at);

  bool full() const { return count_.load(std::memory_order_relaxed) >= limits_.max_locks; }
  size_t count() const { return count_.load(std::memory_order_relaxed); }
  size_t disowned() const { return disowned_.load(std::memory_order_relaxed); }
  /// With the lock's mutex held.
  void each(const std::function<void(const PredicateLockView&)>& look);

 private:
  struct Hash {
    size_t operator()(const PredicateTarget& target) const noexcept {
      const uint64_t a = (uint64_t{target.relation.value} << 32) | target.block.value;
      const uint64_t b = (uint64_t{target.database.value} << 16) | target.slot.value;
      const uint64_t x = (a ^ (b * 0x9e3779b97f4a7c15U)) * 0xff51afd7ed558ccdU;
      return x ^ (x >> 32);
    }
  };
  using Book = PredicateOwner::Book;
  using Holders = LinkedList<PredicateLock, &PredicateLock::on_target>;
  struct Partition {
    std::mutex mutex;
    absl::flat_hash_map<PredicateTarget, Holders, Hash> locks;
  };

  Partition& partition(const PredicateTarget& target) {
    return partitions_[(Hash{}(target) >> 20) % partitions_.size()];
  }
  PredicateLock* add(PredicateOwner& owner, const PredicateTarget& target);
  void remove(PredicateLock* lock);
  void disown(PredicateLock* lock, uint64_t committed_at);
  template <typename Goes>
  void remove_disowned(Goes&& goes);
  void lock_whole(PredicateOwner& owner, Book& book);

  const PredicateLimits limits_;
  std::array<Partition, 64> partitions_;
  PredicateRanges ranges_;
  std::atomic<size_t> count_{0};
  std::atomic<size_t> disowned_{0};
};

}  // namespace isolde::txn
