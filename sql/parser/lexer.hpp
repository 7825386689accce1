#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace isolde::sql {

/// What a piece of SQL text is, as far as one pass over the bytes can tell. Follows the rules of
/// PostgreSQL's scanner with standard_conforming_strings on; it never fails: text that the real
/// scanner refuses comes back as some token, and the parser reports the error.
enum class TokenKind : uint8_t {
  kEnd,
  kWord,         ///< keyword or identifier, not quoted
  kQuotedWord,   ///< "identifier", U&"identifier"
  kInteger,      ///< decimal digits only
  kDecimal,      ///< a number with a point or an exponent
  kString,       ///< '...' without any prefix
  kOtherString,  ///< E'', B'', X'', N'', U&'', $tag$...$tag$
  kParameter,    ///< $1
  kOperator,     ///< a run of operator characters, and ::
  kPunctuation,  ///< one of ( ) [ ] , ; . :
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  size_t begin = 0;
  size_t end = 0;
};

/// Splits SQL text into tokens; comments and white space are skipped.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next();
  /// Goes on from here; for what other dialects put between tokens.
  void seek(size_t at) { at_ = at; }
  std::string_view text(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }

 private:
  void skip_blank();
  void skip_block_comment();
  void skip_quoted(char quote, bool backslashes);
  Token finish(TokenKind kind, size_t begin) const { return {kind, begin, at_}; }
  Token word(size_t begin);
  Token number(size_t begin);
  Token dollar(size_t begin);
  Token operator_run(size_t begin);
  char peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string_view text_;
  size_t at_ = 0;
};

/// Compares an unquoted word with a keyword in lower case.
bool is_keyword(std::string_view word, std::string_view keyword);

}  // namespace isolde::sql
