#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__CommentStmt;

namespace isolde::sql {

void comment_on(Definer& d, const PgQuery__CommentStmt& statement);

}  // namespace isolde::sql
