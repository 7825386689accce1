#pragma once

#include <deque>
#include <mutex>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "txn/engines/mvcc.hpp"

// Optimistic concurrency control: read, write in private, validate, install.
//
//      A  BEGIN  SELECT n FROM t  UPDATE t SET n = 1          COMMIT: validated, installed
//      B  BEGIN  SELECT n FROM t  UPDATE t SET n = 2 (no wait)        COMMIT: 40001
//
// Nobody waits for a row. What a transaction writes stands in the heap as versions of its own that
// nothing leads to; over what it replaces or deletes lies a private note. At commit, one
// transaction at a time:
//
//      every level        each version that it replaces or deletes, or has locked by SELECT FOR, is
//                         still the newest; and nobody has referred to one that it deletes (a
//                         foreign key locks FOR KEY SHARE what it refers to)
//      REPEATABLE READ    and so is each version that it has read
//      SERIALIZABLE       and nothing was written since in a range that it has scanned
//      install            the old versions get its id as xmax and lead to the new ones
//
// What others wrote is known from the list of those that were validated since the snapshot was
// taken (Kung and Robinson's backward validation), so a transaction that only reads costs its
// readers nothing. A read-only transaction at REPEATABLE READ sees one snapshot, which is as serial
// as can be: nothing of it is validated.
//
// Invariants
//  1. `validated` is in the order of validation, which is the order of installation.
//  2. A transaction's start is a place in that list before which everything was published when its
//     snapshot was taken.
//  3. A version that is not linked (its predecessor's xmax is not its xmin) belongs to a
//  transaction that
//     is running or was aborted.
//
// Papers: Kung and Robinson, On Optimistic Methods for Concurrency Control (1981); Tu and others,
// Speedy Transactions in Multicore In-Memory Databases (Silo, 2013).

namespace isolde::txn {

class OptimisticEngine;

/// A version of a table's row.
struct RowVersion {
  Oid table;
  TupleId id;
  bool operator==(const RowVersion&) const = default;
};
struct RowVersionHash {
  size_t operator()(const RowVersion& row) const noexcept {
    return std::hash<storage::PageId>{}(
               {{row.table.value, 0}, storage::Fork::kMain, row.id.block}) ^
           (row.id.slot.value * size_t{0x9e3779b97f4a7c15U});
  }
};

/// What validated transactions tell those that validate after them.
struct WriteSet {
  struct Write {
    RowVersion base;  ///< what was replaced or deleted
    TupleId made;     ///< its successor, if any
    RowLock strength;
  };
  struct Key {
    Oid index;
    Bytes key;
  };
  TxnId txn;
  bool over = false;  ///< published, or aborted after all
  std::vector<Write> writes;
  std::vector<Key> keys;  ///< of new versions
  /// What it has locked FOR KEY SHARE: rows that what it wrote refers to.
  std::unordered_set<RowVersion, RowVersionHash> referred;
  std::unordered_set<Oid> tables;
};

class OptimisticTransaction final : public MvccTransaction {
 public:
  OptimisticTransaction(OptimisticEngine& engine, TransactionContext context,
                        const TransactionModes& modes);

  base::Status begin_statement() override;
  base::Result<std::unique_ptr<Scan>> scan(Table& table, const ScanSpec& spec) override;
  base::Result<bool> fetch(Table& table, TupleId id, Row& into) override;
  base::Result<WriteResult> insert(Table& table, const NewRow& row) override;
  base::Result<WriteResult> insert_many(Table& table, std::span<const NewRow> rows,
                                        size_t& done) override {
    return EngineTransaction::insert_many(table, rows, done);
  }
  base::Result<WriteResult> update(Table& table, const Row& old, const NewRow& row,
                                   RowLock strength, bool hot) override;
  base::Result<WriteResult> remove(Table& table, const Row& old) override;
  base::Result<WriteResult> lock(Table& table, const Row& row, RowLock strength,
                                 LockWait wait) override;
  base::Result<bool> find_duplicate(Table& table, Index& index, ByteSpan key, TupleId except,
                                    Row& into) override;

