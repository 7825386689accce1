#pragma once

#include <memory>
#include <optional>

#include "txn/concurrency_control.hpp"
#include "txn/row_claim.hpp"
#include "txn/serializable.hpp"

// Multi-version concurrency control as PostgreSQL has it.
//
// Readers see a snapshot and take no row locks; a writer puts a new version beside the old one and
// its id into the old one's xmax. Whoever wants to write a row that a running transaction has
// written waits for that transaction to end:
//
//      A  BEGIN   UPDATE t SET n = n + 1 WHERE id = 1            COMMIT
//      B  BEGIN                  UPDATE t SET n = n + 1 WHERE id = 1 (waits for A) ...
//
//         READ COMMITTED   the newest version is locked and looked at again: n grows by 2
//         REPEATABLE READ  40001 could not serialize access due to concurrent update
//
// READ COMMITTED (and READ UNCOMMITTED, which is the same) takes a snapshot for each statement, the
// other levels one for the transaction. SERIALIZABLE also notes who reads what others overwrite
// (serializable.hpp), and ends transactions that would not fit into any order.
//
// Before it waits for a transaction, a session takes the row's own lock in the lock manager, so
// that those who want one row get it in the order in which they came.
//
// Papers: Bernstein and Goodman, Multiversion Concurrency Control (1983); Berenson and others, A
// Critique of ANSI SQL Isolation Levels (1995); Cahill, Roehm and Fekete, Serializable Isolation
// for Snapshot Databases (2008).

namespace isolde::txn {

class MvccTransaction : public EngineTransaction {
 public:
  /// `serializables`: where SERIALIZABLE ones find their conflicts; null: they do without.
  MvccTransaction(TransactionContext context, const TransactionModes& modes,
                  Serializables* serializables = nullptr)
      : EngineTransaction(context, modes) {
    if (serializables != nullptr && modes.isolation == IsolationLevel::kSerializable)
      ssi_.emplace(*this, *serializables);
  }

  base::Status begin_statement() override;
  base::Result<std::unique_ptr<Scan>> scan(Table& table, const ScanSpec& spec) override;
  base::Result<bool> fetch(Table& table, TupleId id, Row& into) override;
  base::Result<WriteResult> insert(Table& table, const NewRow& row) override;
  base::Result<WriteResult> insert_many(Table& table, std::span<const NewRow> rows,
                                        size_t& done) override;
  base::Result<WriteResult> update(Table& table, const Row& old, const NewRow& row,
                                   RowLock strength, bool hot) override;
  base::Result<WriteResult> remove(Table& table, const Row& old) override;
  base::Result<WriteResult> lock(Table& table, const Row& row, RowLock strength,
                                 LockWait wait) override;
  base::Result<bool> find_duplicate(Table& table, Index& index, ByteSpan key, TupleId except,
                                    Row& into) override;

  const std::optional<Snapshot>& snapshot() const { return snapshot_; }
  /// The next statement takes a new one.
  void forget_snapshot();

 protected:
  bool one_snapshot() const { return modes().isolation >= IsolationLevel::kRepeatableRead; }
  base::Status validate() override { return ssi_ ? ssi_->validate() : base::Status(); }
  void ended(bool committed) override {
    if (ssi_) ssi_->ended(committed);
  }
  void handed_over() override {
    if (ssi_) ssi_->handed_over();
  }

 private:
  struct Change;
  base::Result<TxnId> writer_id();
  base::Result<WriteResult> change_row(Change& change, TupleId at);
  base::Status apply(Change& change, TupleId at, bool moved, TxnId made_by, Claim& claim);
  base::Result<WriteResult> finish_change(Change& change, TupleId at);
  base::Result<bool> wait_for(const Claim& claim, Change& change, TupleId at);
  base::Result<WriteResult> latest(Table& table, TupleId at);
  base::Result<WriteResult> insert_entries(Table& table, const NewRow& row, TupleId id);
  base::Status retract(Table& table, TupleId id);
  base::Error concurrent(bool deleted) const;

  std::optional<Snapshot> snapshot_;
  std::optional<SsiTracking> ssi_;
  storage::VersionBatch fetched_;
  storage::VersionBatch latest_;
};

class MvccEngine final : public Engine {
 public:
  static const EngineTraits& static_traits();
  const EngineTraits& traits() const override { return static_traits(); }
  std::unique_ptr<EngineTransaction> begin(TransactionContext context,
                                           const TransactionModes& modes) override;
};

}  // namespace isolde::txn
