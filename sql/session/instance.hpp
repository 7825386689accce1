#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "sql/session/statement_cache.hpp"
#include "sql/settings/server_settings.hpp"

namespace isolde::storage {
class Store;  // storage/store.hpp
}
namespace isolde::txn {
class LockManager;         // txn/lock_manager.hpp
class TransactionManager;  // txn/transaction_manager.hpp
}  // namespace isolde::txn

namespace isolde::sql {

class Database;              // sql/catalog/database.hpp
class Databases;             // the same
class ServerCatalog;         // sql/catalog/server_catalog.hpp
class Notifications;         // sql/session/notifications.hpp
class PreparedTransactions;  // sql/session/prepared_transactions.hpp
class TableHistories;        // sql/statistics/table_histories.hpp

/// One row of pg_stat_activity; a time of nothing is NULL.
struct Activity {
  base::SessionId pid;
  std::string user;
  std::string database;
  std::string application_name;
  std::string client_address;  ///< empty for a Unix socket
  int client_port = -1;
  std::optional<base::Timestamp> backend_start;
  std::optional<base::Timestamp> transaction_start;
  std::optional<base::Timestamp> query_start;
  std::optional<base::Timestamp> state_change;
  std::string state;  ///< "active", "idle", "idle in transaction", ...
  std::string wait_event_type;
  std::string wait_event;
  std::string query;
  std::string backend_type = "client backend";
};

/// Who knows all sessions: the server.
class ActivitySource {
 public:
  virtual ~ActivitySource() = default;
  virtual void for_each(const std::function<void(const Activity&)>& visit) = 0;
};

/// What one session may do to others and to the server.
class SessionControl {
 public:
  virtual ~SessionControl() = default;
  /// False when there is no such session.
  virtual bool cancel(base::SessionId pid) = 0;
  virtual bool terminate(base::SessionId pid) = 0;
  virtual bool reload() = 0;
  /// The server's own workers end what they do in a database.
  virtual void leave(base::Oid /*database*/) {}
};

/// What all sessions of a server share. Thread safe; outlives its sessions.
class Instance {
 public:
  Instance(ServerSettings& settings, storage::Store& store, ActivitySource* activity = nullptr,
           SessionControl* control = nullptr);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  /// Opens the catalog, and makes it in a new data directory. Before the first session.
  base::Status start();

  ServerSettings& settings() { return settings_; }
  storage::Store& store() { return store_; }
  StatementCache& statements() { return statements_; }
  /// May be null: then there is only the session itself.
  ActivitySource* activity() { return activity_; }
  SessionControl* control() { return control_; }
  Notifications& notifications() { return *notifications_; }
  TableHistories& histories() { return *histories_; }
  txn::LockManager& locks() { return *locks_; }
  txn::TransactionManager& transactions() { return *transactions_; }
  Databases& databases() { return *databases_; }
  PreparedTransactions& prepared_transactions() { return *prepared_transactions_; }
  ServerCatalog& server_catalog() { return *server_catalog_; }
  /// By name, opened if need be; 3D000 when there is none.
  base::Result<std::shared_ptr<Database>> database(std::string_view name);

  /// What is stored for a role's new password; unset where nobody logs in. Takes what is such a
  /// thing already as it is.
  std::function<std::string(std::string_view password)> password_verifier;

  base::Timestamp started() const { return started_; }

 private:
  ServerSettings& settings_;
  storage::Store& store_;
  ActivitySource* activity_;
  SessionControl* control_;
  StatementCache statements_;
  base::Timestamp started_ = base::wall_now();
  std::unique_ptr<Notifications> notifications_;
  std::unique_ptr<TableHistories> histories_;
  std::unique_ptr<txn::LockManager> locks_;
  std::unique_ptr<txn::TransactionManager> transactions_;
  std::unique_ptr<ServerCatalog> server_catalog_;
  std::unique_ptr<Databases> databases_;
  std::unique_ptr<PreparedTransactions> prepared_transactions_;
};

/// What version() says.
std::string_view version_text();

}  // namespace isolde::sql
