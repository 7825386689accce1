#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/latch_count.hpp"
#include "txn/lock_containers.hpp"
#include "txn/lock_method.hpp"
#include "txn/lock_tag.hpp"

// What the lock table is made of; the inside of lock_manager.hpp.
//
//      Partition           Lock (one tag, one method)           LockerCore (one session)
//      mutex  ---->  holds:  Hold <-> Hold <-> Hold    <------  held:   Hold <-> Hold
//                    queue:  LockerCore <-> LockerCore  <-----  wait:   its place in one queue
//
// A Hold is one mode of one lock in one scope of one locker: it is in the lock's list and in the
// locker's list and index. A locker waits for one lock at most.
//
// What guards what
//  * A partition's mutex: its locks, their lists of holds, their queues, and `wait` of the lockers
//  in
//    those queues. All mutexes together (in order of their number): the whole waits-for graph.
//  * The locker's own task alone: `held`, `index`, counts. So taking once more what one holds, and
//    finding out what one holds, needs no mutex.

namespace isolde::txn {

struct Lock;
struct LockerCore;

/// How long a lock is held when nobody releases it: to the end of the transaction, or of the
/// session.
enum class LockScope : uint8_t { kTransaction, kSession };

struct Hold {
  Lock* lock = nullptr;
  LockerCore* owner = nullptr;
  Links<Hold> in_lock;
  Links<Hold> in_locker;
  Hold* next_in_bucket = nullptr;  ///< in the owner's index
  uint64_t hash = 0;               ///< of the lock
  uint64_t sequence = 0;           ///< when, in the owner's order of acquisition
  uint32_t count = 0;              ///< how many times it was acquired
  uint8_t mode = 0;
  LockScope scope = LockScope::kTransaction;
  /// A transaction's lock on its own id that a waiter has put there; in no list of the owner.
  bool materialised = false;
  std::unique_ptr<std::string> label;
};

using HoldList = LinkedList<Hold, &Hold::in_locker>;

/// What a locker waits for. Guarded by the mutex of the lock's partition.
struct LockWaitState {
  Lock* lock = nullptr;  ///< null when it does not wait, or no longer
  Hold* hold = nullptr;  ///< what it gets when it is granted
  uint8_t mode = 0;
  bool granted = false;
  /// What it holds of this lock already, counted by mode (a scope each).
  std::array<uint8_t, kMaxLockModes> own{};
  LockModeSet own_modes = 0;
  base::Timestamp since;
};

/// A session's (background worker's, prepared transaction's) part in the lock table. Never freed
/// while the lock manager lives: those who come late find a closed one.
struct LockerCore {
  base::Task* task = nullptr;  ///< none for a prepared transaction, which never waits
  SessionId session;
  Oid database;
  TxnId prepared;
  /// The start of its transaction in the order of all; 0: older than everybody.
  std::atomic<uint64_t> age{0};
  /// Somebody may wait for one of its transaction ids.
  std::atomic<bool> awaited{false};
  /// An older transaction has asked this one to go (wound-wait): the pid of the one that asked, or
  /// 0.
  std::atomic<bool> wounded{false};
  std::atomic<int32_t> wounded_by{0};

  // The locker's own task alone.
  HoldList transaction_holds;
  HoldList session_holds;
  HashChains<Hold> index;
  uint64_t sequence = 0;

  // Guarded by the partition of the lock waited for.
  LockWaitState wait;
  Links<LockerCore> in_queue;
  /// The partition whose mutex guards `wait`, or -1: a hint for those who look from outside.
  std::atomic<int> waits_in{-1};

  // The deadlock search's notes, while the table stands still.
  uint64_t visited = 0;
  uint32_t position = 0;

  HoldList& holds(LockScope scope) {
    return scope == LockScope::kTransaction ? transaction_holds : session_holds;
  }
};

struct Lock {
  LockTag tag;
  LockMethodId method = LockMethodId::kTable;
  LockModeSet granted_modes = 0;  ///< modes with granted[mode] > 0
  LockModeSet waiting_modes = 0;  ///< modes with waiting[mode] > 0
  uint64_t hash = 0;
  Lock* next_in_bucket = nullptr;
  LinkedList<Hold, &Hold::in_lock> holds;
  LinkedList<LockerCore, &LockerCore::in_queue> queue;
  std::array<uint16_t, kMaxLockModes> granted{};
  std::array<uint16_t, kMaxLockModes> waiting{};

  LockModeSet conflicts_of(uint8_t mode) const { return lock_method(method).conflicts[mode]; }
  bool unused() const { return holds.empty() && queue.empty(); }

