#pragma once

#include "sql/catalog/catalog_image.hpp"
#include "sql/types/type.hpp"

namespace isolde::sql {

/// The column stays in its place, as one that was dropped: rows keep its bytes.
void forget_column(ColumnObject& column, int16_t number);
void forget_default(ColumnObject& column);
/// A type that stays, whose values rows hold in the same form: for what is left of a column.
Oid lasting_type(const Type& type);
/// Is the column of this type, or of arrays of it?
bool column_uses_type(const CatalogImage& image, const ColumnObject& column, Oid type);

}  // namespace isolde::sql
