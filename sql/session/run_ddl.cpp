// Statements that change the catalog, from the session's side.

#include "sql/catalog/database.hpp"
#include "sql/ddl/ddl.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

bool Session::Impl::run_ddl(const Statement& statement) {
  if (settings_.fields().transaction_read_only)
    sql::fail(base::sqlstate::kReadOnlySqlTransaction,
              "cannot execute " + statement_name(statement.node()) + " in a read-only transaction");
  transactions_.note_query();
  driver_.enter(true);
  driver_.begin_statement();
  Oid role = role_by_name(*driver_.image(), identity_.user);
  Ddl ddl({.session = *this,
           .text = statement.text(),
           .names = [this]() -> const TableNames& { return names(); },
           .binder_input = [this, &statement] { return binder_input(statement.text()); },
           .role = role});
  return ddl.run(statement.node(), tag_);
}

}  // namespace isolde::sql
