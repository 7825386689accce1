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

/// Where a session says which snapshot is the oldest it uses, and that it is in a transaction.
class SnapshotSlot {
 public:
  explicit SnapshotSlot(TransactionManager& manager, SessionId session = {});
  ~SnapshotSlot();
  SnapshotSlot(const SnapshotSlot&) = delete;
  SnapshotSlot& operator=(const SnapshotSlot&) = delete;

  // For views: the session's transactions are numbered from 1.
  void transaction_began() {
    number_.store(number_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    open_.store(true, std::memory_order_relaxed);
  }
  void transaction_ended() { open_.store(false, std::memory_order_relaxed); }

 private:
  friend class TransactionManager;
  static constexpr uint64_t kNone = UINT64_MAX;
  std::atomic<uint64_t> oldest_{kNone};
  std::atomic<uint64_t> over_below_{0};  ///< when that snapshot was taken, or earlier
  std::atomic<uint64_t> number_{0};
  std::atomic<bool> open_{false};
  const SessionId session_;
  TransactionManager& manager_;
};

/// What views show of a session (session 0: of a prepared transaction).
struct TransactionView {
  SessionId session;
  uint64_t number = 0;  ///< of its current or last transaction: session/number is a virtual id
  bool open = false;
  TxnId id;    ///< 0: has none
  TxnId xmin;  ///< every smaller id was over when its oldest snapshot was taken; 0: holds none
  CommitSeq snapshot;  ///< that snapshot
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
  /// Running ids get another owner; take_awaited() of the old one is still to be looked at.
  void change_owner(std::span<const TxnId> ids, Locker& owner);
  /// Of a prepared transaction that the log has kept: they run again. Before the first session.
  void recover_ids(std::span<const TxnId> ids, Locker& owner);

  /// Every session and prepared transaction, for views.
  std::vector<TransactionView> views();

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
