#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__CreateDomainStmt;
struct PgQuery__AlterDomainStmt;

namespace isolde::sql {

void create_domain(Definer& d, const PgQuery__CreateDomainStmt& statement);
void alter_domain(Definer& d, const PgQuery__AlterDomainStmt& statement);

}  // namespace isolde::sql
