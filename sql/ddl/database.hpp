#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__CreatedbStmt;
struct PgQuery__AlterDatabaseStmt;
struct PgQuery__AlterDatabaseSetStmt;
struct PgQuery__DropdbStmt;

namespace isolde::sql {

/// CREATE DATABASE name WITH concurrency = '...': the only option beside PostgreSQL's.
void create_database(Definer& d, const PgQuery__CreatedbStmt& statement);
void alter_database(Definer& d, const PgQuery__AlterDatabaseStmt& statement);
void drop_database(Definer& d, const PgQuery__DropdbStmt& statement);
void rename_database(Definer& d, std::string_view from, std::string_view to);
/// By name; 3D000 when there is none.
std::shared_ptr<const DatabaseObject> database_named(Definer& d, std::string_view name);

}  // namespace isolde::sql
