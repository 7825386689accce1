#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "sql/session/result_sink.hpp"

namespace isolde::sql {

class SessionSettings;  // sql/settings/session_settings.hpp
class SessionServices;  // sql/session/session_services.hpp
class TableChanges;     // sql/statistics/table_changes.hpp
struct OutputStyle;     // sql/types/output_style.hpp
class Instance;         // sql/session/instance.hpp: what all sessions of a server share
class Database;         // sql/catalog/database.hpp

enum class TransactionStatus : char { kIdle = 'I', kInBlock = 'T', kFailed = 'E' };

/// One client's conversation in SQL: transactions, prepared statements, portals, settings. It knows
/// nothing of sockets or messages; server/session/ translates. Used by one task at a time.
///
/// Every call that fails has already dealt with the transaction: an implicit one is rolled back, a
/// block is marked failed. The caller only reports the error.
class Session {
 public:
  struct Identity {
    base::SessionId id;  ///< pg_backend_pid()
    std::string user;
    std::string database;
    std::string client_address;  ///< numeric, empty for a Unix socket
    int client_port = -1;
    bool superuser = false;
    bool autovacuum = false;  ///< a worker of the server itself, not a client
  };

  /// `database` is the one that the identity names.
  Session(Instance& instance, std::shared_ptr<Database> database, Identity identity,
          base::Task& task, ClientMessages& client);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Settings of the start-up packet; before anything else.
  base::Status set_startup_parameter(std::string_view name, std::string_view value);

  /// Between commands: takes over what a reload of the configuration has changed.
  void follow_server_settings();

  /// The simple protocol: every statement of the text, in one implicit transaction.
  base::Status query(std::string_view text, ResultSink& sink);

  // --- the extended protocol; "" is the unnamed statement or portal
  base::Status parse(std::string_view name, std::string_view text,
                     std::span<const base::Oid> parameter_types);

  struct BindRequest {
    std::string_view portal;
    std::string_view statement;
    std::span<const int16_t> parameter_formats;  ///< 0 text, 1 binary; none, one, or one each
    std::span<const std::optional<std::string_view>> parameters;
    std::span<const int16_t> result_formats;
  };
  base::Status bind(const BindRequest& request);

  enum class Outcome : uint8_t { kComplete, kSuspended, kEmpty };
  /// Runs a portal for at most `max_rows` rows (0: all).
  base::Result<Outcome> execute(std::string_view portal, int64_t max_rows, ResultSink& sink);

  struct StatementShape {
    std::span<const base::Oid> parameters;
    std::optional<std::span<const ResultColumn>> columns;  ///< nothing: returns no rows
  };
  base::Result<StatementShape> describe_statement(std::string_view name);

  struct PortalShape {
    std::optional<std::span<const ResultColumn>> columns;
    std::span<const int16_t> formats;  ///< none, one, or one each
    std::string_view query;            ///< the text it was made from
  };
  base::Result<PortalShape> describe_portal(std::string_view name);

  void close_statement(std::string_view name);
  void close_portal(std::string_view name);

  /// Sync: commits the implicit transaction of the messages before it.
  base::Status sync();

  /// An error outside these calls (a malformed message): fails the transaction like any other.
  void fail();

  /// Hands on what others have notified it of, unless a transaction block is open: before the
  /// client is told that the session is ready, and while it is idle, when its task is woken.
  void deliver_notifications();

  TransactionStatus transaction_status() const;
  /// When the current transaction began; nothing when there is none.
  std::optional<base::Timestamp> transaction_start() const;
  const SessionSettings& settings() const;
  /// For the greeting: every setting that clients are told of, with its value.
  std::vector<std::pair<std::string_view, std::string>> all_reported_settings();
  /// How values are written as text under the settings in force.
  const OutputStyle& output_style() const;
  /// pg_stat_activity and the idle time-outs want to know.
  bool in_transaction_block() const { return transaction_status() != TransactionStatus::kIdle; }

 private:
  friend TableChanges& table_changes_of(SessionServices& session);
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace isolde::sql
