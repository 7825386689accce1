#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sql/binder/binder.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/constraints/constraint_checks.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/notifications.hpp"
#include "sql/session/portal.hpp"
#include "sql/session/session.hpp"
#include "sql/session/session_services.hpp"
#include "sql/session/session_transaction.hpp"
#include "sql/session/transaction.hpp"
#include "sql/settings/session_settings.hpp"
#include "sql/views/catalog_names.hpp"

struct PgQuery__Node;
struct PgQuery__CopyStmt;
struct PgQuery__FetchStmt;
struct PgQuery__VariableSetStmt;
struct PgQuery__TransactionStmt;
struct PgQuery__VacuumStmt;
struct PgQuery__ConstraintsSetStmt;

namespace isolde::storage {
struct VacuumStats;  // storage/vacuum.hpp
}

namespace isolde::sql {

class CopyReader;
class Definer;
struct CopyOptions;
struct Sample;             // sql/statistics/sample.hpp
struct MaintenanceOrder;   // sql/session/maintenance.hpp
struct MaintenanceTarget;  // the same

/// The session behind sql/session/session.hpp, in the files of this folder:
///
///   session.cpp        the boundary: errors become Results here and nowhere else
///   simple_query.cpp   query()
///   extended.cpp       parse, bind, execute, describe
///   run.cpp            running one statement of any kind
///   planning.cpp       what statements need of the catalog
///   utility.cpp        SET, SHOW, transaction statements, PREPARE and its kin
///   cursors.cpp        DECLARE, FETCH, MOVE, CLOSE
///   copy.cpp           COPY (query) TO STDOUT
///   constraints.cpp    foreign keys and the like, at the end of statements and transactions
///   roles.cpp          SET ROLE, SET SESSION AUTHORIZATION, settings of ALTER ROLE and DATABASE
///   dialect.cpp        what isolde.dialect changes
class Session::Impl final : public SessionServices, public SettingsListener {
 public:
  Impl(Instance& instance, DatabasePtr database, Identity identity, base::Task& task,
       ClientMessages& client);
  ~Impl() override;

  // SessionServices
  Instance& instance() override { return instance_; }
  base::Task& task() override { return task_; }
  SessionSettings& settings() override { return settings_; }
  bool read_only() const override { return settings_.fields().transaction_read_only; }
  base::SessionId pid() const override { return identity_.id; }
  const std::string& user() const override { return authorization_; }
  const std::string& current_user() const override {
    return set_role_.empty() ? authorization_ : set_role_;
  }
  const std::string& database() const override { return identity_.database; }
  const std::string& client_address() const override { return identity_.client_address; }
  int client_port() const override { return identity_.client_port; }
  Database& current_database() override { return driver_.database(); }
  CatalogImagePtr catalog_image() override { return driver_.image(); }
  CatalogChanges& catalog_changes() override { return driver_.catalog_changes(); }
  const TableNames& table_names() override { return names(); }
  txn::EngineTransaction& transaction() override { return driver_.transaction(); }
  txn::Locker& locker() override { return driver_.locker(); }
  const OutputStyle& style() override { return style_; }
  base::Timestamp transaction_start() const override { return transactions_.started(); }
  base::Timestamp statement_start() const override { return statement_start_; }
  void set_setting(std::string_view name, std::string_view value, bool local) override;
  void notice(const base::Error& notice) override;
  void run_internal(
      std::string_view query,
      const std::function<bool(std::span<const Datum>, std::span<const ResultColumn>)>& row,
      bool check_rights) override;
  int64_t run_kept(KeptStatement& query, std::span<const Datum> values, bool latest) override;
  ConstraintQueue& constraints() override { return driver_.constraints(); }
  void check_constraints() override;
  TableChanges& table_changes() { return driver_.table_changes(); }
  std::optional<storage::TupleId> cursor_place(std::string_view cursor, base::Oid table) override;
  void run_routine(const RoutineCall& call,
                   const std::function<bool(std::span<const Datum>, std::span<const ResultColumn>)>&
                       row) override;
  void notify_others(std::string_view channel, std::string_view payload) override;
  std::vector<PreparedRow> prepared_rows() const override;
  std::vector<CursorRow> cursor_rows() const override;

  // roles.cpp
  base::Status check_role(const SettingDefinition& definition, const SettingValue& value);
  void role_changed(const SettingDefinition& definition, const SettingValue& value);
  bool acts_as_superuser();
  void apply_kept_settings();

  // SettingsListener
  base::Status check_setting(const SettingDefinition& definition, const SettingValue& value,
                             const SetBy& by) override;
  void setting_changed(const SettingDefinition& definition, const SettingValue& value) override;

 private:
  friend class Session;

  /// The one place where exceptions end: runs a call, and on an error fails the transaction.
  template <typename F>
  base::Status guarded(F&& call);
  base::Error place(base::Error error) const;
  void name_parameter(base::Error& error);

