#pragma once

#include <string_view>

#include "sql/functions/regex.hpp"

namespace isolde::sql {

/// The letters that regexp functions take, for a function without a global mode.
Regex::Flags regexp_flags(std::string_view letters, const char* function);

}  // namespace isolde::sql
