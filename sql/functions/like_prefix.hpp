#pragma once

#include <string>
#include <string_view>

namespace isolde::sql {

/// What every text that is LIKE a pattern begins with.
inline std::string like_prefix(std::string_view pattern) {
  std::string prefix;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%' || pattern[i] == '_') break;
    if (pattern[i] == '\\' && ++i == pattern.size()) break;
    prefix += pattern[i];
  }
  return prefix;
}

}  // namespace isolde::sql
