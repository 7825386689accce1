#pragma once

#include <string>
#include <string_view>

namespace isolde::sql {

// Upper and lower case by Unicode, one character for one, as the C.UTF-8 locale has it.
std::string to_lower_text(std::string_view text);
std::string to_upper_text(std::string_view text);
/// Each word's first letter upper, the others lower case.
std::string to_title_text(std::string_view text);

}  // namespace isolde::sql
