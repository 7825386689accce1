#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/ddl/definer.hpp"

namespace isolde::sql {

/// A column whose values are made anew when its table is rewritten.
struct NewValue {
  int16_t column = 0;                   ///< attnum
  const PgQuery__Node* expr = nullptr;  ///< over the row as it was; null: the column's default
  bool convert = false;                 ///< no expression: the old value, as the new type
};

/// Writes all rows of a table into a new file, and its indexes after them. `before` is an image
/// with the table as its rows are now; the catalog has it as they are to be. As in PostgreSQL, who
/// still looks by an older snapshot finds the table empty afterwards.
/// The rows come in the order of their pages, or in that of one of the table's indexes.
void rewrite_table(Definer& d, const CatalogImagePtr& before, Oid table,
                   const std::vector<NewValue>& values, Oid index = {});

/// The type of an expression over a table's row, for USING.
const Type& type_of_transform(Definer& d, const PgQuery__Node& node, const RelationObject& table);
/// Can a value of one type become one of another by assignment?
bool can_assign(Definer& d, Oid from, Oid to);
/// The type that a default has before it is fitted to its column.
Oid type_of_default(Definer& d, const RelationObject& table, const ColumnObject& column);
/// What the default of a new column is worked out to once for all rows, in the type's binary form
/// (nothing for NULL). False when every row needs a value of its own.
bool constant_default(Definer& d, const RelationObject& table, const ColumnObject& column,
                      std::optional<std::string>& made);

}  // namespace isolde::sql
