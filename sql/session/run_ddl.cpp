// Statements that change the catalog, from the session's side.

#include <pg_query/pg_query.pb-c.h>

#include "sql/catalog/database.hpp"
#include "sql/ddl/ddl.hpp"
#include "sql/ddl/lock_table.hpp"
#include "sql/ddl/temporary.hpp"
#include "sql/session/populated.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

Definer Session::Impl::definer(std::string_view text) {
  return Definer(
      {.session = *this,
       .text = text,
       .names = [this]() -> const TableNames& { return names(); },
       .binder_input = [this, text] { return binder_input(text); },
       .require_no_block = [this](std::string_view what) { transactions_.require_no_block(what); },
       .role = role_by_name(*driver_.image(), current_user())});
}

bool Session::Impl::run_ddl(const Statement& statement) {
  if (settings_.fields().transaction_read_only)
    sql::fail(base::sqlstate::kReadOnlySqlTransaction,
              "cannot execute " + statement_name(statement.node()) + " in a read-only transaction");
  transactions_.note_query();
  driver_.enter(true);
  driver_.begin_statement();
  Definer d = definer(statement.text());
  return run_definition(d, statement.node(), tag_);
}

/// No view of the data is needed: under REPEATABLE READ a transaction can lock first and look then.
void Session::Impl::run_lock(const Statement& statement) {
  transactions_.require_block("LOCK TABLE");
  driver_.enter(true);
  Definer d = definer(statement.text());
  lock_tables(d, *statement.node().lock_stmt);
  tag_ = "LOCK TABLE";
}

void Session::Impl::run_internal(
    std::string_view query,
    const std::function<bool(std::span<const Datum>, std::span<const ResultColumn>)>& row,
    bool check_rights) {
  auto parsed = base::value_or_throw(parse_query(query, task_));
  auto statement = std::make_shared<Statement>(std::move(parsed), 0);
  statement->prepare(bind_options());
  lock_relations(*statement);
  if (check_rights) check_privileges(*statement);
  check_populated(*statement, *driver_.image());
  driver_.begin_statement();
  Execution run(task_, style_, this, SIZE_MAX);
  run.start(statement, statement->text(), {});
  while (const Datum* values = run.next()) {
    base::value_or_throw(task_.poll());
    auto columns = statement->columns();
    if (!row(std::span(values, columns.size()), columns)) break;
  }
  run.finish();
}

void Session::Impl::before_commit() {
  checks_.settle(true);
  if (on_commit_tables().empty()) return;
  Definer d = definer("");
  do_on_commit(d);
}

void Session::Impl::drop_temporary() {
  if (driver_.image()->find(ObjectKind::kNamespace, temporary_schema()) == nullptr) return;
  transactions_.ensure(base::wall_now());
  Definer d = definer("");
  drop_temporary_objects(d);
  transactions_.end_implicit();
}

}  // namespace isolde::sql
