#include "sql/types/float_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdlib>
#include <limits>

#include "sql/types/builtin_types.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"
#include "sql/types/output_style.hpp"

namespace isolde::sql {

namespace {

[[noreturn]] void fail_float_range(std::string_view type, std::string_view text) {
  fail(base::sqlstate::kNumericValueOutOfRange,
       fmt::format("\"{}\" is out of range for type {}", text, type));
}

/// "NaN", "infinity", "-inf", ...
bool parse_special(std::string_view text, double& value) {
  if (equals_ignoring_case(text, "nan")) {
    value = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (!equals_ignoring_case(text, "infinity") && !equals_ignoring_case(text, "inf")) return false;
  value = std::numeric_limits<double>::infinity();
  if (negative) value = -value;
  return true;
}

bool looks_like_zero(std::string_view digits) {
  for (char c : digits) {
    if (c == 'e' || c == 'E') break;
    if (c >= '1' && c <= '9') return false;
  }
  return true;
}

/// strtod's hexadecimal floats are read too; from_chars wants them without the prefix.
std::from_chars_result read_float(const char* begin, const char* end, double& value, bool single) {
  auto format = std::chars_format::general;
  if (end - begin > 2 && begin[0] == '0' && to_lower(begin[1]) == 'x') {
    begin += 2;
    format = std::chars_format::hex;
  }
  if (!single) return std::from_chars(begin, end, value, format);
  float narrow = 0;
  auto result = std::from_chars(begin, end, narrow, format);
  value = narrow;
  return result;
}

double parse_float(std::string_view text, std::string_view type, bool single) {
  std::string_view digits = trim_blanks(text);
  double value = 0;
  if (parse_special(digits, value)) return value;
  bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  // from_chars would read a second sign, and "inf" again.
  if (digits.empty() || !(is_digit(digits[0]) || digits[0] == '.')) fail_syntax(type, text);
  const char* end = digits.data() + digits.size();
  auto result = read_float(digits.data(), end, value, single);
  if (result.ec == std::errc::invalid_argument || result.ptr != end) fail_syntax(type, text);
  bool lost = result.ec == std::errc::result_out_of_range || std::isinf(value);
  if (lost || (value == 0 && !looks_like_zero(digits))) {
    fail_float_range(type, trim_blanks(text));
  }
  return negative ? -value : value;
}

/// Lays out shortest digits as PostgreSQL does: plain between 1e-4 and 10^digits10, else with an
/// exponent of at least two digits.
void append_digits(std::string& out, std::string_view digits, int exponent, int plain_limit) {
  int count = static_cast<int>(digits.size());
  if (exponent < -4 || exponent >= plain_limit) {
    out += digits[0];
    if (count > 1) {
      out += '.';
      out += digits.substr(1);
    }
    out += fmt::format("e{}{:02}", exponent < 0 ? '-' : '+', std::abs(exponent));
  } else if (exponent < 0) {
    out += "0.";
    out.append(static_cast<size_t>(-exponent - 1), '0');
    out += digits;
  } else if (exponent + 1 >= count) {
    out += digits;
    out.append(static_cast<size_t>(exponent + 1 - count), '0');
  } else {
    out += digits.substr(0, static_cast<size_t>(exponent) + 1);
    out += '.';
    out += digits.substr(static_cast<size_t>(exponent) + 1);
  }
}

template <typename Float>
void append_float(std::string& out, Float value, int extra_float_digits) {
  constexpr int kDigits = std::numeric_limits<Float>::digits10;
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::signbit(value)) out += '-';
  value = std::abs(value);
  if (std::isinf(value)) {
    out += "Infinity";
    return;
  }
  if (extra_float_digits <= 0) {
    out += fmt::format("{:.{}g}", value, std::max(kDigits + extra_float_digits, 1));
    return;
  }
  if (value == 0) {
    out += '0';
    return;
  }
  char buffer[40];
  auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  std::string_view text(buffer, static_cast<size_t>(end - buffer));
  size_t e = text.find('e');
  std::string digits;
  for (char c : text.substr(0, e)) {
    if (c != '.') digits += c;
  }
  append_digits(out, digits, std::atoi(std::string(text.substr(e + 1)).c_str()), kDigits);
}

Datum float8_from_text(const Type&, std::string_view text, int32_t, Arena&, const OutputStyle&) {
  return Datum::of_float(parse_float8(text));
}
void float8_to_text(const Type&, Datum value, std::string& out, const OutputStyle& style) {
  append_float8(out, value.as_float(), style.extra_float_digits);
}
Datum float8_from_binary(const Type&, std::string_view bytes, int32_t, Arena&) {
  BinaryReader reader(bytes);
  auto value = std::bit_cast<double>(reader.read<uint64_t>());
  reader.finish();
  return Datum::of_float(value);
}
void float8_to_binary(const Type&, Datum value, std::string& out) {
  append_network(out, std::bit_cast<uint64_t>(value.as_float()));
}

Datum float4_from_text(const Type&, std::string_view text, int32_t, Arena&, const OutputStyle&) {
  return Datum::of_float(parse_float4(text));
}
void float4_to_text(const Type&, Datum value, std::string& out, const OutputStyle& style) {
  append_float4(out, static_cast<float>(value.as_float()), style.extra_float_digits);
}
Datum float4_from_binary(const Type&, std::string_view bytes, int32_t, Arena&) {
  BinaryReader reader(bytes);
  auto value = std::bit_cast<float>(reader.read<uint32_t>());
  reader.finish();
  return Datum::of_float(value);
}
void float4_to_binary(const Type&, Datum value, std::string& out) {
  append_network(out, std::bit_cast<uint32_t>(static_cast<float>(value.as_float())));
}

std::strong_ordering compare_float_datums(const Type&, Datum a, Datum b) {
  return compare_floats(a.as_float(), b.as_float());
}
/// All NaNs alike, and both zeros.
uint64_t hash_float(const Type&, Datum datum) {
  double value = datum.as_float();
  if (value == 0) value = 0;
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return hash_integer(std::bit_cast<uint64_t>(value == 0 ? 0.0 : value));
}

}  // namespace

double parse_float8(std::string_view text) {
  return parse_float(text, "double precision", false);
}
double parse_float4(std::string_view text) {
  return parse_float(text, "real", true);
}
void append_float8(std::string& out, double value, int extra_float_digits) {
  append_float(out, value, extra_float_digits);
}
void append_float4(std::string& out, float value, int extra_float_digits) {
  append_float(out, value, extra_float_digits);
}

const TypeFunctions kFloat4Functions{float4_from_text, float4_to_text,       float4_from_binary,
                                     float4_to_binary, compare_float_datums, hash_float};
const TypeFunctions kFloat8Functions{float8_from_text, float8_to_text,       float8_from_binary,
                                     float8_to_binary, compare_float_datums, hash_float};

}  // namespace isolde::sql
