#include <pg_query/pg_query.pb-c.h>

#include <charconv>

#include "sql/binder/nodes.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

/// ROLLBACK, ROLLBACK TO and COMMIT are all that a failed block takes.
bool ends_failure(const Statement& statement) {
  if (statement.kind() != StatementKind::kTransaction) return false;
  switch (statement.node().transaction_stmt->kind) {
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_PREPARE:
      return true;
    default:
      return false;
  }
}

std::vector<const Datum*> all_rows(Execution& run, std::span<const ResultColumn> columns,
                                   base::Task& task) {
  std::vector<const Type*> types;
  for (const ResultColumn& column : columns) types.push_back(column.type);
  std::vector<const Datum*> rows;
  while (const Datum* row = run.next()) {
    base::value_or_throw(task.poll());
    rows.push_back(copy_row(row, types, run.arena()));
  }
  return rows;
}

}  // namespace

void Session::Impl::refuse_in_failed(const Statement& statement) const {
  if (transactions_.failed() && !ends_failure(statement)) refuse_failed();
}

void Session::Impl::refuse_failed() {
  sql::fail(base::sqlstate::kInFailedSqlTransaction,
            "current transaction is aborted, commands ignored until end of transaction block");
}

void Session::Impl::begin_statement(const Statement&) {
  base::value_or_throw(task_.poll());
  statement_start_ = base::wall_now();
  transactions_.ensure(statement_start_);
  refresh_style();
  if (settings_.fields().statement_timeout > 0 && !timeout_armed_) {
    auto limit =
        std::chrono::duration_cast<base::SteadyTime::duration>(settings_.statement_timeout());
    task_.set_timeout(base::Interrupt::kStatementTimeout, base::steady_now() + limit);
    timeout_armed_ = true;
  }
}

/// After the last statement of a simple query.
void Session::Impl::end_statement() {
  if (transactions_.status() == TransactionStatus::kIdle) {
    hold_cursors();
    transactions_.end_implicit();
  } else {
    transactions_.expect_several(false);
  }
}

void Session::Impl::select_tag(std::string_view word, int64_t rows) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, rows).ptr;
  tag_.assign(word);
  tag_ += ' ';
  tag_.append(digits, static_cast<size_t>(end - digits));
}

/// The tag of a statement that ran by a plan: it counts the rows given, or those written.
void Session::Impl::plan_tag(const Statement& statement, int64_t rows, int64_t written) {
  switch (statement.node().node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      return select_tag("INSERT 0", written);
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      return select_tag("UPDATE", written);
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      return select_tag("DELETE", written);
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      return select_tag("MERGE", written);
    default:
      return select_tag("SELECT", rows);
  }
}

std::unique_ptr<Execution> Session::Impl::take_execution() {
  if (spare_ != nullptr) return std::move(spare_);
  auto kilobytes = static_cast<size_t>(settings_.fields().statement_memory);
  size_t limit = kilobytes == 0 ? SIZE_MAX : kilobytes << 10;
  return std::make_unique<Execution>(task_, style_, this, limit);
}

void Session::Impl::give_back(std::unique_ptr<Execution> run) {
  run->finish();
  if (spare_ == nullptr) spare_ = std::move(run);
}

/// The statement itself when it is planned, else a planned copy for this one run.
StatementPtr Session::Impl::planned(const StatementPtr& statement) {
  if (statement->plan() != nullptr) return statement;
  auto copy = statement->copy(false);
  copy->prepare(bind_options());
  return copy;
}

void Session::Impl::run_statement(const StatementPtr& statement, ResultSink& sink, bool describe) {
  if (statement->is_planned()) {
    run_select(planned(statement), running_text_, sink, describe);
  } else {
    run_utility(statement, sink, describe);
  }
}

void Session::Impl::run_select(const StatementPtr& statement, std::string_view text,
                               ResultSink& sink, bool describe) {
  transactions_.note_query();
  active_ = take_execution();
  running_ = active_.get();
  start_run(*active_, statement, text, literals_);
  run_active(sink, describe);
}

