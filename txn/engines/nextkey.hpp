#pragma once

#include <atomic>
#include <vector>

#include "txn/locked_scan.hpp"

// Snapshots for those who read, next-key locks for those who write: as InnoDB has it.
//
//      A  BEGIN  SELECT n FROM t WHERE id = 7    10 (snapshot)      SELECT n ...    10, still
//      B         UPDATE t SET n = 11 WHERE id = 7; COMMIT
//      A                                                            SELECT n ... FOR UPDATE   11
//
//                        plain reads               locking reads, UPDATE, DELETE
//      READ UNCOMMITTED  the newest, committed     the newest committed row; rows that do not match
//                        or not                    are given back, gaps are not locked
//      READ COMMITTED    a snapshot a statement    the same
//      REPEATABLE READ   one snapshot, from the    the newest committed row; every row and gap that
//                        first of them             the statement passes stays locked
//      SERIALIZABLE      as FOR SHARE              the same
//
// Two worlds in one transaction: its snapshot, and the present in which it locks and writes. So at
// REPEATABLE READ an update can be lost (what was read from the snapshot is written over what has
// been committed since), unless isolde.snapshot_conflicts makes that fail with 40001: first updater
// wins.
//
// What is locked, on the index that the statement scans (entry_walk.hpp):
//
//      keys             10          20          30        supremum
//      id = 20          .           20                              X,REC_NOT_GAP: the row alone
//      id = 25          .           .    (20,30)                    X,GAP before 30
//      id >= 20         .  (10,20]  20   (20,30]   30  (30,..)      row and gap each, and the last
//      no index         every row, and the gap above all of them
//
// A gap lock keeps nobody out but inserters: two can have the same gap, and then deadlock when both
// insert. Insert intention waits for gap locks, nothing waits for it. A row that was just inserted
// is locked by its being in progress: who meets it waits for its transaction.
//
// A row and the gap before it are two locks here; InnoDB's next-key lock is both.
//
// Papers: Mohan, ARIES/KVL (1990); Gray and Reuter, Transaction Processing (1993), 7.8.4.

namespace isolde::txn {

class NextKeyEngine;

class NextKeyTransaction final : public CurrentTransaction {
 public:
  NextKeyTransaction(NextKeyEngine& engine, TransactionContext context,
                     const TransactionModes& modes);

  base::Status begin_statement() override;
  base::Result<std::unique_ptr<Scan>> scan(Table& table, const ScanSpec& spec) override;
  base::Result<bool> fetch(Table& table, TupleId id, Row& into) override;

  base::Result<Granted> lock_row(Table& table, TupleId root, RowUse use, bool wait) override;
  void unlock_row(Table& table, TupleId root, RowUse use) override;
  void reject_row(Table& table, TupleId root, RowUse use) override;
  base::Status accept(const CurrentRow& row) override;
  std::unique_ptr<GapLocks> gap_locks(Table& table, Index& index, RowUse use) override;
  base::Status lock_all(Table& table, RowUse use) override;

 protected:
  GapWatch& gap_watch() override;
  base::Status enter_table(Table& table) override;
  base::Status before_insert(Table& table) override;
  base::Status made_row(Table& table, TupleId root) override;
  bool gap_is_free(Index& index, const ByteSpan* key) override;
  base::Status await_gap(Index& index, const ByteSpan* key) override;
  void release_gap(Index& index, const ByteSpan* key) override;
  base::Status inherit_gap(Index& index, ByteSpan key) override;
  void ended(bool committed) override;

 private:
  class Gaps;

  bool locks_gaps() const { return modes().isolation >= IsolationLevel::kRepeatableRead; }
  const Snapshot& view();
  base::Result<std::unique_ptr<Scan>> plain_scan(Table& table, const ScanSpec& spec);
  base::Result<bool> fetch_current(Table& table, TupleId id, TupleId root, Dirty dirty, Row& into);
  ReadRule rule_for(const ScanSpec& spec) const;
  LockTag row_tag(const Table& table, TupleId root) const;
  LockTag gap_tag(Oid index, const ByteSpan* key) const;
  base::Result<Granted> acquire(const LockTag& tag, LockMode mode, bool wait,
                                const ByteSpan* label = nullptr);
  base::Result<bool> intend(const Table& table, LockMode mode, bool wait);

  NextKeyEngine& engine_;
  std::optional<Snapshot> snapshot_;
  std::vector<std::pair<Oid, LockModeSet>> tables_;  ///< what is locked IS, IX
  storage::VersionBatch fetched_;
};

class NextKeyEngine final : public Engine {
 public:
  static const EngineTraits& static_traits();
  const EngineTraits& traits() const override { return static_traits(); }
  std::unique_ptr<EngineTransaction> begin(TransactionContext context,
                                           const TransactionModes& modes) override;

 private:
  friend class NextKeyTransaction;
  GapWatch gaps_;
  std::atomic<uint64_t> starts_{0};
};

}  // namespace isolde::txn
