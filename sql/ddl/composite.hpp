#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__CompositeTypeStmt;

namespace isolde::sql {

/// CREATE TYPE name AS (...).
void create_composite(Definer& d, const PgQuery__CompositeTypeStmt& statement);

}  // namespace isolde::sql
