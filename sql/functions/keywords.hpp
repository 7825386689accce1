#pragma once

#include <span>
#include <string>
#include <string_view>

namespace isolde::sql {

/// A word of the grammar.
struct Keyword {
  std::string_view word;
  char category;           ///< U: unreserved, C: no function or type, T: those only, R: reserved
  bool bare_label = true;  ///< may name a column without AS
};
std::span<const Keyword> all_keywords();

/// A word that cannot stand bare as an identifier everywhere, and so is quoted.
bool is_reserved_word(std::string_view word);
/// The name as it must be written in SQL.
std::string quoted_identifier(std::string_view name);

}  // namespace isolde::sql
