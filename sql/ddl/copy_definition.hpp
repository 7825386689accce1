#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__TableLikeClause;

namespace isolde::sql {

/// LIKE source INCLUDING ...: what is still to be copied once the new table exists.
struct LikeClause {
  RelationPtr source;
  uint32_t options = 0;
  /// By attnum - 1 of the source: attnum in the new table, 0 for dropped ones.
  std::vector<int16_t> columns;
};

/// The columns, and what belongs to them alone.
LikeClause copy_columns(Definer& d, RelationObject& table, const PgQuery__TableLikeClause& clause);
/// Constraints, indexes, comments.
void copy_definitions(Definer& d, const RelationObject& table, const LikeClause& like);

}  // namespace isolde::sql
