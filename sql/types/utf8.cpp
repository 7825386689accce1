#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"

namespace isolde::sql {

namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// Bytes of the valid character at the front, or 0.
size_t valid_width(std::string_view at) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(at[i]); };
  unsigned char lead = byte(0);
  if (lead == 0) return 0;
  if (lead < 0x80) return 1;
  size_t width = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at.size() < width) return 0;
  for (size_t i = 1; i < width; ++i) {
    if (!is_continuation(at[i])) return 0;
  }
  if (lead == 0xe0 && byte(1) < 0xa0) return 0;  // overlong
  if (lead == 0xed && byte(1) > 0x9f) return 0;  // surrogate
  if (lead == 0xf0 && byte(1) < 0x90) return 0;  // overlong
  if (lead == 0xf4 && byte(1) > 0x8f) return 0;  // beyond U+10FFFF
  return width;
}

[[noreturn]] void fail_utf8(std::string_view at) {
  auto lead = static_cast<unsigned char>(at.front());
  bool leads = lead >= 0xc0 && lead < 0xf8;  // else the byte is wrong by itself
  size_t width = leads ? std::min(utf8_width(at.front()), at.size()) : 1;
  std::string bytes;
  for (size_t i = 0; i < width; ++i) {
    bytes += fmt::format("{}0x{:02x}", i > 0 ? " " : "", static_cast<unsigned char>(at[i]));
  }
  fail(base::sqlstate::kCharacterNotInRepertoire,
       "invalid byte sequence for encoding \"UTF8\": " + bytes);
}

}  // namespace

void check_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    size_t width = valid_width(bytes);
    if (width == 0) fail_utf8(bytes);
    bytes.remove_prefix(width);
  }
}

void append_utf8(std::string& out, uint32_t code) {
  auto tail = [&](int shift) { out += static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

size_t utf8_length(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

size_t utf8_prefix(std::string_view text, size_t characters) {
  size_t at = 0;
  while (at < text.size() && characters > 0) {
    at += utf8_width(text[at]);
    --characters;
  }
  return std::min(at, text.size());
}

}  // namespace isolde::sql
