#pragma once

#include <functional>
#include <memory>
#include <optional>
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
#include "storage/ids.hpp"

namespace isolde::txn {
class EngineTransaction;
class Locker;
}  // namespace isolde::txn

namespace isolde::sql {

class CatalogImage;  // sql/catalog/catalog_image.hpp
struct TableNames;   // sql/binder/table_names.hpp

class Instance;
class SessionSettings;
class ConstraintQueue;  // sql/constraints/constraint_queue.hpp
struct KeptStatement;   // sql/session/kept_statement.hpp
class Database;         // sql/catalog/database.hpp
class CatalogChanges;   // sql/catalog/catalog.hpp
class Datum;
struct Type;
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
  /// The same with the search path: what names mean.
  virtual const TableNames& table_names() = 0;
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

  /// The last error by which a transaction lost against others: 40001, 40P01.
  struct Conflict {
    base::Error error;
    std::string statement;
    base::Timestamp at;
  };
  const std::optional<Conflict>& last_conflict() const { return last_conflict_; }
  void note_conflict(Conflict conflict) { last_conflict_ = std::move(conflict); }

  /// Of the transaction.
  virtual bool read_only() const = 0;

  virtual base::SessionId pid() const = 0;
  /// SESSION_USER: who logged in, unless a superuser has set another.
  virtual const std::string& user() const = 0;
  /// CURRENT_USER: whose rights count, after SET ROLE.
  virtual const std::string& current_user() const = 0;
  virtual const std::string& database() const = 0;
  virtual const std::string& client_address() const = 0;
  virtual int client_port() const = 0;

  /// Of random() and setseed().
  RandomState& random_state() { return random_state_; }

  virtual base::Timestamp transaction_start() const = 0;
  virtual base::Timestamp statement_start() const = 0;

  /// SET and set_config: reports to the client and keeps to the transaction.
  virtual void set_setting(std::string_view name, std::string_view value, bool local) = 0;
  /// A query of the server's own within the statement that runs, with no rights checked unless
  /// `check_rights`. Sees what the transaction has done so far. `row` answers whether it
  /// wants more.
  virtual void run_internal(
      std::string_view query,
      const std::function<bool(std::span<const Datum>, std::span<const ResultColumn>)>& row,
      bool check_rights = false) = 0;
  /// The same, for one that is run often: by a plan that `query` keeps. A query's rows are not
  /// wanted, only whether there is one: answers how many were found (at most 1) or changed.
  /// `latest`: it sees the newest committed state, whatever the transaction's level.
  virtual int64_t run_kept(KeptStatement& query, std::span<const Datum> values, bool latest) = 0;
  /// Where the row of a table is that a cursor stands on; nothing when that table gave none.
  /// 24000 and 34000.
  virtual std::optional<storage::TupleId> cursor_place(std::string_view cursor,
                                                       base::Oid table) = 0;
  /// What statements note of rows they write, and what checks it at their end.
  virtual ConstraintQueue& constraints() = 0;
  virtual void check_constraints() = 0;
  /// A function of the catalog, in SQL, over these arguments; its rows go to `row`, which answers
  /// whether it wants more. The values live until `row` returns.
  struct RoutineCall {
    base::Oid function;
    std::span<const Type* const> types;
    std::span<const Datum> arguments;
  };
  virtual void run_routine(
      const RoutineCall& call,
      const std::function<bool(std::span<const Datum>, std::span<const ResultColumn>)>& row) = 0;
  /// NOTIFY: heard by those who listen when the transaction commits.
  virtual void notify_others(std::string_view channel, std::string_view payload) = 0;
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
  std::optional<Conflict> last_conflict_;
};

}  // namespace isolde::sql
