#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__CreateEnumStmt;
struct PgQuery__AlterEnumStmt;

namespace isolde::sql {

void create_enum(Definer& d, const PgQuery__CreateEnumStmt& statement);
void alter_enum(Definer& d, const PgQuery__AlterEnumStmt& statement);

}  // namespace isolde::sql
