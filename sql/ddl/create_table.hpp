#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__CreateStmt;

namespace isolde::sql {

void create_table(Definer& d, const PgQuery__CreateStmt& statement);

/// An empty table or view of this name, with its numbers but without columns and file. Answers null
/// with a notice when there is one already and `if_not_exists`.
std::shared_ptr<RelationObject> start_relation(Definer& d, const PgQuery__RangeVar& var,
                                               RelationKind kind, bool if_not_exists);

}  // namespace isolde::sql
