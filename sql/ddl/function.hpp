#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__CreateFunctionStmt;
struct PgQuery__AlterFunctionStmt;

namespace isolde::sql {

/// CREATE FUNCTION and CREATE PROCEDURE, in SQL.
void create_function(Definer& d, const PgQuery__CreateFunctionStmt& statement);
/// ALTER FUNCTION ... IMMUTABLE, STRICT, SECURITY DEFINER, COST, ...
std::string_view alter_function(Definer& d, const PgQuery__AlterFunctionStmt& statement);

}  // namespace isolde::sql
