#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__AlterRoleSetStmt;
struct PgQuery__AlterDatabaseSetStmt;

namespace isolde::sql {

// ALTER ROLE ... [IN DATABASE ...] SET, ALTER DATABASE ... SET: what new sessions begin with.

void alter_role_settings(Definer& d, const PgQuery__AlterRoleSetStmt& statement);
void alter_database_settings(Definer& d, const PgQuery__AlterDatabaseSetStmt& statement);

}  // namespace isolde::sql
