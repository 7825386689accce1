#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__TruncateStmt;

namespace isolde::sql {

void truncate(Definer& d, const PgQuery__TruncateStmt& statement);
/// New, empty files for a table and its indexes, unless it is empty: other transactions that still
/// need the old rows cannot be, since the lock excludes everyone, and a rollback keeps the old
/// files.
void empty_table(Definer& d, const RelationObject& table);

}  // namespace isolde::sql
