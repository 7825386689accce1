#include "sql/binder/binder.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"
#include "sql/ddl/temporary.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/expr/compiler.hpp"
#include "sql/expr/evaluator.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/settings/setting_rows.hpp"
#include "sql/settings/setting_text.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

bool is_set(const char* text) {
  return text != nullptr && text[0] != '\0';
}

std::optional<IsolationLevel> isolation_of(std::string_view word) {
  if (word == "read uncommitted") return IsolationLevel::kReadUncommitted;
  if (word == "read committed") return IsolationLevel::kReadCommitted;
  if (word == "repeatable read") return IsolationLevel::kRepeatableRead;
  if (word == "serializable") return IsolationLevel::kSerializable;
  return std::nullopt;
}

/// The options of BEGIN and SET TRANSACTION.
TransactionModes modes_of(PgQuery__Node* const* options, size_t count) {
  TransactionModes modes;
  for (size_t i = 0; i < count; ++i) {
    const PgQuery__DefElem& option = *options[i]->def_elem;
    std::string_view name = option.defname;
    std::string value = constant_text(*option.arg);
    if (name == "transaction_isolation") {
      modes.isolation = isolation_of(value);
    } else if (name == "transaction_read_only") {
      modes.read_only = value != "0" && value != "false";
    } else if (name == "transaction_deferrable") {
      modes.deferrable = value != "0" && value != "false";
    }
  }
  return modes;
}

}  // namespace

// --- transactions

void Session::Impl::run_transaction(const PgQuery__TransactionStmt& statement) {
  switch (statement.kind) {
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START:
      transactions_.begin(modes_of(statement.options, statement.n_options));
      tag_ = statement.kind == PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN
                 ? "BEGIN"
                 : "START TRANSACTION";
      return;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT:
      if (!transactions_.failed()) hold_cursors();
      tag_ = transactions_.commit(statement.chain);
      return;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK:
      transactions_.roll_back(statement.chain);
      tag_ = "ROLLBACK";
      return;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_SAVEPOINT:
      transactions_.savepoint(statement.savepoint_name);
      tag_ = "SAVEPOINT";
      return;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_RELEASE:
      transactions_.release(statement.savepoint_name);
      tag_ = "RELEASE";
      return;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO:
      transactions_.roll_back_to(statement.savepoint_name);
      tag_ = "ROLLBACK";
      return;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_PREPARE:
      return prepare_transaction(statement.gid);
    default:
      return finish_prepared(
          statement.gid,
          statement.kind == PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT_PREPARED);
  }
}

// --- settings

void Session::Impl::set_value(const PgQuery__VariableSetStmt& set) {
  std::vector<std::string> words;
  for (size_t i = 0; i < set.n_args; ++i) words.push_back(constant_text(*set.args[i]));
  const SettingDefinition* definition = settings_.find(set.name);
  std::string value = words.empty() ? std::string() : words[0];
  if (definition != nullptr) value = base::value_or_throw(join_set_arguments(*definition, words));
  set_setting(set.name, value, set.is_local);
  // Another session user begins as himself.
  if (std::string_view(set.name) == "session_authorization") {
    set_setting("role", "none", set.is_local);
  }
}

/// SET TRANSACTION and SET SESSION CHARACTERISTICS.
void Session::Impl::set_many(const PgQuery__VariableSetStmt& set) {
  std::string_view name = set.name;
  if (name == "TRANSACTION") {
    set_transaction(modes_of(set.args, set.n_args));
  } else if (name == "SESSION CHARACTERISTICS") {
    for (size_t i = 0; i < set.n_args; ++i) {
      const PgQuery__DefElem& option = *set.args[i]->def_elem;
      std::string value = constant_text(*option.arg);
      set_setting("default_" + std::string(option.defname), value, set.is_local);
    }
  } else {
    sql::fail(base::sqlstate::kFeatureNotSupported,
              "SET " + std::string(name) + " is not supported");
  }
}

