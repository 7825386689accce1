#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sql/types/datum.hpp"

namespace isolde::sql {

class Arena;

// Storage: text, varchar, bpchar (with its padding), name (without), unknown and cstring are their
// UTF-8 bytes; "char" is a byte in Datum::as_int, 0 to 255. Collation is C: byte order, which in
// UTF-8 is the order of code points.

std::strong_ordering compare_bytes(std::string_view a, std::string_view b);

inline constexpr size_t kMaxNameBytes = 63;

/// Cuts to the length of a typmod: blanks always, other characters only when `cut_silently` (an
/// explicit cast), else 22001.
std::string_view fit_varchar(std::string_view text, int32_t typmod, bool cut_silently);
/// The same, and pads with blanks.
Datum fit_bpchar(std::string_view text, int32_t typmod, bool cut_silently, Arena& arena);
/// Cuts to the length of a name, between characters.
std::string_view clip_name(std::string_view text);
constexpr std::string_view without_padding(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}
/// The text form of "char": one byte, or a backslash and three octal digits.
uint8_t read_char(std::string_view text);
void append_char(std::string& out, uint8_t value);

/// Throws 22021 unless the bytes are valid UTF-8 without NUL.
void check_utf8(std::string_view bytes);
/// Appends a code point's character.
void append_utf8(std::string& out, uint32_t code);
/// Code points in valid UTF-8.
size_t utf8_length(std::string_view text);
/// Bytes of the first `characters` code points (or of all of it).
size_t utf8_prefix(std::string_view text, size_t characters);
/// Bytes of the character that starts with this byte.
constexpr size_t utf8_width(char lead) {
  auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

}  // namespace isolde::sql
