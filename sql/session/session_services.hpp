#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "sql/functions/random_state.hpp"
#include "sql/session/sequence_values.hpp"

namespace isolde::txn {
class EngineTransaction;
class Locker;
}  // namespace isolde::txn

namespace isolde::sql {

class CatalogImage;  // sql/catalog/catalog_image.hpp

class Instance;
class SessionSettings;
class Database;        // sql/catalog/database.hpp
class CatalogChanges;  // sql/catalog/catalog.hpp
class Datum;
struct ResultColumn;  // sql/session/result_sink.hpp
struct OutputStyle;   // sql/types/output_style.hpp

/// What functions and system views may ask of the session that they run in.
class SessionServices {
 public:
  virtual ~SessionServices() = default;

  virtual Instance& instance() = 0;
  virtual base::Task& task() = 0;
  virtual SessionSettings& settings() = 0;

  virtual Database& current_database() = 0;
  /// The catalog as the transaction sees it now.
  virtual std::shared_ptr<const CatalogImage> catalog_image() = 0;
  virtual CatalogChanges& catalog_changes() = 0;
  /// The engine's transaction, begun if need be.
  virtual txn::EngineTransaction& transaction() = 0;
  virtual txn::Locker& locker() = 0;
  /// How values are read and written as text.
  virtual const OutputStyle& style() = 0;

  /// The schema of the session's temporary tables; 0, or one that is not in the image, when there
  /// is none yet.
  base::Oid temporary_schema() const { return temporary_schema_; }
  void set_temporary_schema(base::Oid schema) { temporary_schema_ = schema; }

  /// Temporary tables that ask for something at the end of the transaction.
  struct OnCommit {
    base::Oid table;
    bool drop = false;  ///< else their rows are deleted
  };
  std::vector<OnCommit>& on_commit_tables() { return on_commit_tables_; }

  SequenceValues& sequence_values() { return sequence_values_; }
  /// Of the transaction.
  virtual bool read_only() const = 0;

  virtual base::SessionId pid() const = 0;
  virtual const std::string& user() const = 0;
  virtual const std::string& database() const = 0;
  virtual const std::string& client_address() const = 0;
  virtual int client_port() const = 0;

  /// Of random() and setseed().
  RandomState& random_state() { return random_state_; }

  virtual base::Timestamp transaction_start() const = 0;
  virtual base::Timestamp statement_start() const = 0;

  /// SET and set_config: reports to the client and keeps to the transaction.
  virtual void set_setting(std::string_view name, std::string_view value, bool local) = 0;
  /// A query of the server's own within the statement that runs, with the rights of whoever asks
  /// and no others checked. Sees what the transaction has done so far. `row` answers whether it
  /// wants more.
  virtual void run_internal(
      std::string_view query,
      const std::function<bool(std::span<const Datum>, std::span<const ResultColumn>)>& row) = 0;
  /// A NOTICE or WARNING, if the client wants it.
  virtual void notice(const base::Error& notice) = 0;

  struct PreparedRow {
    std::string name;
    std::string statement;
    base::Timestamp prepared;
    std::vector<base::Oid> parameters;
    bool from_sql;
    int64_t generic_plans;
    int64_t custom_plans;
  };
  virtual std::vector<PreparedRow> prepared_rows() const = 0;

  struct CursorRow {
    std::string name;
    std::string statement;
    bool holdable;
    bool binary;
    bool scrollable;
    base::Timestamp created;
  };
  virtual std::vector<CursorRow> cursor_rows() const = 0;

 private:
  RandomState random_state_;
  base::Oid temporary_schema_;
  SequenceValues sequence_values_;
  std::vector<OnCommit> on_commit_tables_;
};

}  // namespace isolde::sql
