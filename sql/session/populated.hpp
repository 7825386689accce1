#pragma once

#include "sql/catalog/catalog_image.hpp"
#include "sql/session/statement.hpp"

namespace isolde::sql {

/// 55000 when the statement reads a materialized view that was never filled.
void check_populated(const Statement& statement, const CatalogImage& image);

}  // namespace isolde::sql
