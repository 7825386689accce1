#pragma once

#include <string>

#include "sql/plan/query.hpp"
#include "sql/types/output_style.hpp"

// Bound expressions and queries written back as SQL, in PostgreSQL's spelling: for defaults,
// checks, index expressions and views.
//
//   price > 0        (price > (0)::numeric)         pretty: price > 0::numeric

namespace isolde::sql {

struct ColumnName {
  std::string text;  ///< as it is to be written: quoted, with its table when that is wanted
  const Type* type;  ///< as declared; where an expression uses it as another type, a cast shows
};

/// What the columns are called that an expression reads.
class ColumnNames {
 public:
  virtual ~ColumnNames() = default;
  virtual ColumnName column(int index) const = 0;
};

/// How relations in FROM are called.
class RelationNames {
 public:
  virtual ~RelationNames() = default;
  /// Quoted, with its schema when it is not on the search path.
  virtual std::string relation(const FromItem& item) const;
};

struct DeparseOptions {
  bool pretty = false;  ///< fewer brackets
  OutputStyle style{};  ///< of literals
};

/// pg_get_expr.
std::string deparse_expression(const Expr& expr, const ColumnNames& columns,
                               const DeparseOptions& options = {});
/// pg_get_constraintdef of a CHECK: "CHECK ((a > 0))".
std::string deparse_check(const Expr& expr, const ColumnNames& columns,
                          const DeparseOptions& options = {});
/// As pg_get_indexdef shows an expression: in brackets unless it looks like a function.
std::string deparse_index_expression(const Expr& expr, const ColumnNames& columns,
                                     const DeparseOptions& options = {});
/// pg_get_viewdef: " SELECT t.a\n   FROM t;"
std::string deparse_view(const Query& query, const RelationNames& relations = RelationNames(),
                         const DeparseOptions& options = {});

}  // namespace isolde::sql
