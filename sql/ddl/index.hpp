#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__IndexStmt;
struct PgQuery__ReindexStmt;
struct PgQuery__Constraint;

namespace isolde::sql {

/// An index to be made.
struct IndexSpec {
  std::string name;
  IndexObject about;           ///< its `table` is filled in
  std::vector<int16_t> reads;  ///< columns that expressions and predicate are made of
  std::vector<Oid> needs;      ///< functions and types of those
  std::vector<std::string> options;
};

/// Makes the index over a table; over rows that are there already with `build`. Its name is free.
RelationPtr make_index(Definer& d, const RelationObject& table, IndexSpec spec, bool build);
/// A key over a plain column; fails when its type has no order.
IndexKeyObject plain_key(Definer& d, const RelationObject& table, int16_t column);
/// Files made anew and filled from the table.
void rebuild_index(Definer& d, const RelationObject& index);

void create_index(Definer& d, const PgQuery__IndexStmt& statement);
void reindex(Definer& d, const PgQuery__ReindexStmt& statement);

}  // namespace isolde::sql
