#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "sql/catalog/database.hpp"
#include "sql/constraints/constraint_queue.hpp"
#include "sql/session/prepared_transactions.hpp"
#include "sql/session/transaction.hpp"
#include "sql/statistics/table_changes.hpp"
#include "txn/transaction_manager.hpp"

namespace isolde::sql {

/// A session's transaction in its database: under the engine, and in the catalog.
///
/// The engine's transaction begins with the first statement that needs one, since until then SET
/// TRANSACTION may change its modes. An ended one is kept until the next begins: what ran in it
/// (scans of open portals) lets go of it only then.
class SessionTransaction final : public TransactionDriver {
 public:
  SessionTransaction(Instance& instance, const SessionSettings& settings, base::Task& task,
                     base::SessionId session, DatabasePtr database);
  ~SessionTransaction() override;

  // TransactionDriver
  void begin() override;
  void commit() override;
  void roll_back() override;
  void define_savepoint() override;
  void release_savepoints(size_t at) override;
  void roll_back_to_savepoint(size_t at) override;

  /// The engine's transaction, begun if need be.
  txn::EngineTransaction& transaction();
  /// Null while it has not begun.
  txn::EngineTransaction* begun() { return open_ ? transaction_.get() : nullptr; }
  /// Before a statement takes locks on its tables; the engine may let it wait.
  void enter(bool touches_tables);
  /// Then, before it reads: with the transaction's or a new view of the data.
  void begin_statement();

  Database& database() { return *database_; }
  DatabasePtr shared_database() { return database_; }
  txn::Locker& locker() { return *locker_; }
  /// What is to be checked of the rows that it has written.
  ConstraintQueue& constraints() { return constraints_; }
  TableChanges& table_changes() { return table_changes_; }
  /// What the transaction sees of the catalog now.
  CatalogImagePtr image();
  bool changed_catalog() const { return open_ && !changes_->empty(); }
  /// Runs before a commit, which fails with it.
  std::function<void()> before_commit;
  /// Not null: the next commit() is the first phase of two, and leaves the transaction here.
  PreparedTransaction* prepares = nullptr;
  /// To be changed by DDL.
  CatalogChanges& catalog_changes();

 private:
  void ended(bool committed);
  void prepare(PreparedTransaction& into);
  void follow_settings();

  Instance& instance_;
  const SessionSettings& settings_;
  base::Task& task_;
  DatabasePtr database_;
  txn::SnapshotSlot slot_;
  txn::LockerPtr locker_;
  std::unique_ptr<txn::EngineTransaction> transaction_;
  std::optional<CatalogChanges> changes_;
  ConstraintQueue constraints_;
  TableChanges table_changes_;
  bool open_ = false;  ///< transaction_ has begun and not ended
};

}  // namespace isolde::sql