void Session::Impl::start_run(Execution& run, StatementPtr statement, std::string_view text,
                              std::span<const LiteralToken> literals) {
  // A constant needs no view of the data; in a block it may still be what fixes the snapshot.
  if (!statement->constant() || transactions_.counts_as_block()) {
    driver_.enter(!statement->relations().empty());
    statement = ready(std::move(statement), text, literals);
    driver_.begin_statement();
  }
  run.start(std::move(statement), text, literals);
}

/// All rows of the active run, with their shape in front. A row of constants is computed first, so
/// that an error in it comes alone.
void Session::Impl::run_active(ResultSink& sink, bool describe) {
  const Statement& statement = active_->statement();
  auto columns = statement.columns();
  bool alone = statement.constant();
  const Datum* only = alone ? active_->next() : nullptr;
  // What is written is written to its end before the first row is given.
  const bool writes = statement.writes() && statement.returns_rows();
  std::vector<const Datum*> written;
  if (writes) written = all_rows(*active_, columns, task_);
  if (describe && statement.returns_rows()) base::value_or_throw(sink.columns(columns));
  int64_t rows = alone ? 1 : 0;
  if (alone) {
    base::value_or_throw(sink.row(std::span(only, columns.size()), columns));
  } else if (writes) {
    for (const Datum* row : written) {
      base::value_or_throw(task_.poll());
      base::value_or_throw(sink.row(std::span(row, columns.size()), columns));
    }
    rows = static_cast<int64_t>(written.size());
  } else {
    bool more = false;
    rows = send_rows(*active_, columns, 0, sink, &more);
  }
  running_ = nullptr;
  plan_tag(statement, rows, active_->processed());
  give_back(std::move(active_));
}

int64_t Session::Impl::send_rows(Execution& run, std::span<const ResultColumn> columns,
                                 int64_t max_rows, ResultSink& sink, bool* more) {
  int64_t rows = 0;
  *more = false;
  while (const Datum* row = run.next()) {
    base::value_or_throw(task_.poll());
    base::value_or_throw(sink.row(std::span(row, columns.size()), columns));
    ++rows;
    if (max_rows > 0 && rows == max_rows) {
      *more = true;
      break;
    }
  }
  return rows;
}

void Session::Impl::run_utility(const StatementPtr& statement, ResultSink& sink, bool describe) {
  const PgQuery__Node& node = statement->node();
  switch (statement->kind()) {
    case StatementKind::kSelect:
    case StatementKind::kModify:
      return;
    case StatementKind::kTransaction:
      return run_transaction(*node.transaction_stmt);
    case StatementKind::kSet:
      return run_set(*node.variable_set_stmt);
    case StatementKind::kShow:
      return run_show(node, sink, describe);
    case StatementKind::kExplain:
      return run_explain(*statement, sink, describe);
    case StatementKind::kPrepare:
      return run_prepare(*statement);
    case StatementKind::kExecute:
      return run_execute(*statement, sink, describe);
    case StatementKind::kDeallocate:
      return run_deallocate(node);
    case StatementKind::kDiscard:
      return run_discard(node);
    case StatementKind::kDeclareCursor:
      return run_declare(*statement);
    case StatementKind::kFetch:
      return run_fetch(*node.fetch_stmt, sink, describe);
    case StatementKind::kCloseCursor:
      return run_close(node);
    case StatementKind::kCopy:
      return run_copy(*statement, sink);
    case StatementKind::kSetConstraints:
      return run_set_constraints(*node.constraints_set_stmt);
    case StatementKind::kListen:
      return run_listen(node);
    case StatementKind::kOther:
      if (node.node_case == PG_QUERY__NODE__NODE_VACUUM_STMT) return run_vacuum(*node.vacuum_stmt);
      if (node.node_case == PG_QUERY__NODE__NODE_LOCK_STMT) return run_lock(*statement);
      if (node.node_case == PG_QUERY__NODE__NODE_CALL_STMT) {
        return run_call(*statement, sink, describe);
      }
      if (node.node_case == PG_QUERY__NODE__NODE_DO_STMT) {
        sql::fail(base::sqlstate::kUndefinedObject, "language \"plpgsql\" does not exist");
      }
      if (run_ddl(*statement)) return;
      sql::fail(base::sqlstate::kFeatureNotSupported, statement_name(node) + " is not supported");
  }
}

}  // namespace isolde::sql
