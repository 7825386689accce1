#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__CreateSchemaStmt;
struct PgQuery__RoleSpec;

namespace isolde::sql {

void create_schema(Definer& d, const PgQuery__CreateSchemaStmt& statement);
/// A role as statements name it: by name, CURRENT_USER, ...
Oid role_of(Definer& d, const PgQuery__RoleSpec& spec);

}  // namespace isolde::sql
