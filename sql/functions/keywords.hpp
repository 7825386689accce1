#pragma once

#include <string>
#include <string_view>

namespace isolde::sql {

/// A word that cannot stand bare as an identifier everywhere, and so is quoted.
bool is_reserved_word(std::string_view word);
/// The name as it must be written in SQL.
std::string quoted_identifier(std::string_view name);

}  // namespace isolde::sql
