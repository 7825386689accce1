#include "server/config/config_lexer.hpp"

#include <algorithm>

namespace isolde::server {

namespace {

using Kind = ConfigToken::Kind;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_plain_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_letter(char c) {
  return is_plain_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name_char(char c) {
  return is_letter(c) || is_digit(c);
}
bool is_word_char(char c) {
  return is_name_char(c) || c == '-' || c == '.' || c == ':' || c == '/';
}

template <typename Predicate>
size_t run_length(std::string_view text, size_t from, Predicate matches) {
  size_t end = from;
  while (end < text.size() && matches(text[end])) ++end;
  return end - from;
}

Kind kind_of_word(std::string_view word) {
  size_t first = run_length(word, 0, is_name_char);
  if (first == word.size()) return Kind::kName;
  std::string_view second = word.substr(first + 1);
  bool dotted = word[first] == '.' && !second.empty() && is_letter(second.front()) &&
                std::ranges::all_of(second, is_name_char);
  return dotted ? Kind::kDottedName : Kind::kWord;
}

/// 10, 0x1F, 90s, -1.5e3; 0 when it is no number.
size_t number_length(std::string_view text) {
  auto is_hex = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  size_t begin = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  if (text.substr(begin).starts_with("0x")) {
    size_t digits = run_length(text, begin + 2, is_hex);
    size_t end = begin + 2 + digits;
    if (digits > 0) return end + run_length(text, end, is_plain_letter);
  }
  size_t whole = run_length(text, begin, is_digit);
  size_t end = begin + whole;
  bool real = end < text.size() && text[end] == '.';
  size_t fraction = real ? run_length(text, end + 1, is_digit) : 0;
  if (whole + fraction == 0) return 0;
  if (real) end += 1 + fraction;
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    size_t sign = end + 1 < text.size() && (text[end + 1] == '-' || text[end + 1] == '+') ? 1 : 0;
    size_t exponent = run_length(text, end + 1 + sign, is_digit);
    if (exponent > 0) return end + 1 + sign + exponent;
  }
  return end + run_length(text, end, is_plain_letter);
}

/// From the opening to the closing quote, on one line; 0 when it does not close.
size_t string_length(std::string_view text) {
  for (size_t i = 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '\n') {
      ++i;
    } else if (text[i] == '\'') {
      bool doubled = i + 1 < text.size() && text[i + 1] == '\'';
      if (!doubled) return i + 1;
      ++i;
    }
  }
  return 0;
}

}  // namespace

void ConfigLexer::skip_blanks() {
  while (!rest_.empty()) {
    char c = rest_.front();
    if (c == '#') {
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    } else if (c == ' ' || c == '\t' || c == '\r') {
      rest_.remove_prefix(1);
    } else {
      return;
    }
  }
}

ConfigToken ConfigLexer::take(Kind kind, size_t length) {
  ConfigToken token{kind, rest_.substr(0, length)};
  rest_.remove_prefix(length);
  return token;
}

ConfigToken ConfigLexer::next() {
  skip_blanks();
  if (rest_.empty()) return {};
  char c = rest_.front();
  if (c == '\n') return take(Kind::kNewline, 1);
  if (c == '=') return take(Kind::kEquals, 1);
  if (c == '\'') {
    size_t length = string_length(rest_);
    return length > 0 ? take(Kind::kString, length) : take(Kind::kBad, 1);
  }
  if (is_letter(c)) {
    size_t length = run_length(rest_, 0, is_word_char);
    return take(kind_of_word(rest_.substr(0, length)), length);
  }
  size_t length = number_length(rest_);
  return length > 0 ? take(Kind::kNumber, length) : take(Kind::kBad, 1);
}

namespace {

/// Reads what stands behind a backslash; moves `i` to its last character.
char escaped_char(std::string_view text, size_t& i) {
  switch (text[i]) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      break;
  }
  auto is_octal = [&](size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '7'; };
  if (!is_octal(i)) return text[i];
  int value = text[i] - '0';
  for (int more = 0; more < 2 && is_octal(i + 1); ++more) value = value * 8 + (text[++i] - '0');
  return static_cast<char>(value);
}

}  // namespace

std::string unquote_config_string(std::string_view quoted) {
  std::string_view inner = quoted.substr(1, quoted.size() - 2);
  std::string value;
  for (size_t i = 0; i < inner.size(); ++i) {
    bool more = i + 1 < inner.size();
    if (inner[i] == '\\' && more) {
      value += escaped_char(inner, ++i);
    } else {
      if (inner[i] == '\'' && more) ++i;
      value += inner[i];
    }
  }
  return value;
}

}  // namespace isolde::server
