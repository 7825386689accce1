#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/dialect/rewrite.hpp"

namespace isolde::sql::dialect {

/// Changes to a text, noted while it is read and made at the end. They do not overlap: of two that
/// would, the first one noted wins.
class Edits {
 public:
  /// Puts `text` in the place of [begin, end); with begin == end before what stands there.
  void replace(size_t begin, size_t end, std::string text);
  bool empty() const { return edits_.empty(); }

  /// The text with all changes made, and where each of its runs comes from.
  Rewritten apply(std::string_view text) const;

 private:
  struct Edit {
    size_t begin;
    size_t end;
    std::string text;
  };
  std::vector<Edit> edits_;  ///< in the order of the text
};

}  // namespace isolde::sql::dialect
