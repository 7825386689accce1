#pragma once

#include <string>
#include <string_view>

namespace isolde::sql {

// Storage: the bytes.

/// "00ff", with blanks between digits ignored; throws 22023.
std::string decode_hex(std::string_view text);
/// The value of the digit at the front; throws 22023.
int hex_digit(std::string_view at);
void append_hex(std::string& out, std::string_view bytes);
/// The escape format: bytes that do not print as a backslash and three octal digits.
std::string read_bytea_escapes(std::string_view text);
void append_bytea_escapes(std::string& out, std::string_view bytes);

}  // namespace isolde::sql
