#pragma once

#include "base/ids.hpp"
#include "sql/plan/query.hpp"

namespace isolde::sql {

/// The column of a table or view that a column of a result is, as RowDescription tells it.
struct ColumnOrigin {
  base::Oid table;        ///< 0: an expression
  int16_t attribute = 0;  ///< attnum
};
ColumnOrigin origin_of(const Query& query, const Expr& value);

}  // namespace isolde::sql
