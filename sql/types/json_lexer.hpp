#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace isolde::sql {

enum class JsonToken : uint8_t {
  kEnd,
  kString,
  kNumber,
  kTrue,
  kFalse,
  kNull,
  kObjectBegin,
  kObjectEnd,
  kArrayBegin,
  kArrayEnd,
  kComma,
  kColon,
};

/// What a parser looked for when it found something else.
enum class JsonExpected : uint8_t {
  kValue,
  kString,
  kArrayNext,
  kObjectFirst,
  kObjectNext,
  kColon,
  kEnd,
};

/// Cuts a JSON text into tokens. Throws 22P02 with the place as context.
class JsonLexer {
 public:
  /// With `check_escapes`, \u escapes must stand for characters (surrogates in pairs, no NUL), so
  /// that decode() can read every string.
  JsonLexer(std::string_view text, bool check_escapes)
      : text_(text), check_escapes_(check_escapes) {}

  /// Steps to the next token.
  void next();
  JsonToken token() const { return token_; }
  /// The token is text[begin, end), quotes included.
  size_t begin() const { return begin_; }
  size_t end() const { return end_; }
  /// Where the token before this one ended.
  size_t previous_end() const { return previous_end_; }
  [[noreturn]] void fail_expected(JsonExpected what) const;

 private:
  void lex_string();
  void lex_escape(size_t& at, uint32_t& high_surrogate);
  void lex_unicode(size_t& at, uint32_t& high_surrogate);
  void lex_number(size_t at);
  void lex_word();
  size_t character_end(size_t at) const;
  void finish(JsonToken token, size_t end);
  [[noreturn]] void fail_token(size_t end);
  [[noreturn]] void fail_at(size_t end, const std::string& detail);
  [[noreturn]] void fail_syntax(const std::string& detail) const;
  std::string context() const;

  std::string_view text_;
  bool check_escapes_;
  JsonToken token_ = JsonToken::kEnd;
  size_t begin_ = 0;
  size_t end_ = 0;
  size_t previous_end_ = 0;
  size_t line_start_ = 0;
  int line_ = 1;
};

/// The value of a string token (with its quotes) that was lexed with check_escapes. Its bytes are
/// in `token` itself or, where there are escapes, in `buffer`.
std::string_view decode_json_string(std::string_view token, std::string& buffer);
/// Appends a text as a JSON string, quotes and escapes included.
void append_json_string(std::string& out, std::string_view text);
/// Whether a text is a number as JSON writes it.
bool is_json_number(std::string_view text);

}  // namespace isolde::sql
