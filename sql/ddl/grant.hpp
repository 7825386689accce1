#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__GrantStmt;
struct PgQuery__AlterDefaultPrivilegesStmt;

namespace isolde::sql {

/// GRANT and REVOKE on tables, columns, sequences, schemas, databases, types and functions.
void grant_privileges(Definer& d, const PgQuery__GrantStmt& statement);
void alter_default_privileges(Definer& d, const PgQuery__AlterDefaultPrivilegesStmt& statement);

/// The privileges that a statement lists, as far as they stand without columns; all that there are
/// when it lists none. 0LP01 for those that there are not on `what` ("table", "schema", ...).
uint32_t privileges_of(const PgQuery__GrantStmt& statement, uint32_t possible,
                       std::string_view what);
/// The grantees, 0 for PUBLIC.
std::vector<Oid> grantees_of(Definer& d, const PgQuery__GrantStmt& statement);
/// The privileges of one name; 42601 for what is none.
uint32_t privilege_named(std::string_view name);

}  // namespace isolde::sql