  // simple_query.cpp
  void query(std::string_view text, ResultSink& sink);
  PlannerSettings planner_settings() const;
  CachedQueryPtr look_up(std::string_view text);
  CachedQueryPtr make_query(std::string_view text);
  void check_text(std::string_view text);

  // extended.cpp
  void parse(std::string_view name, std::string_view text, std::span<const base::Oid> types);
  std::shared_ptr<const PreparedStatement> prepare(std::string_view text,
                                                   std::span<const base::Oid> types);
  void describe_utility(PreparedStatement& prepared);
  void bind(const BindRequest& request);
  void bind_parameters(Portal& portal, const BindRequest& request);
  Datum read_parameter(const Type& type, std::optional<std::string_view> bytes, int16_t format,
                       Portal& portal);
  Outcome execute(std::string_view name, int64_t max_rows, ResultSink& sink);
  const PreparedStatement& prepared(std::string_view name) const;
  std::shared_ptr<const PreparedStatement> find_prepared(std::string_view name) const;
  Portal& portal(std::string_view name);
  void drop_portal(std::string_view name);

  // run.cpp
  void begin_statement(const Statement& statement);
  [[noreturn]] static void refuse_failed();
  void refuse_in_failed(const Statement& statement) const;
  void run_statement(const StatementPtr& statement, ResultSink& sink, bool describe);
  void run_select(const StatementPtr& statement, std::string_view text, ResultSink& sink,
                  bool describe);
  /// Every run of a plan begins here, with the transaction's view of the data.
  void start_run(Execution& run, StatementPtr statement, std::string_view text,
                 std::span<const LiteralToken> literals);
  void run_active(ResultSink& sink, bool describe);
  StatementPtr planned(const StatementPtr& statement);
  void end_statement();
  void select_tag(std::string_view word, int64_t rows);
  void plan_tag(const Statement& statement, int64_t rows, int64_t written);
  int64_t send_rows(Execution& run, std::span<const ResultColumn> columns, int64_t max_rows,
                    ResultSink& sink, bool* more);
  /// Anything but a query. All leave their command tag in tag_.
  void run_utility(const StatementPtr& statement, ResultSink& sink, bool describe);
  std::unique_ptr<Execution> take_execution();
  void give_back(std::unique_ptr<Execution> run);

  // planning.cpp
  const TableNames& names();
  const Type& type_of_parameter(base::Oid type);
  void append_names_key(std::string& key);
  Statement::BindOptions bind_options(std::span<const base::Oid> parameters = {},
                                      bool infer = false);
  Binder::Input binder_input(std::string_view text);
  bool is_stale(const Statement& statement);
  StatementPtr remade(const Statement& statement, std::string_view text,
                      std::span<const LiteralToken> literals);
  void lock_relations(const Statement& statement);
  void check_privileges(const Statement& statement);
  void check_writable(const Statement& statement);
  StatementPtr ready(StatementPtr statement, std::string_view text,
                     std::span<const LiteralToken> literals);

  // utility.cpp
  void run_transaction(const PgQuery__TransactionStmt& statement);
  void run_set(const PgQuery__VariableSetStmt& set);
  void set_value(const PgQuery__VariableSetStmt& set);
  void set_many(const PgQuery__VariableSetStmt& set);
  void run_show(const PgQuery__Node& node, ResultSink& sink, bool describe);
  void run_explain(const Statement& statement, ResultSink& sink, bool describe);  // explain.cpp
  void run_prepare(const Statement& statement);
  void run_execute(const Statement& statement, ResultSink& sink, bool describe);
  void execute_parameters(const Statement& statement, const PreparedStatement& prepared,
                          Execution& run);
  void run_deallocate(const PgQuery__Node& node);
  void run_discard(const PgQuery__Node& node);
  void drop_prepared();
  std::vector<ResultColumn> show_columns(std::string_view name) const;

  // run_ddl.cpp
  /// False when the statement is none that changes the catalog.
  bool run_ddl(const Statement& statement);
  void run_lock(const Statement& statement);
  Definer definer(std::string_view text);
  /// ON COMMIT of temporary tables.
  void before_commit();
  /// When the session ends.
  void drop_temporary();

  // constraints.cpp
  void run_set_constraints(const PgQuery__ConstraintsSetStmt& set);
  // run_routine.cpp
  struct RoutineBody;
  std::shared_ptr<const RoutineBody> routine_body(const FunctionObject& function,
                                                  std::span<const Type* const> types);
  void run_body(
      const FunctionObject& function, const RoutineBody& body, std::span<const Datum> arguments,
      const std::function<bool(std::span<const Datum>, std::span<const ResultColumn>)>& row);
  void run_call(const Statement& statement, ResultSink& sink, bool describe);

  // two_phase.cpp
  void check_preparable();
  void prepare_transaction(const std::string& name);
  void finish_prepared(const std::string& name, bool commit);

