#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sql/types/array.hpp"
#include "sql/types/char_class.hpp"

// Paths as arrays of text: '{a,0,b}'.

namespace isolde::sql {

/// An array subscript in a path, as C's strtol reads it; nothing when it is no 32-bit integer.
inline std::optional<int32_t> json_subscript(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  if (text.starts_with('+') && text.size() > 1 && is_digit(text[1])) text.remove_prefix(1);
  int32_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

inline std::vector<Datum> json_path_steps(Datum path) {
  ArrayView array(path);
  std::vector<Datum> steps;
  for (int32_t i = 0; i < array.size(); ++i) steps.push_back(array[i]);
  return steps;
}

inline bool has_null(const std::vector<Datum>& steps) {
  for (Datum step : steps) {
    if (step.is_null()) return true;
  }
  return false;
}

}  // namespace isolde::sql
