#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isolde::sql {

/// Splits `a, "B c", d`: bare words come out in lower case, quoted ones as they stand ("" inside is
/// one quote). Nothing when the syntax is wrong. An empty text is an empty list.
std::optional<std::vector<std::string>> split_identifier_list(std::string_view text);

/// As it stands when it can be a bare identifier that is no keyword, else in double quotes.
std::string quote_identifier(std::string_view name);

}  // namespace isolde::sql
