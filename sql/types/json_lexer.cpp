#include "sql/types/json_lexer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/text_types.hpp"

namespace isolde::sql {

namespace {

bool is_word_character(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

constexpr bool is_high_surrogate(uint32_t code) {
  return code >= 0xd800 && code <= 0xdbff;
}
constexpr bool is_low_surrogate(uint32_t code) {
  return code >= 0xdc00 && code <= 0xdfff;
}
constexpr uint32_t join_surrogates(uint32_t high, uint32_t low) {
  return ((high & 0x3ff) << 10) + 0x10000 + (low & 0x3ff);
}

constexpr std::string_view kLowMustFollow = "Unicode low surrogate must follow a high surrogate.";

}  // namespace

void JsonLexer::finish(JsonToken token, size_t end) {
  token_ = token;
  previous_end_ = end_;
  end_ = end;
}

void JsonLexer::next() {
  size_t at = end_;
  while (at < text_.size() &&
         (text_[at] == ' ' || text_[at] == '\t' || text_[at] == '\n' || text_[at] == '\r')) {
    if (text_[at++] == '\n') {
      ++line_;
      line_start_ = at;
    }
  }
  begin_ = at;
  if (at >= text_.size()) return finish(JsonToken::kEnd, at);
  switch (text_[at]) {
    case '{':
      return finish(JsonToken::kObjectBegin, at + 1);
    case '}':
      return finish(JsonToken::kObjectEnd, at + 1);
    case '[':
      return finish(JsonToken::kArrayBegin, at + 1);
    case ']':
      return finish(JsonToken::kArrayEnd, at + 1);
    case ',':
      return finish(JsonToken::kComma, at + 1);
    case ':':
      return finish(JsonToken::kColon, at + 1);
    case '"':
      return lex_string();
    case '-':
      return lex_number(at + 1);
    default:
      return is_digit(text_[at]) ? lex_number(at) : lex_word();
  }
}

void JsonLexer::lex_word() {
  size_t at = begin_;
  while (at < text_.size() && is_word_character(text_[at])) ++at;
  if (at == begin_) fail_token(begin_ + 1);
  std::string_view word = text_.substr(begin_, at - begin_);
  if (word == "true") return finish(JsonToken::kTrue, at);
  if (word == "false") return finish(JsonToken::kFalse, at);
  if (word == "null") return finish(JsonToken::kNull, at);
  fail_token(at);
}

void JsonLexer::lex_number(size_t at) {
  auto digits = [&] {
    size_t first = at;
    while (at < text_.size() && is_digit(text_[at])) ++at;
    return at > first;
  };
  bool good = true;
  if (at < text_.size() && text_[at] == '0') {
    ++at;
  } else {
    good = digits();
  }
  if (at < text_.size() && text_[at] == '.') {
    ++at;
    good &= digits();
  }
  if (at < text_.size() && (text_[at] == 'e' || text_[at] == 'E')) {
    ++at;
    if (at < text_.size() && (text_[at] == '+' || text_[at] == '-')) ++at;
    good &= digits();
  }
  // What is glued to the number belongs to the token, which is wrong then.
  for (; at < text_.size() && is_word_character(text_[at]); ++at) good = false;
  if (!good) fail_token(at);
  finish(JsonToken::kNumber, at);
}

size_t JsonLexer::character_end(size_t at) const {
  return at >= text_.size() ? at : std::min(text_.size(), at + utf8_width(text_[at]));
}

void JsonLexer::lex_string() {
  uint32_t high_surrogate = 0;
  for (size_t at = begin_ + 1;; ++at) {
    if (at >= text_.size()) fail_token(at);
    char c = text_[at];
    if (c == '\\') {
      lex_escape(at, high_surrogate);
      continue;
    }
    if (high_surrogate != 0) fail_at(character_end(at), std::string(kLowMustFollow));
    if (c == '"') return finish(JsonToken::kString, at + 1);
    if (static_cast<unsigned char>(c) < 32) {
      fail_at(at, fmt::format("Character with value 0x{:02x} must be escaped.",
                              static_cast<unsigned>(c)));
    }
  }
}

/// Leaves `at` on the last character of the escape.
void JsonLexer::lex_escape(size_t& at, uint32_t& high_surrogate) {
  if (++at >= text_.size()) fail_token(at);
  char c = text_[at];
  if (c == 'u') return lex_unicode(at, high_surrogate);
  if (high_surrogate != 0) fail_at(character_end(at), std::string(kLowMustFollow));
  if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) {
    begin_ = at;
    size_t end = character_end(at);
    fail_at(end, fmt::format("Escape sequence \"\\{}\" is invalid.", text_.substr(at, end - at)));
  }
}

void JsonLexer::lex_unicode(size_t& at, uint32_t& high_surrogate) {
  uint32_t code = 0;
  for (int i = 0; i < 4; ++i) {
    if (++at >= text_.size()) fail_token(at);
    int digit = hex_value(text_[at]);
    if (digit < 0) {
      fail_at(character_end(at), "\"\\u\" must be followed by four hexadecimal digits.");
    }
    code = code << 4 | static_cast<uint32_t>(digit);
  }
  if (!check_escapes_) return;
  if (is_high_surrogate(code)) {
    if (high_surrogate != 0) {
      fail_at(at + 1, "Unicode high surrogate must not follow a high surrogate.");
    }
    high_surrogate = code;
    return;
  }
  if (is_low_surrogate(code) != (high_surrogate != 0)) {
    fail_at(at + 1, std::string(kLowMustFollow));
  }
  high_surrogate = 0;
  if (code == 0) {
    previous_end_ = end_;
    end_ = at + 1;
    base::Error error(base::sqlstate::kUntranslatableCharacter,
                      "unsupported Unicode escape sequence");
    error.fields().detail = "\\u0000 cannot be converted to text.";
    error.fields().context = context();
    throw base::SqlException(std::move(error));
  }
}

void JsonLexer::fail_token(size_t end) {
  fail_at(end, fmt::format("Token \"{}\" is invalid.", text_.substr(begin_, end - begin_)));
}

void JsonLexer::fail_at(size_t end, const std::string& detail) {
  token_ = JsonToken::kString;  // not the end, whatever was before
  end_ = end;
  fail_syntax(detail);
}

void JsonLexer::fail_expected(JsonExpected what) const {
  if (token_ == JsonToken::kEnd) fail_syntax("The input string ended unexpectedly.");
  auto name = [&]() -> std::string_view {
    switch (what) {
      case JsonExpected::kValue:
        return "JSON value";
      case JsonExpected::kString:
        return "string";
      case JsonExpected::kArrayNext:
        return "\",\" or \"]\"";
      case JsonExpected::kObjectFirst:
        return "string or \"}\"";
      case JsonExpected::kObjectNext:
        return "\",\" or \"}\"";
      case JsonExpected::kColon:
        return "\":\"";
      case JsonExpected::kEnd:
        return "end of input";
    }
    return "";
  };
  fail_syntax(
      fmt::format("Expected {}, but found \"{}\".", name(), text_.substr(begin_, end_ - begin_)));
}

void JsonLexer::fail_syntax(const std::string& detail) const {
  base::Error error(base::sqlstate::kInvalidTextRepresentation,
                    "invalid input syntax for type json");
  error.fields().detail = detail;
  error.fields().context = context();
  throw base::SqlException(std::move(error));
}

/// At most the last fifty bytes of the line, up to the end of the token.
std::string JsonLexer::context() const {
  size_t begin = line_start_;
  size_t end = std::max(end_, begin);
  while (end - begin >= 50) begin = character_end(begin);
  if (begin - line_start_ <= 3) begin = line_start_;
  bool more =
      token_ != JsonToken::kEnd && end < text_.size() && text_[end] != '\n' && text_[end] != '\r';
  return fmt::format("JSON data, line {}: {}{}{}", line_, begin > line_start_ ? "..." : "",
                     text_.substr(begin, end - begin), more ? "..." : "");
}

// --- strings and numbers

namespace {

uint32_t read_code(std::string_view digits) {
  uint32_t code = 0;
  for (char c : digits.substr(0, 4)) code = code << 4 | static_cast<uint32_t>(hex_value(c));
  return code;
}

char plain_escape(char c) {
  switch (c) {
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
      return c;
  }
}

}  // namespace

std::string_view decode_json_string(std::string_view token, std::string& buffer) {
  std::string_view inner = token.substr(1, token.size() - 2);
  if (inner.find('\\') == std::string_view::npos) return inner;
  buffer.clear();
  for (size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] != '\\') {
      buffer += inner[i];
    } else if (inner[++i] != 'u') {
      buffer += plain_escape(inner[i]);
    } else {
      uint32_t code = read_code(inner.substr(i + 1));
      i += 4;
      if (is_high_surrogate(code)) {
        code = join_surrogates(code, read_code(inner.substr(i + 3)));
        i += 6;
      }
      append_utf8(buffer, code);
    }
  }
  return buffer;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (char c : text) {
    switch (c) {
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        if (static_cast<unsigned char>(c) < 32) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

bool is_json_number(std::string_view text) {
  size_t at = 0;
  auto digits = [&] {
    size_t first = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at > first;
  };
  auto take = [&](char a, char b) {
    bool there = at < text.size() && (text[at] == a || text[at] == b);
    at += there ? 1 : 0;
    return there;
  };
  take('-', '-');
  if (!take('0', '0') && !digits()) return false;
  if (take('.', '.') && !digits()) return false;
  if (take('e', 'E')) {
    take('+', '-');
    if (!digits()) return false;
  }
  return at == text.size();
}

}  // namespace isolde::sql