  /// Whether others hold what this request has to wait for; `own` is what the asker holds itself.
  bool conflicts_with_granted(uint8_t mode, const std::array<uint8_t, kMaxLockModes>& own) const;

  /// Where a request has to go; rule 1 of lock_manager.hpp.
  struct Place {
    bool now = false;                     ///< nothing is in the way
    LockerCore* before = nullptr;         ///< else into the queue: before this one, or last
    LockerCore* deadlock_with = nullptr;  ///< this one waits for us already, and we for it
  };
  Place place_for(uint8_t mode, LockModeSet own_modes,
                  const std::array<uint8_t, kMaxLockModes>& own) const;

  /// Calls f(LockerCore&) for whoever such a request waits for: holders, then waiters in front of
  /// `end` (null: the end of the queue). The same one can come twice.
  template <typename F>
  void for_each_blocker(const LockerCore* who, uint8_t mode, const LockerCore* end, F&& f) const {
    const LockModeSet conflicts = conflicts_of(mode);
    for (Hold* hold = holds.front(); hold != nullptr; hold = holds.next(hold)) {
      if (hold->owner != who && (conflicts >> hold->mode & 1) != 0) f(*hold->owner);
    }
    for (LockerCore* waiter = queue.front(); waiter != end; waiter = queue.next(waiter)) {
      if ((conflicts >> waiter->wait.mode & 1) != 0) f(*waiter);
    }
  }

  void add(Hold* hold);
  void remove(Hold* hold);
  void enqueue(LockerCore* waiter, LockerCore* before);
  void dequeue(LockerCore* waiter);
  /// Gives the waiter what it waits for: out of the queue, its hold in place, its task signalled.
  void grant(LockerCore* waiter);
  /// The queue from its front.
  std::vector<LockerCore*> waiters() const;
  /// Grants to all waiters that can have it now, first come first served.
  void wake_waiters();
  /// Whether every mode that is waited for waits for one of these.
  bool all_wait_behind(LockModeSet ahead) const;
};

/// A mutex that counts as a latch: nobody may suspend while holding it.
class LockTableMutex {
 public:
  void lock() {
    mutex_.lock();
    base::note_latch(1);
  }
  void unlock() {
    base::note_latch(-1);
    mutex_.unlock();
  }

 private:
  std::mutex mutex_;
};

struct alignas(64) LockPartition {
  LockTableMutex mutex;
  HashChains<Lock> locks;
  ObjectPool<Lock> lock_pool;
  ObjectPool<Hold> hold_pool;

  Lock* find(uint64_t hash, const LockTag& tag, LockMethodId method) const;
  Lock* find_or_add(uint64_t hash, const LockTag& tag, LockMethodId method);
  /// Forgets a lock that nobody holds and nobody waits for.
  void drop_if_unused(Lock* lock);
  /// Out of the queue; what was granted in the meantime goes back.
  void give_up(LockerCore* waiter);
  /// Takes the hold out, grants to those who waited for that, forgets what nobody needs.
  void release(Hold* hold);
};

/// The whole table.
class LockTable {
 public:
  /// ThreadSanitizer knows 64 mutexes a thread, and Standstill holds all of these.
  static constexpr int kPartitionBits = 5;
  static constexpr int kPartitions = 1 << kPartitionBits;

  static uint64_t hash(const LockTag& tag, LockMethodId method);
  static int number_of(uint64_t hash) { return static_cast<int>(hash >> (64 - kPartitionBits)); }
  LockPartition& partition(uint64_t hash) { return partitions_[number_of(hash)]; }
  LockPartition& numbered(int number) { return partitions_[number]; }

  /// While one exists, nothing in the table moves.
  class Standstill {
   public:
    explicit Standstill(LockTable& table) : table_(table) {
      for (LockPartition& partition : table_.partitions_) partition.mutex.lock();
    }
    ~Standstill() {
      for (LockPartition& partition : table_.partitions_) partition.mutex.unlock();
    }
    Standstill(const Standstill&) = delete;
    Standstill& operator=(const Standstill&) = delete;

   private:
    LockTable& table_;
  };

  /// A number that no search before this one had; while the table stands still.
  uint64_t next_visit() { return ++visits_; }

  template <typename F>
  void for_each_lock(F&& f) const {
    for (const LockPartition& partition : partitions_) partition.locks.for_each(f);
  }

 private:
  std::array<LockPartition, kPartitions> partitions_;
  uint64_t visits_ = 0;
};

}  // namespace isolde::txn
