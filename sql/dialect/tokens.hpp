#pragma once

#include <string_view>
#include <vector>

#include "sql/settings/setting_fields.hpp"

namespace isolde::sql::dialect {

enum class Kind : uint8_t {
  kWord,         ///< not quoted
  kQuotedWord,   ///< "name"
  kForeignName,  ///< `name` or [name]
  kVariable,     ///< @@name, @@scope.name
  kInteger,
  kDecimal,
  kString,
  kParameter,
  kMark,     ///< operators and punctuation
  kComment,  ///< from # to the end of the line
  kBatch,    ///< a line with nothing but GO
};

struct Token {
  Kind kind;
  size_t begin = 0;
  size_t end = 0;
};

/// The tokens of a text as someone reads it who writes in this dialect. What is quoted by
/// PostgreSQL's rules stays one token, whatever stands in it.
std::vector<Token> tokens_of(std::string_view text, Dialect dialect);

}  // namespace isolde::sql::dialect
