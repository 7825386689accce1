#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/heap.hpp"
#include "storage/store.hpp"
#include "txn/lock_manager.hpp"
#include "txn/predicate_limits.hpp"
#include "txn/row_holders.hpp"
#include "txn/snapshot.hpp"

// All transactions of the server: who is running, what the oldest snapshot in use is, and from
// that, which versions nobody can need any more.
//
// Taking a snapshot is two loads and a store into the session's own slot. The horizon is worked out
// now and then from all slots. The two meet like this, with sequentially consistent accesses, so
// that no snapshot is ever older than a horizon somebody prunes by:
//
//      a session                              whoever renews the horizon
//      s <- published                         candidate <- published
//      slot <- s                              horizon <- least of candidate and all slots
//      again, if candidate > s
//
// Latches: mutex_ (running transactions) and slots_mutex_, never both; nothing is taken inside.

namespace isolde::txn {

class Serializables;
class TransactionManager;

/// Where a session says which snapshot is the oldest it uses.
class SnapshotSlot {
 public:
  explicit SnapshotSlot(TransactionManager& manager);
  ~SnapshotSlot();
  SnapshotSlot(const SnapshotSlot&) = delete;
  SnapshotSlot& operator=(const SnapshotSlot&) = delete;

 private:
  friend class TransactionManager;
  static constexpr uint64_t kNone = UINT64_MAX;
  std::atomic<uint64_t> oldest_{kNone};
  TransactionManager& manager_;
};

class TransactionManager final : public storage::VersionJudge, public TransactionOwners {
 public:
  TransactionManager(storage::Store& store, LockManager& locks, const PredicateLimits& limits = {});
  ~TransactionManager() override;

  storage::Store& store() { return store_; }
  storage::TxnTable& txns() { return store_.txns(); }
  LockManager& locks() { return locks_; }
  RowHolders& row_holders() { return row_holders_; }
  /// The serializable transactions of engines that find their conflicts.
  Serializables& serializables() { return *serializables_; }

  /// Gives out an id; from now on it counts as running, in the name of this locker.
  base::Result<TxnId> begin_id(Locker& owner);
  base::Result<TxnId> begin_sub_id(TxnId parent, Locker& owner);
  /// The ids of a transaction are over: their outcome is in the transaction table.
  void end_ids(std::span<const TxnId> ids);
  Locker* owner_if_running(TxnId id) override;

  Snapshot snapshot(SnapshotSlot& slot, CommandId command);
  void set_oldest(SnapshotSlot& slot, CommitSeq oldest);
  void clear(SnapshotSlot& slot);

  /// Versions that were deleted at or before this moment are seen by nobody.
  CommitSeq horizon() const { return CommitSeq{horizon_.load(std::memory_order_acquire)}; }
  CommitSeq renew_horizon();

  storage::VersionFate judge(const storage::VersionHeader& version) override;
  /// Has this transaction committed by now (or aborted, or neither)? I/O errors count as running.
  storage::TxnState state(TxnId id);

 private:
  friend class SnapshotSlot;
  struct Running {
    TxnId id;
    Locker* owner;
  };
  void note_oldest();
  std::deque<Running>::iterator find_running(TxnId id);

  storage::Store& store_;
  LockManager& locks_;
  RowHolders row_holders_;
  std::unique_ptr<Serializables> serializables_;

  std::mutex mutex_;
  std::deque<Running> running_;  ///< ascending by id; those that ended have no owner
  std::atomic<uint64_t> over_below_{0};

  std::mutex slots_mutex_;
  std::vector<SnapshotSlot*> slots_;
  std::atomic<uint64_t> candidate_{0};
  std::atomic<uint64_t> horizon_{0};
  std::atomic<uint32_t> ended_{0};
};

}  // namespace isolde::txn
