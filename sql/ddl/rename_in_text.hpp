#pragma once

#include <string>

#include "sql/ddl/definer.hpp"

namespace isolde::sql {

/// A column or a table, or both, that is called otherwise from now on.
struct NewNames {
  std::string column_from{}, column_to{};  ///< empty: columns stay
  std::string table_from{}, table_to{};    ///< `table_to` empty: the table stays
};

/// An expression over one table's row, with the new names.
std::string with_new_names(const std::string& text, const NewNames& names);
/// All expressions that a table keeps: defaults and generated columns in `table`, and its checks
/// and indexes, which are put.
void rename_in_texts(Definer& d, RelationObject& table, const NewNames& names);

}  // namespace isolde::sql
