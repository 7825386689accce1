#pragma once

#include "sql/catalog/catalog_image.hpp"

namespace isolde::sql {

/// The column stays in its place, as one that was dropped: rows keep its bytes.
void forget_column(ColumnObject& column, int16_t number);
void forget_default(ColumnObject& column);
/// Is the column of this type, or of arrays of it?
bool column_uses_type(const CatalogImage& image, const ColumnObject& column, Oid type);

}  // namespace isolde::sql
