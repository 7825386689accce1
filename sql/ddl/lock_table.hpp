#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__LockStmt;

namespace isolde::sql {

/// LOCK TABLE: tables one after the other, views with what is under them.
void lock_tables(Definer& d, const PgQuery__LockStmt& statement);

}  // namespace isolde::sql
