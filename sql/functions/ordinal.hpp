#pragma once

#include <fmt/format.h>

#include <string_view>

#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

/// The "st", "nd", "rd" or "th" of a number in decimal digits.
inline std::string_view ordinal_suffix(std::string_view digits, bool upper) {
  if (digits.empty() || !is_digit(digits.back())) {
    fail(base::sqlstate::kInvalidTextRepresentation, fmt::format("\"{}\" is not a number", digits));
  }
  bool teen = digits.size() > 1 && digits[digits.size() - 2] == '1';
  switch (teen ? '0' : digits.back()) {
    case '1':
      return upper ? "ST" : "st";
    case '2':
      return upper ? "ND" : "nd";
    case '3':
      return upper ? "RD" : "rd";
    default:
      return upper ? "TH" : "th";
  }
}

}  // namespace isolde::sql
