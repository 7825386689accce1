#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__ViewStmt;

namespace isolde::sql {

void create_view(Definer& d, const PgQuery__ViewStmt& statement);

}  // namespace isolde::sql
