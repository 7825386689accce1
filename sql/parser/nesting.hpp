#pragma once

#include <cstddef>
#include <string_view>

namespace isolde::sql {

/// What one pass over a text says about the tree that the parser would make of it.
struct TextMeasure {
  size_t depth = 0;   ///< an upper bound of the tree's depth, in levels of nesting
  size_t tokens = 0;  ///< what the tree's size grows with
};

TextMeasure measure(std::string_view text);

}  // namespace isolde::sql