 protected:
  base::Status validate() override;
  void ended(bool committed) override;
  void savepoint_defined() override;
  void savepoints_released(size_t at) override;
  void rolled_back_to_savepoint(size_t at) override;

 private:
  friend class OptimisticScan;

  struct PrivateWrite {
    Table* table;
    TupleId base;
    TupleId made;  ///< invalid: a deletion
    RowLock strength;
    CommandId command;
    uint64_t start;
  };
  struct NewKey {
    Table* table;
    Index* index;
    Bytes key;
    TupleId row;
    bool unique;
  };
  struct Read {
    RowLock strength;
    bool locked;  ///< by SELECT FOR: validated at every level
    uint64_t start;
    bool referred = false;  ///< locked FOR KEY SHARE
  };
  struct ScannedRange {
    Oid table;
    Oid index;  ///< 0: the whole table
    KeyRange range;
    uint64_t start;
  };
  struct Mark {
    size_t writes, keys;
  };

  /// Did a private write of a command before this one take the place of this version?
  bool is_hidden(const Table& table, TupleId id, CommandId before) const;
  void note_read(Table& table, TupleId id, RowLock strength, bool locked);
  void note_range(Table& table, const Index* index, const KeyRange& range);
  void keep(Table& table);

  base::Result<WriteResult> insert_private(Table& table, const NewRow& row);
  base::Result<WriteResult> replace_own(Table& table, const Row& old, const NewRow& row,
                                        RowLock strength);
  base::Status retract_private(Table& table, TupleId id);
  base::Result<TupleId> taken_by(Table& table, Index& index, ByteSpan key, TupleId except,
                                 bool committing_too);
  bool is_taken_version(const Table& table, const storage::VersionView& version,
                        bool committing_too) const;

  base::Result<bool> still_stands(Table& table, TupleId id);
  base::Status validate_against(const WriteSet& other, uint64_t number) const;
  base::Status validate_references(const WriteSet& other, uint64_t number) const;
  void note_references(WriteSet& set) const;
  base::Status install(WriteSet& set);
  base::Status check_keys(WriteSet& set);
  bool is_over(const storage::VersionHeader& header) const;
  base::Result<TxnId> replaced_by(Table& table, TupleId id);
  base::Status check_races(Table& table);
  base::Error lost_row(TxnId rival, const Table& table, TupleId id) const;
  base::Error conflict(std::string detail) const;

  OptimisticEngine& engine_;
  storage::VersionBatch duplicate_;
  bool started_ = false;
  uint64_t first_start_ = 0;  ///< what the engine keeps its list for
  uint64_t start_ = 0;        ///< of the present snapshot
  std::vector<PrivateWrite> writes_;
  std::unordered_map<RowVersion, CommandId, RowVersionHash> hidden_;  ///< bases of writes_
  std::vector<NewKey> keys_;
  std::unordered_map<RowVersion, Read, RowVersionHash> reads_;
  std::vector<ScannedRange> ranges_;
  std::vector<Mark> marks_;
  std::unordered_map<Oid, TablePtr> tables_;  ///< what the lists above point to
  std::optional<uint64_t> number_;            ///< in the engine's list, once validated
};

class OptimisticEngine final : public Engine {
 public:
  static const EngineTraits& static_traits();
  const EngineTraits& traits() const override { return static_traits(); }
  std::unique_ptr<EngineTransaction> begin(TransactionContext context,
                                           const TransactionModes& modes) override;

 private:
  friend class OptimisticTransaction;

  /// The number before which everybody is over.
  uint64_t settled();
  void forget_old();

  std::mutex mutex_;  ///< of validation; taken before any page latch, never held in a wait
  std::deque<WriteSet> validated_;
  uint64_t first_ = 0;    ///< number of validated_.front()
  uint64_t settled_ = 0;  ///< all before it are over
  std::unordered_set<TxnId> committing_;
  std::multiset<uint64_t> starts_;
};

}  // namespace isolde::txn
