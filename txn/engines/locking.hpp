#pragma once

#include <atomic>

#include "txn/engines/locking_ladder.hpp"
#include "txn/locked_scan.hpp"

// Strict two-phase locking, as System R, DB2 and SQL Server have it: whoever reads a row locks it
// S, whoever writes it locks it X until the end of the transaction, and nobody ever reads an old
// version.
//
//      A  BEGIN  UPDATE t SET n = 1 WHERE id = 7   (X on the row)             COMMIT
//      B         SELECT n FROM t WHERE id = 7      (wants S: waits) ......... reads A's value
//
//                        reading locks             held until       so there can be
//      READ UNCOMMITTED  nothing                                    dirty reads, and all below
//      READ COMMITTED    S                         it is read       lost updates, read skew
//      REPEATABLE READ   S                         the end          phantoms
//      SERIALIZABLE      S, key ranges, S on the   the end          none of it
//                        table where no index serves
//
// UPDATE and DELETE read with U, which goes together with S but not with another U, and turn it
// into X on rows that they change. So two that update one row queue up instead of deadlocking over
// their S locks. SELECT FOR UPDATE takes U, FOR SHARE S, both to the end.
//
// Key ranges (entry_walk.hpp): RangeS-S on each key that a SERIALIZABLE statement passes and on the
// next above, RangeS-U when it may update; whoever inserts asks for RangeI-N on the key above.
//
// At READ COMMITTED a row that nobody is at work on is read without a lock: it would be granted and
// given back at once.
//
// isolde.deadlock_policy says what happens to those who would wait. A transaction's age is the
// place of its first try in the order of all; one that was rolled back keeps it for the next try,
// so that it gets through in the end.
//
// Papers: Eswaran, Gray, Lorie and Traiger, The Notions of Consistency and Predicate Locks in a
// Database System (1976); Gray and others, Granularity of Locks and Degrees of Consistency in a
// Shared Data Base (1976); Mohan, ARIES/KVL (1990).

namespace isolde::txn {

class LockingEngine;

class LockingTransaction final : public CurrentTransaction {
 public:
  LockingTransaction(LockingEngine& engine, TransactionContext context,
                     const TransactionModes& modes);

  base::Status begin_statement() override;
  base::Result<std::unique_ptr<Scan>> scan(Table& table, const ScanSpec& spec) override;
  base::Result<bool> fetch(Table& table, TupleId id, Row& into) override;

  base::Result<Granted> lock_row(Table& table, TupleId root, RowUse use, bool wait) override;
  void unlock_row(Table& table, TupleId root, RowUse use) override;
  void reject_row(Table& table, TupleId root, RowUse use) override;
  base::Status pass_page(Table& table, storage::BlockNumber block) override;
  std::unique_ptr<GapLocks> gap_locks(Table& table, Index& index, RowUse use) override;
  base::Status lock_all(Table& table, RowUse use) override;
  void done_reading(Table& table) override;

 protected:
  GapWatch& gap_watch() override;
  base::Status enter_table(Table& table) override;
  base::Status made_row(Table& table, TupleId root) override;
  bool gap_is_free(Index& index, const ByteSpan* key) override;
  base::Status await_gap(Index& index, const ByteSpan* key) override;
  void release_gap(Index& index, const ByteSpan* key) override;
  base::Status inherit_gap(Index& index, ByteSpan key) override;
  void ended(bool committed) override;

 private:
  class KeyRanges;

  bool keeps_reads() const { return modes().isolation >= IsolationLevel::kRepeatableRead; }
  ReadRule rule_for(const ScanSpec& spec) const;
  LockTag key_tag(const Index& index, const ByteSpan* key) const;
  base::Status lock_key(const Index& index, const ByteSpan* key, LockMode mode);

  LockingEngine& engine_;
  LockLadder ladder_;
  storage::VersionBatch fetched_;
};

class LockingEngine final : public Engine {
 public:
  static const EngineTraits& static_traits();
  const EngineTraits& traits() const override { return static_traits(); }
  std::unique_ptr<EngineTransaction> begin(TransactionContext context,
                                           const TransactionModes& modes) override;

 private:
  friend class LockingTransaction;
  GapWatch gaps_;
  std::atomic<uint64_t> starts_{0};
};

}  // namespace isolde::txn
