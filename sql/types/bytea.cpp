#include "sql/types/bytea.hpp"

#include <fmt/format.h>

#include "sql/types/arena.hpp"
#include "sql/types/builtin_types.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"
#include "sql/types/output_style.hpp"
#include "sql/types/text_types.hpp"

namespace isolde::sql {

std::string decode_hex(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (is_blank(text[i])) continue;
    int high = hex_digit(text.substr(i));
    if (++i >= text.size()) {
      fail(base::sqlstate::kInvalidParameterValue,
           "invalid hexadecimal data: odd number of digits");
    }
    out += static_cast<char>(high << 4 | hex_digit(text.substr(i)));
  }
  return out;
}

int hex_digit(std::string_view at) {
  int value = hex_value(at[0]);
  if (value >= 0) return value;
  fail(base::sqlstate::kInvalidParameterValue,
       fmt::format("invalid hexadecimal digit: \"{}\"", at.substr(0, utf8_width(at[0]))));
}

void append_hex(std::string& out, std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

std::string read_bytea_escapes(std::string_view text) {
  auto octal = [&](size_t i, char most) { return text[i] >= '0' && text[i] <= most; };
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
    } else if (i + 3 < text.size() && octal(i + 1, '3') && octal(i + 2, '7') && octal(i + 3, '7')) {
      out += static_cast<char>((text[i + 1] - '0') << 6 | (text[i + 2] - '0') << 3 |
                               (text[i + 3] - '0'));
      i += 3;
    } else if (i + 1 < text.size() && text[i + 1] == '\\') {
      out += '\\';
      ++i;
    } else {
      fail(base::sqlstate::kInvalidTextRepresentation, "invalid input syntax for type bytea");
    }
  }
  return out;
}

void append_bytea_escapes(std::string& out, std::string_view bytes) {
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (byte < 0x20 || byte > 0x7e) {
      out += fmt::format("\\{:03o}", byte);
    } else {
      out += c;
    }
  }
}

namespace {

Datum bytea_from_text(const Type&, std::string_view text, int32_t, Arena& arena,
                      const OutputStyle&) {
  if (text.starts_with("\\x")) return arena.bytes(decode_hex(text.substr(2)));
  return arena.bytes(read_bytea_escapes(text));
}

void bytea_to_text(const Type&, Datum value, std::string& out, const OutputStyle& style) {
  switch (style.bytea_output) {
    case ByteaOutput::kHex:
      out += "\\x";
      append_hex(out, value.as_bytes());
      return;
    case ByteaOutput::kEscape:
      append_bytea_escapes(out, value.as_bytes());
      return;
  }
}

Datum bytea_from_binary(const Type&, std::string_view bytes, int32_t, Arena& arena) {
  return arena.bytes(bytes);
}
void bytea_to_binary(const Type&, Datum value, std::string& out) {
  out += value.as_bytes();
}
std::strong_ordering compare_bytea(const Type&, Datum a, Datum b) {
  return compare_bytes(a.as_bytes(), b.as_bytes());
}
uint64_t hash_bytea(const Type&, Datum value) {
  return hash_bytes(value.as_bytes());
}

}  // namespace

const TypeFunctions kByteaFunctions{bytea_from_text, bytea_to_text, bytea_from_binary,
                                    bytea_to_binary, compare_bytea, hash_bytea};

}  // namespace isolde::sql
