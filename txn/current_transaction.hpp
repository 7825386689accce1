#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "txn/concurrency_control.hpp"
#include "txn/current_row.hpp"
#include "txn/entry_walk.hpp"
#include "txn/gap_watch.hpp"

// What engines have in common that lock a row and then work on its newest version. Which locks, and
// how long, is what their hooks say; locked_scan.hpp reads by the same hooks.
//
//      update(old)
//        lock the row's root X ............... may wait
//        the row now:  old's version           mark it, write the successor beside it
//                      another version         kReevaluate: the caller decides about that one
//                      moved to another root   the same there
//                      gone                    kGone
//      insert(row)
//        write the version, lock its place X
//        each index entry: under the leaf's latch, is the key taken? is the gap locked by somebody?
//          if so wait for them, and try again
//
// Invariants
//  1. Whoever writes a row holds its root's X lock from before the write until its outcome is
//     visible. So a row that is locked in any mode is not in progress, except for a moment between
//     the insertion of a version and the lock on it, and for prepared transactions after a restart;
//     who meets that gives the lock back and waits for the transaction.
//  2. Locks outlive ROLLBACK TO SAVEPOINT.

namespace isolde::txn {

/// What one wants a row for: the locks of engines differ.
enum class RowUse : uint8_t {
  kRead,
  kMayChange,  ///< read in order to change it, if it turns out to be the right one
  kChange,
};

class CurrentTransaction : public EngineTransaction {
 public:
  using EngineTransaction::EngineTransaction;

  base::Result<WriteResult> insert(Table& table, const NewRow& row) override;
  base::Result<WriteResult> update(Table& table, const Row& old, const NewRow& row,
                                   RowLock strength, bool hot) override;
  base::Result<WriteResult> remove(Table& table, const Row& old) override;
  base::Result<WriteResult> lock(Table& table, const Row& row, RowLock strength,
                                 LockWait wait) override;
  base::Result<bool> find_duplicate(Table& table, Index& index, ByteSpan key, TupleId except,
                                    Row& into) override;

  // --- hooks, also of scans

  /// kNew: the transaction did not hold it. kNotAvailable only with wait = false.
  virtual base::Result<Granted> lock_row(Table& table, TupleId root, RowUse use, bool wait) = 0;
  /// Gives back what lock_row said was new.
  virtual void unlock_row(Table& table, TupleId root, RowUse use) = 0;
  /// A statement has looked at a row under a new lock and does not want it.
  virtual void reject_row(Table& table, TupleId root, RowUse use) = 0;
  /// Rows of this page are about to be read without locks of their own: waits where the page or the
  /// table is locked as a whole.
  virtual base::Status pass_page(Table& /*table*/, storage::BlockNumber /*block*/) { return {}; }
  /// Whether the level allows going on with the row as it is now; fails with 40001.
  virtual base::Status accept(const CurrentRow& /*row*/) { return {}; }
  /// How gaps of an index are locked at this level; null: not at all.
  virtual std::unique_ptr<GapLocks> gap_locks(Table& /*table*/, Index& /*index*/, RowUse /*use*/) {
    return nullptr;
  }
  /// A whole table is about to be read for this: locks whatever keeps new rows out, if the level
  /// wants that.
  virtual base::Status lock_all(Table& /*table*/, RowUse /*use*/) { return {}; }
  /// The reading that lock_row or lock_all began is over.
  virtual void done_reading(Table& /*table*/) {}

  /// Waits for the end of whoever is at work on a row that is not locked by it; no new lock is held
  /// when it comes back. False: without waiting it cannot be had.
  base::Result<bool> await_writer(TxnId writer, bool wait);

 protected:
  virtual GapWatch& gap_watch() = 0;
  /// Before a table is written.
  virtual base::Status enter_table(Table& table) = 0;
  /// Before a new row is put into a table.
  virtual base::Status before_insert(Table& /*table*/) { return {}; }
  /// A row was put into a place of its own.
  virtual base::Status made_row(Table& table, TupleId root) = 0;
  /// Whether nobody else has locked the gap before `key`. Under a page's latch: must not wait.
  virtual bool gap_is_free(Index& index, const ByteSpan* key) = 0;
  /// Waits until that gap may be inserted into; `release_gap` undoes it after the insertion.
  virtual base::Status await_gap(Index& index, const ByteSpan* key) = 0;
  virtual void release_gap(Index& /*index*/, const ByteSpan* /*key*/) {}
  /// The transaction puts a key into an index of which it has locked gaps: the new gap before it is
  /// locked as the old one was.
  virtual base::Status inherit_gap(Index& index, ByteSpan key) = 0;

  /// The transaction has locked gaps of an index (or table): counted until its end.
  void watch_gaps(Oid index);
  bool watches_gaps(Oid index) const;
  /// For GapLocks::is_stable.
  base::Result<bool> is_stable_row(Table& table, TupleId root);

  void ended(bool committed) override;
  bool keeps_locks_at_savepoints() const override { return true; }
  base::Status validate() override { return locker().check_wounded(); }

 private:
  struct Change;
  base::Result<TupleId> true_root(Table& table, const Row& row);
  base::Result<WriteResult> change_row(Change& change, const Row& old);
  base::Result<WriteResult> apply(Change& change, TupleId root, TupleId version);
  base::Result<WriteResult> insert_entries(Table& table, const NewRow& row, TupleId id,
                                           TupleId moved_from);
  base::Result<WriteResult> insert_entry(Table& table, const IndexEntry& entry, TupleId id,
                                         TupleId moved_from);
  base::Status await_gaps(Table& table, const NewRow& row, TupleId moved_from);
  base::Result<bool> keeps_key(const IndexEntry& entry, TupleId moved_from);
  base::Result<bool> lock_holder(Table& table, TupleId root, TupleId version, Row* into);
  base::Status retract(Table& table, TupleId id);
  base::Result<bool> is_dead(Table& table, TupleId root, storage::VersionBatch& chain);

  storage::VersionBatch chain_;
  std::vector<Oid> watched_;
  std::optional<Snapshot> stable_since_;
};

}  // namespace isolde::txn
