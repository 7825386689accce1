#pragma once

#include <string>

#include "sql/ddl/definer.hpp"

struct PgQuery__CreateTableAsStmt;
struct PgQuery__RefreshMatViewStmt;

namespace isolde::sql {

/// CREATE MATERIALIZED VIEW ... AS query [WITH NO DATA].
void create_materialized_view(Definer& d, const PgQuery__CreateTableAsStmt& statement,
                              std::string& tag);
void refresh_materialized_view(Definer& d, const PgQuery__RefreshMatViewStmt& statement);

}  // namespace isolde::sql
