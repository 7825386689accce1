#pragma once

#include <string>

#include "sql/ddl/definer.hpp"

struct PgQuery__CreateTableAsStmt;
struct PgQuery__SelectStmt;

namespace isolde::sql {

/// CREATE TABLE ... AS query [WITH NO DATA].
void create_table_as(Definer& d, const PgQuery__CreateTableAsStmt& statement, std::string& tag);
/// Is it SELECT ... INTO table?
bool has_into(const PgQuery__SelectStmt& select);
void select_into(Definer& d, const PgQuery__SelectStmt& select, std::string& tag);

}  // namespace isolde::sql