void Session::Impl::run_set(const PgQuery__VariableSetStmt& set) {
  tag_ = "SET";
  bool local = set.is_local && set.kind != PG_QUERY__VARIABLE_SET_KIND__VAR_SET_MULTI;
  if (local) transactions_.warn_outside_block("SET LOCAL");
  SetBy by{acts_as_superuser() ? SettingContext::kSuperuser : SettingContext::kUser,
           SettingSource::kSession, set.is_local ? SetAction::kLocal : SetAction::kSet};
  switch (set.kind) {
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE:
      return set_value(set);
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_MULTI:
      return set_many(set);
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_DEFAULT:
      if (std::string_view(set.name) == "session_authorization") {
        base::value_or_throw(settings_.reset("role", by));
      }
      return base::value_or_throw(settings_.reset(set.name, by));
    case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET:
      base::value_or_throw(settings_.reset(set.name, by));
      if (std::string_view(set.name) == "session_authorization") {
        base::value_or_throw(settings_.reset("role", by));
      }
      tag_ = "RESET";
      return;
    case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL:
      settings_.reset_all();
      tag_ = "RESET";
      return;
    default:
      sql::fail(base::sqlstate::kFeatureNotSupported, "SET ... FROM CURRENT is not supported");
  }
}

std::vector<ResultColumn> Session::Impl::show_columns(std::string_view name) const {
  const Type* text = &type_of(types::kText);
  if (name == "all") {
    return {
        {"name", text, -1, {}, 0}, {"setting", text, -1, {}, 0}, {"description", text, -1, {}, 0}};
  }
  const SettingDefinition* definition = settings_.find(name);
  return {{std::string(definition == nullptr ? name : definition->name), text, -1, {}, 0}};
}

void Session::Impl::run_show(const PgQuery__Node& node, ResultSink& sink, bool describe) {
  std::string_view name = node.variable_show_stmt->name;
  std::vector<ResultColumn> columns = show_columns(name);
  tag_ = "SHOW";
  if (name != "all") {
    std::string value = base::value_or_throw(settings_.show(name));
    if (describe) base::value_or_throw(sink.columns(columns));
    Datum row = Datum::of_bytes(value);
    base::value_or_throw(sink.row(std::span(&row, 1), columns));
    return;
  }
  if (describe) base::value_or_throw(sink.columns(columns));
  for (const ShowAllRow& shown : show_all_rows(settings_)) {
    Datum row[] = {Datum::of_bytes(shown.name), Datum::of_bytes(shown.setting),
                   Datum::of_bytes(shown.description)};
    base::value_or_throw(sink.row(row, columns));
  }
}

// --- prepared statements

void Session::Impl::run_prepare(const Statement& statement) {
  const PgQuery__PrepareStmt& prepare = *statement.node().prepare_stmt;
  auto inner = statement.copy(true);
  if (!inner->is_planned()) {
    sql::fail(base::sqlstate::kFeatureNotSupported,
              statement_name(inner->node()) + " is not supported");
  }
  PlanMemory memory;
  Binder binder(binder_input(statement.text()), memory);
  std::vector<base::Oid> types;
  for (size_t i = 0; i < prepare.n_argtypes; ++i) {
    types.push_back(binder.type_named(*prepare.argtypes[i]->type_name).oid);
  }
  inner->prepare(bind_options(types, true));
  auto prepared = std::make_shared<PreparedStatement>();
  prepared->text = statement.text();
  prepared->prepared = statement_start_;
  prepared->from_sql = true;
  prepared->returns_rows = inner->returns_rows();
  prepared->columns.assign(inner->columns().begin(), inner->columns().end());
  prepared->statement = std::move(inner);
  if (!prepared_.emplace(prepare.name, std::move(prepared)).second) {
    sql::fail(base::sqlstate::kDuplicatePstatement,
              "prepared statement " + quoted(prepare.name) + " already exists");
  }
  tag_ = "PREPARE";
}