  // notify.cpp
  void run_listen(const PgQuery__Node& node);
  void settle_notifications(bool committed, size_t level);
  void deliver_notifications();

  // run_vacuum.cpp
  void run_vacuum(const PgQuery__VacuumStmt& statement);
  std::vector<MaintenanceTarget> maintenance_targets(const PgQuery__VacuumStmt& statement,
                                                     const MaintenanceOrder& order);
  RelationPtr lock_target(const MaintenanceTarget& target, const MaintenanceOrder& order);
  void vacuum_table(const RelationObject& relation, const MaintenanceOrder& order);
  void vacuum_out_of_line(txn::Table& table);
  void truncate_table(txn::Table& table, storage::VacuumStats& stats);
  // run_analyze.cpp
  void analyze_table(const RelationObject& relation, const std::vector<std::string>& columns,
                     const MaintenanceOrder& order);
  void tell_analyzed(const RelationObject& relation, const Sample& sample,
                     const MaintenanceOrder& order, base::SteadyTime::duration took);
  void put_statistics(const RelationObject& relation, RelationStatistics statistics);

  // cursors.cpp
  void run_declare(const Statement& statement);
  void run_fetch(const PgQuery__FetchStmt& fetch, ResultSink& sink, bool describe);
  void run_close(const PgQuery__Node& node);
  void read_cursor_row(Portal& cursor);
  void make_cursor(Portal& portal);
  Portal& find_cursor(const std::string& name);
  Outcome execute_cursor(Portal& cursor, int64_t max_rows, ResultSink& sink);
  const Datum* cursor_row(Portal& cursor, int64_t number);
  int64_t move_cursor(Portal& cursor, const PgQuery__FetchStmt& fetch, ResultSink* sink);
  bool give_row(Portal& cursor, int64_t number, ResultSink* sink);
  void hold_cursors();
  void end_portals(bool committed, size_t savepoint_level);

  // copy.cpp
  void run_copy(const Statement& statement, ResultSink& sink);
  void copy_out(const StatementPtr& query, const CopyOptions& options, ResultSink& sink);
  void copy_in(const Statement& statement, const CopyOptions& options, ResultSink& sink);

  // dialect.cpp
  Dialect dialect() const;
  std::string_view in_postgres(std::string_view text);
  int client_position(int position) const;
  void set_transaction(const TransactionModes& modes);

  void report_changes();
  void refresh_style();

  Instance& instance_;
  Identity identity_;
  base::Task& task_;
  ClientMessages& client_;
  SessionSettings settings_;
  SessionTransaction driver_;
  Transactions transactions_;
  ConstraintChecks checks_{*this, driver_.constraints()};
  TableNames names_;
  uint32_t names_generation_ = 0;
  Oid role_;                   ///< whose rights count
  std::string authorization_;  ///< the name of the session's user
  std::string set_role_;       ///< that of SET ROLE, or empty
  CatalogNames catalog_names_{*this};
  OutputStyle style_;
  uint32_t style_generation_ = ~uint32_t{0};
  uint64_t server_generation_ = 0;

  /// The parameter of a Bind that is being read: errors name it.
  struct ReadingParameter {
    size_t number = 0;  ///< from 1; 0: none
    bool text = false;
    std::string_view portal;
  };
  ReadingParameter reading_parameter_;
  base::Timestamp statement_start_;

  std::shared_ptr<const PreparedStatement> unnamed_;
  std::unordered_map<std::string, std::shared_ptr<const PreparedStatement>> prepared_;
  std::unordered_map<std::string, std::unique_ptr<Portal>> portals_;
  std::unique_ptr<Portal> unnamed_portal_;
  std::unique_ptr<Execution> spare_;
  std::unique_ptr<Execution> active_;           ///< of the simple query
  std::unique_ptr<Execution> kept_run_;         ///< of run_kept()
  const Execution* running_ = nullptr;          ///< for the position of an error in a literal
  int bind_location_ = -1;                      ///< of an error while names and types are settled
  std::unique_ptr<CopyReader> copying_;         ///< also for the context of an error in COPY FROM
  std::string_view running_text_;               ///< what both locations refer to
  std::shared_ptr<const Rewritten> rewritten_;  ///< what it came from; null: the client wrote it
  std::string tag_;
  std::unordered_map<std::string, std::shared_ptr<const RoutineBody>> routine_bodies_;
  int routine_depth_ = 0;
  struct Listening {
    bool starts;
    size_t level;  ///< how many savepoints there were
    std::string channel;
  };
  std::vector<Listening> listening_;  ///< of this transaction, as the next
  std::vector<std::pair<size_t, Notification>> notifying_;
  NotificationQueue told_;
  bool timeout_armed_ = false;
  bool pipelining_ = false;  ///< something has run since the last Sync

  // Reused by look_up.
  std::string shape_;
  std::vector<LiteralToken> literals_;
  std::vector<base::Oid> described_parameters_;
};

}  // namespace isolde::sql
