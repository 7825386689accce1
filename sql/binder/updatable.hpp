#pragma once

#include <string_view>

struct PgQuery__SelectStmt;

namespace isolde::sql {

struct Query;

/// Why rows cannot be changed through a view of this query, as PostgreSQL's DETAIL says it; empty
/// when they can. `bound` may be null: then only what the text says is looked at.
std::string_view why_not_updatable(const PgQuery__SelectStmt& select, const Query* bound);

}  // namespace isolde::sql