/// Works out the parameters of EXECUTE name(a, b) in the arena of the run.
void Session::Impl::execute_parameters(const Statement& statement,
                                       const PreparedStatement& prepared, Execution& run) {
  const PgQuery__ExecuteStmt& execute = *statement.node().execute_stmt;
  auto wanted = prepared.statement->parameters();
  if (execute.n_params != wanted.size()) {
    throw base::SqlException(
        base::Error(base::sqlstate::kSyntaxError,
                    "wrong number of parameters for prepared statement " + quoted(execute.name))
            .detail("Expected " + std::to_string(wanted.size()) + " parameters but got " +
                    std::to_string(execute.n_params) + "."));
  }
  std::span<Datum> values = run.parameters(*prepared.statement);
  PlanMemory memory;
  Binder binder(binder_input(statement.text()), memory);
  ExecContext context{task_, style_, this, run.arena(), nullptr, nullptr, nullptr, -1};
  for (size_t i = 0; i < wanted.size(); ++i) {
    const Expr* value = binder.bind_value(*execute.params[i], type_of_parameter(wanted[i]),
                                          Clause::kExecuteParameter);
    Program program = compile(std::span(&value, 1), [](const Query&) -> const Plan* {
      sql::fail(base::sqlstate::kFeatureNotSupported, "cannot use subquery in EXECUTE parameter");
    });
    Datum made = Evaluator(program, context, run.arena()).run(nullptr)[0];
    values[i] = copy_datum(made, type_of_parameter(wanted[i]), run.arena());
  }
}

void Session::Impl::run_execute(const Statement& statement, ResultSink& sink, bool describe) {
  const PgQuery__ExecuteStmt& execute = *statement.node().execute_stmt;
  auto prepared = find_prepared(execute.name);
  if (prepared->statement == nullptr) {
    tag_ = "EXECUTE";
    return;
  }
  const StatementPtr inner = prepared->statement;
  if (!inner->is_planned()) {
    run_utility(inner, sink, describe);
    return;
  }
  transactions_.note_query();
  active_ = take_execution();
  execute_parameters(statement, *prepared, *active_);
  running_text_ = inner->text();
  rewritten_ = inner->rewritten();
  running_ = active_.get();
  start_run(*active_, inner, running_text_, {});
  run_active(sink, describe);
}

void Session::Impl::drop_prepared() {
  unnamed_.reset();
  prepared_.clear();
}

void Session::Impl::run_deallocate(const PgQuery__Node& node) {
  const char* name = node.deallocate_stmt->name;
  if (!is_set(name)) {
    prepared_.clear();
    tag_ = "DEALLOCATE ALL";
    return;
  }
  if (prepared_.erase(name) == 0) {
    sql::fail(base::sqlstate::kUndefinedPstatement,
              "prepared statement " + quoted(name) + " does not exist");
  }
  tag_ = "DEALLOCATE";
}

void Session::Impl::run_discard(const PgQuery__Node& node) {
  switch (node.discard_stmt->target) {
    case PG_QUERY__DISCARD_MODE__DISCARD_PLANS:
      tag_ = "DISCARD PLANS";
      return;
    case PG_QUERY__DISCARD_MODE__DISCARD_SEQUENCES:
      sequence_values().clear();
      tag_ = "DISCARD SEQUENCES";
      return;
    case PG_QUERY__DISCARD_MODE__DISCARD_TEMP:
      if (temporary_schema() != base::Oid{}) {
        Definer d = definer("");
        drop_temporary_objects(d);
      }
      tag_ = "DISCARD TEMP";
      return;
    default:
      break;
  }
  if (pipelining_) {
    sql::fail(base::sqlstate::kActiveSqlTransaction,
              "DISCARD ALL cannot be executed within a pipeline");
  }
  transactions_.require_no_block("DISCARD ALL");
  portals_.clear();
  settings_.reset_all();
  prepared_.clear();
  instance_.notifications().unlisten_all(told_);
  sequence_values().clear();
  if (temporary_schema() != base::Oid{}) {
    Definer d = definer("");
    drop_temporary_objects(d);
  }
  tag_ = "DISCARD ALL";
}

}  // namespace isolde::sql
