#include "sql/parser/lexer.hpp"

#include <array>

namespace isolde::sql {

namespace {

enum CharClass : uint8_t {
  kBlank = 1,
  kDigit = 2,
  kWordStart = 4,
  kWordPart = 8,
  kOperatorChar = 16,
};

constexpr std::array<uint8_t, 256> make_classes() {
  std::array<uint8_t, 256> classes{};
  for (char c : {' ', '\t', '\n', '\r', '\f', '\v'}) classes[static_cast<uint8_t>(c)] = kBlank;
  for (int c = '0'; c <= '9'; ++c) classes[c] = kDigit | kWordPart;
  for (int c = 'a'; c <= 'z'; ++c) classes[c] = kWordStart | kWordPart;
  for (int c = 'A'; c <= 'Z'; ++c) classes[c] = kWordStart | kWordPart;
  for (int c = 128; c < 256; ++c) classes[c] = kWordStart | kWordPart;
  classes['_'] = kWordStart | kWordPart;
  classes['$'] = kWordPart;
  for (char c : std::string_view("+-*/<>=~!@#%^&|`?")) {
    classes[static_cast<uint8_t>(c)] = kOperatorChar;
  }
  return classes;
}

constexpr std::array<uint8_t, 256> kClasses = make_classes();

bool has(char c, CharClass kind) {
  return (kClasses[static_cast<uint8_t>(c)] & kind) != 0;
}

}  // namespace

bool is_keyword(std::string_view word, std::string_view keyword) {
  if (word.size() != keyword.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    char c = word[i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    if (c != keyword[i]) return false;
  }
  return true;
}

void Lexer::skip_block_comment() {
  int depth = 0;
  do {
    if (peek() == '/' && peek(1) == '*') {
      ++depth;
      at_ += 2;
    } else if (peek() == '*' && peek(1) == '/') {
      --depth;
      at_ += 2;
    } else {
      ++at_;
    }
  } while (depth > 0 && at_ < text_.size());
}

void Lexer::skip_blank() {
  while (at_ < text_.size()) {
    if (has(text_[at_], kBlank)) {
      ++at_;
    } else if (text_[at_] == '-' && peek(1) == '-') {
      while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    } else if (text_[at_] == '/' && peek(1) == '*') {
      skip_block_comment();
    } else {
      return;
    }
  }
}

/// Stands on the opening quote; goes behind the closing one. A doubled quote stands for itself.
void Lexer::skip_quoted(char quote, bool backslashes) {
  ++at_;
  while (at_ < text_.size()) {
    char c = text_[at_++];
    if (backslashes && c == '\\') {
      if (at_ < text_.size()) ++at_;
    } else if (c == quote) {
      if (peek() != quote) return;
      ++at_;
    }
  }
}

Token Lexer::word(size_t begin) {
  char first = text_[begin];
  bool lone = begin + 1 < text_.size() && text_[begin + 1] == '\'';
  if (lone && std::string_view("eEbBxXnN").find(first) != std::string_view::npos) {
    at_ = begin + 1;
    skip_quoted('\'', first == 'e' || first == 'E');
    return finish(TokenKind::kOtherString, begin);
  }
  if ((first == 'u' || first == 'U') && peek(1) == '&' && (peek(2) == '\'' || peek(2) == '"')) {
    char quote = peek(2);
    at_ = begin + 2;
    skip_quoted(quote, false);
    return finish(quote == '"' ? TokenKind::kQuotedWord : TokenKind::kOtherString, begin);
  }
  while (at_ < text_.size() && has(text_[at_], kWordPart)) ++at_;
  return finish(TokenKind::kWord, begin);
}

Token Lexer::number(size_t begin) {
  bool decimal = false;
  while (has(peek(), kDigit)) ++at_;
  if (peek() == '.' && peek(1) != '.') {
    decimal = true;
    ++at_;
    while (has(peek(), kDigit)) ++at_;
  }
  if (peek() == 'e' || peek() == 'E') {
    size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if (has(peek(1 + sign), kDigit)) {
      decimal = true;
      at_ += 1 + sign;
      while (has(peek(), kDigit)) ++at_;
    }
  }
  return finish(decimal ? TokenKind::kDecimal : TokenKind::kInteger, begin);
}

/// A parameter, or a string in dollar quotes, or a stray dollar.
Token Lexer::dollar(size_t begin) {
  ++at_;
  if (has(peek(), kDigit)) {
    while (has(peek(), kDigit)) ++at_;
    return finish(TokenKind::kParameter, begin);
  }
  size_t tag_end = at_;
  while (tag_end < text_.size() && text_[tag_end] != '$' && has(text_[tag_end], kWordPart)) {
    ++tag_end;
  }
  if (tag_end >= text_.size() || text_[tag_end] != '$') {
    return finish(TokenKind::kPunctuation, begin);
  }
  std::string_view tag = text_.substr(begin, tag_end + 1 - begin);
  size_t close = text_.find(tag, tag_end + 1);
  at_ = close == std::string_view::npos ? text_.size() : close + tag.size();
  return finish(TokenKind::kOtherString, begin);
}

/// An operator ends where a comment begins.
Token Lexer::operator_run(size_t begin) {
  while (has(peek(), kOperatorChar)) {
    bool comment = (peek() == '-' && peek(1) == '-') || (peek() == '/' && peek(1) == '*');
    if (comment) break;
    ++at_;
  }
  return finish(TokenKind::kOperator, begin);
}

Token Lexer::next() {
  skip_blank();
  size_t begin = at_;
  if (at_ >= text_.size()) return finish(TokenKind::kEnd, begin);
  char c = text_[at_];
  if (has(c, kWordStart)) return word(begin);
  if (has(c, kDigit) || (c == '.' && has(peek(1), kDigit))) return number(begin);
  if (c == '\'') {
    skip_quoted('\'', false);
    return finish(TokenKind::kString, begin);
  }
  if (c == '"') {
    skip_quoted('"', false);
    return finish(TokenKind::kQuotedWord, begin);
  }
  if (c == '$') return dollar(begin);
  if (has(c, kOperatorChar)) return operator_run(begin);
  at_ += c == ':' && peek(1) == ':' ? 2 : 1;
  return finish(at_ - begin == 2 ? TokenKind::kOperator : TokenKind::kPunctuation, begin);
}

}  // namespace isolde::sql
