#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__CreateExtensionStmt;

namespace isolde::sql {

/// CREATE EXTENSION: there is one, which every database has from the start.
void create_extension(Definer& d, const PgQuery__CreateExtensionStmt& statement);

}  // namespace isolde::sql
