#pragma once

#include <compare>
#include <cstddef>
#include <string_view>

namespace isolde::sql {

// Storage: text, varchar, bpchar (with its padding), name (without), unknown and cstring are their
// UTF-8 bytes. Collation is C: byte order, which in UTF-8 is the order of code points.

std::strong_ordering compare_bytes(std::string_view a, std::string_view b);

/// Throws 22021 unless the bytes are valid UTF-8 without NUL.
void check_utf8(std::string_view bytes);
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
