#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "sql/session/statement_cache.hpp"
#include "sql/settings/server_settings.hpp"

namespace isolde::storage {
class Store;  // storage/store.hpp
}

namespace isolde::sql {

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
};

/// What all sessions of a server share. Thread safe; outlives its sessions.
class Instance {
 public:
  Instance(ServerSettings& settings, storage::Store& store, ActivitySource* activity = nullptr,
           SessionControl* control = nullptr)
      : settings_(settings), store_(store), activity_(activity), control_(control) {}

  ServerSettings& settings() { return settings_; }
  storage::Store& store() { return store_; }
  StatementCache& statements() { return statements_; }
  /// May be null: then there is only the session itself.
  ActivitySource* activity() { return activity_; }
  SessionControl* control() { return control_; }
  /// May a session be opened on it?
  bool has_database(std::string_view name) const { return name == "postgres"; }

  base::Timestamp started() const { return started_; }

 private:
  ServerSettings& settings_;
  storage::Store& store_;
  ActivitySource* activity_;
  SessionControl* control_;
  StatementCache statements_;
  base::Timestamp started_ = base::wall_now();
};

/// What version() says.
std::string_view version_text();

}  // namespace isolde::sql
