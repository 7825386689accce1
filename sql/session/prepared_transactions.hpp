#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/thread_task.hpp"
#include "sql/catalog/database.hpp"
#include "txn/lock_manager.hpp"
#include "txn/transaction_manager.hpp"

namespace isolde::sql {

class Instance;

/// A transaction between the two phases of its commit. It belongs to no session.
struct PreparedTransaction {
  std::string name;
  Oid owner;
  DatabasePtr database;
  base::Timestamp prepared_at;
  bool busy = true;  ///< being made, or ended, by a session

  // In the order in which they need each other.
  txn::LockerPtr locker;
  std::unique_ptr<txn::SnapshotSlot> slot;
  std::unique_ptr<txn::Transaction> transaction;
  std::optional<CatalogChanges> changes;

  /// Lets others see what it has done to the catalog when it ends.
  void publish_at_end();
};

/// All prepared transactions of the server, by the names that clients gave them. Thread safe.
///
///      session               the log                  this                     any session
///      PREPARE 'x'   ----->  state of x, on disk  --> x: rows, locks, catalog
///      (free again)          a restart finds x    --> x, as it was      <----  COMMIT PREPARED 'x'
class PreparedTransactions {
 public:
  ~PreparedTransactions();

  /// What the log has kept. Before the first session.
  base::Status recover(Instance& instance);

  /// A new one under a free name, busy. 42710, or 53200 when there are `limit` already.
  PreparedTransaction& reserve(std::string name, size_t limit);
  /// It is prepared: others may end it.
  void settle(PreparedTransaction& one);
  /// To be ended by a session of that role and database, busy; settle() or remove() it.
  PreparedTransaction& take(const std::string& name, Oid role, bool superuser, Oid database);
  void remove(const PreparedTransaction& one);

  struct View {
    base::TxnId id;
    std::string name;
    base::Timestamp prepared_at;
    Oid owner;
    std::string database;
  };
  std::vector<View> views();

 private:
  base::Status recover(Instance& instance, base::TxnId id, storage::ByteSpan state);

  base::ThreadTask nobody_;  ///< stands for the session of those that nobody has adopted
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<PreparedTransaction>> all_;
};

}  // namespace isolde::sql
