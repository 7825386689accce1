#pragma once

#include "sql/catalog/catalog_image.hpp"
#include "sql/plan/modification.hpp"

namespace isolde::sql {

/// The constraints of a table that are checked once a row of it is written or gone: foreign keys on
/// either side, unique keys at the end of the transaction.
void note_key_rules(RowRules& rules, const CatalogImage& image, Oid table);

}  // namespace isolde::sql
