#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "txn/table.hpp"
#include "txn/transaction.hpp"

// The heart of Isolde. A concurrency control decides which version of a row is seen, what is
// locked, who waits and what is checked at commit. Whoever implements the two classes of this file
// has written an engine (and adds a line to txn/engines/registry.cpp).
//
//      Engine                one a database: what its transactions share
//        begin()             -> EngineTransaction
//                               enter(), begin_statement()
//                               scan(), then next() and verdict() of the Scan
//                               insert(), update(), remove(), lock()
//                               commit() or roll_back()
//
// Conventions
//  * Everything that may wait does so through the session's base::Task, with nothing latched, and
//  can
//    end with 57014 (cancelled), 55P03 (lock_timeout), 57P01 (terminated) or 40P01 (deadlock).
//  * An error fails the transaction, or its innermost savepoint: the session calls roll_back or
//    roll_back_to_savepoint. Locks stay until then.
//  * After a wait the world has moved. Then update, remove and lock answer kReevaluate with the
//  row's
//    newest version, which they have locked: the executor looks again whether it wants that one.

namespace isolde::txn {

/// The strengths of row locks, as PostgreSQL has them, weakest first.
enum class RowLock : uint8_t { kKeyShare, kShare, kNoKeyUpdate, kUpdate };
/// What to do about a row that somebody else has locked.
enum class LockWait : uint8_t { kWait, kNoWait, kSkip };

/// What a scan's rows are wanted for: engines that lock while they read lock accordingly.
enum class RowIntent : uint8_t { kRead, kLock, kUpdate, kDelete };

/// What the scan is to show: the statement's view, or the newest committed state (foreign keys).
enum class ScanView : uint8_t { kStatement, kLatest };

struct ScanSpec {
  Index* index = nullptr;  ///< null: the whole table in the order of its pages
  KeyRange range;
  bool backward = false;
  RowIntent intent = RowIntent::kRead;
  RowLock strength = RowLock::kShare;  ///< with kLock
  LockWait wait = LockWait::kWait;     ///< with kLock
  ScanView view = ScanView::kStatement;
  bool keys_only =
      false;  ///< payloads are not needed where the index and the visibility map suffice
};

/// Rows of a table in some order, a few at a time.
class Scan {
 public:
  virtual ~Scan() = default;
  /// The next rows, valid until the next call; none at the end. Depending on the engine: may wait
  /// for row locks, may abort with 40001.
  virtual base::Result<std::span<const Row>> next() = 0;
  /// The same scan over another range.
  virtual base::Status restart(const KeyRange& range) = 0;
  /// Whether the statement's condition holds for a row. Only if traits().wants_verdicts.
  virtual base::Status verdict(const Row& /*row*/, bool /*matched*/) { return {}; }
};

enum class Outcome : uint8_t {
  kDone,          ///< written, or locked
  kReevaluate,    ///< `latest` is the row now, and locked for us: look again
  kGone,          ///< deleted meanwhile: there is no row to work on
  kSkip,          ///< locked by others, and the caller asked not to wait
  kSelfModified,  ///< this command (or a later one of ours) has changed the row already
  kDuplicate,     ///< `duplicate` has a row with this key; nothing is left behind
};

struct WriteResult {
  Outcome outcome = Outcome::kDone;
  TupleId id;                        ///< of the version that was written or locked
  Row latest;                        ///< valid until the next call of the transaction
  const Index* duplicate = nullptr;  ///< for kDuplicate, with
  TupleId duplicate_row;             ///< a version of the row in the way
};

/// One transaction under one engine. Used by one session at a time.
class EngineTransaction : public Transaction {
 public:
  using Transaction::Transaction;

  /// Before a statement takes its table locks. May wait: where transactions queue, for its turn.
  virtual base::Status enter(bool /*touches_tables*/) { return {}; }
  /// Then, before it reads: READ COMMITTED takes its snapshot here.
  virtual base::Status begin_statement() = 0;

  virtual base::Result<std::unique_ptr<Scan>> scan(Table& table, const ScanSpec& spec) = 0;
  /// The version at a place, if the statement's view has it: ctid look-ups, positioned updates.
  /// May wait where readers take locks. Valid until the next call of the transaction.
  virtual base::Result<bool> fetch(Table& table, TupleId id, Row& into) = 0;

  /// Adds a row with its index entries. Waits for other transactions that have written the same
  /// unique key. kDone or kDuplicate.
  virtual base::Result<WriteResult> insert(Table& table, const NewRow& row) = 0;
  /// Many rows at once, for COPY and INSERT ... SELECT: as insert, up to the first that is not
  /// kDone, whose number is put into `done`.
  virtual base::Result<WriteResult> insert_many(Table& table, std::span<const NewRow> rows,
                                                size_t& done);
  /// Replaces a row that a scan gave. `strength` is kNoKeyUpdate or kUpdate; `hot`: no indexed
  /// column changes. May wait for whoever has locked the row. 40001 where the level forbids going
  /// on.
  virtual base::Result<WriteResult> update(Table& table, const Row& old, const NewRow& row,
                                           RowLock strength, bool hot) = 0;
  virtual base::Result<WriteResult> remove(Table& table, const Row& old) = 0;
  /// SELECT FOR ...; also the check of a foreign key. kDone, kReevaluate, kGone or kSkip.
  virtual base::Result<WriteResult> lock(Table& table, const Row& row, RowLock strength,
                                         LockWait wait) = 0;
  /// Is there another row with this key of a unique index, now? Waits for transactions in progress
  /// that may decide it. For deferred constraints and ON CONFLICT.
  virtual base::Result<bool> find_duplicate(Table& table, Index& index, ByteSpan key,
                                            TupleId except, Row& into) = 0;
};

/// What an engine is, as data: isolde.engines shows it.
struct EngineTraits {
  std::string_view name;
  std::string_view like;         ///< "PostgreSQL"
  std::string_view prevents[4];  ///< by level
  std::string_view blocks_on;    ///< what its transactions wait for
  std::string_view paper;
  bool wants_verdicts = false;            ///< scans are told which rows matched
  bool deadlocks_at_once = false;         ///< a deadlock ends without waiting for deadlock_timeout
  std::string_view dialect = "postgres";  ///< default of isolde.dialect
};

/// One database's concurrency control.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual const EngineTraits& traits() const = 0;
  /// Never waits.
  virtual std::unique_ptr<EngineTransaction> begin(TransactionContext context,
                                                   const TransactionModes& modes) = 0;
};

}  // namespace isolde::txn
