#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/txn_table.hpp"
#include "txn/isolation_level.hpp"
#include "txn/locker.hpp"
#include "txn/snapshot.hpp"

namespace isolde::txn {

class TransactionManager;
class SnapshotSlot;
struct PreparedState;

/// What a transaction needs of the session that runs it. Both outlive it.
struct TransactionContext {
  TransactionManager& manager;
  Locker& locker;
  SnapshotSlot& slot;
  base::Task& task;
  base::Oid database;
};

/// What every transaction has, whatever the engine: an id once it writes, the ids of its
/// savepoints, a command counter, snapshots that vacuum respects, and an orderly end.
///
///      BEGIN            write_id()      SAVEPOINT a      write_id()     ROLLBACK TO a      COMMIT
///      no id            700             700, level 1     701 (of 700)   701 is aborted     700
///      commits
///
/// Ids are given out when first needed: a transaction that only reads has none.
///
/// Two-phase commit: prepare() is a commit without the end. From then on the transaction belongs
/// to no session, outlives restarts, and is ended by whoever adopts it.
///
/// Invariants
///  1. `ids_` holds the ids that are alive, ascending: the top one, and one a savepoint that wrote.
///  2. Locks are released after the outcome is visible to everyone, and after `before_release` has
///  run.
class Transaction {
 public:
  Transaction(TransactionContext context, const TransactionModes& modes);
  virtual ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  const TransactionModes& modes() const { return modes_; }
  TransactionManager& manager() const { return manager_; }
  Locker& locker() const { return *locker_; }
  base::Task& task() const { return *task_; }
  base::Oid database() const { return database_; }

  /// 0 as long as it has written nothing.
  TxnId top_id() const { return ids_.empty() ? TxnId{} : ids_.front(); }
  /// The id to write under, of the innermost savepoint; given out now if need be.
  base::Result<TxnId> write_id();
  /// Is this id the transaction's or one of its living savepoints'?
  bool is_mine(TxnId id) const {
    return !ids_.empty() && id >= ids_.front() && id <= ids_.back() && is_among_ids(id);
  }

  /// The living ids, ascending.
  std::span<const TxnId> ids() const { return ids_; }

  CommandId command() const { return command_; }
  /// What was done so far becomes visible to the statements to come.
  void next_command() { ++command_.value; }

  /// The present moment, kept from vacuum until release_snapshot() or the transaction's end.
  Snapshot take_snapshot();
  /// Keeps a snapshot that is still held (an open cursor's) a second time.
  void hold_snapshot(const Snapshot& snapshot);
  void release_snapshot(const Snapshot& snapshot);
  /// The oldest that is held, or nothing.
  std::optional<CommitSeq> oldest_snapshot() const {
    if (held_.empty()) return std::nullopt;
    return *std::min_element(held_.begin(), held_.end());
  }

  // --- savepoints, numbered from 0, the innermost last
  void define_savepoint();
  /// Forgets savepoint `at` and those within; what was done stays done.
  void release_savepoints(size_t at);
  /// Undoes what came after savepoint `at`, which itself stays. Never fails, never waits.
  void roll_back_to_savepoint(size_t at);
  size_t savepoints() const { return levels_.size(); }

  /// Validates and commits. When it fails the transaction is still open (roll it back), unless the
  /// log broke: then nobody sees it and the next start decides. May wait for the disk.
  base::Status commit(bool wait_for_disk);
  /// Never fails, never waits.
  void roll_back();
  bool over() const { return over_; }

  // --- two-phase commit
  /// The first phase: validates, hands everything over to a locker and a slot of no session, and
  /// logs the state, to which ids, locks and files are added. When it fails the transaction is
  /// still open: roll it back. May wait for the disk.
  base::Status prepare(Locker& to, SnapshotSlot& slot, PreparedState state);
  /// The second phase will wait as this task: commit() or roll_back_prepared().
  void adopt(base::Task& task) { task_ = &task; }
  /// When it fails the transaction is still prepared.
  base::Status roll_back_prepared();
  /// The server stops, and the next start goes on with a prepared transaction.
  void abandon() { over_ = true; }
  /// Its own id, given out now if need be.
  base::Result<TxnId> ensure_top_id();

  /// A file that is to be removed when this commits.
  void drop_file_at_commit(storage::RelationId file);
  /// Runs when the outcome is settled and visible, before locks are released.
  std::function<void(bool committed)> before_release;

 protected:
  /// One that was prepared before a restart.
  Transaction(TransactionContext context, const PreparedState& state);

  /// The engine's last word: 40001 or 40P01 when the transaction must not commit.
  virtual base::Status validate() { return {}; }
  /// The outcome is settled; locks are still held.
  virtual void ended(bool /*committed*/) {}
  /// It is prepared, and no session's any more.
  virtual void handed_over() {}
  /// Whether locks taken since a savepoint outlive ROLLBACK TO it: where reads are protected by
  /// locks they must, because the client still knows what it has read.
  virtual bool keeps_locks_at_savepoints() const { return false; }
  virtual void savepoint_defined() {}
  virtual void savepoints_released(size_t /*at*/) {}
  virtual void rolled_back_to_savepoint(size_t /*at*/) {}

 private:
  struct Level {
    size_t ids_before;  ///< how many of ids_ are older than the savepoint
    bool has_id;
    TxnId id;
    size_t files_before;
    LockMark lock_mark;
  };

  bool is_among_ids(TxnId id) const;
  void finish(bool committed);
  void settle_slot();
  void leave_slot();

  TransactionManager& manager_;
  Locker* locker_;
  SnapshotSlot* slot_;
  base::Task* task_;
  const base::Oid database_;
  TransactionModes modes_;
  std::vector<TxnId> ids_;
  std::vector<Level> levels_;
  std::vector<storage::RelationId> dropped_files_;
  std::vector<CommitSeq> held_;  ///< snapshots in use, in no order
  CommandId command_{1};
  bool prepared_ = false;
  bool over_ = false;
};

}  // namespace isolde::txn
