#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/numeric.hpp"

namespace isolde::sql {

namespace {

[[noreturn]] void fail_overflow() {
  fail(base::sqlstate::kNumericValueOutOfRange, "value overflows numeric format");
}

/// The decimal digits of "[sign] digits [. digits] [e exponent]".
struct Decimal {
  bool negative = false;
  std::string digits;
  int64_t point = 0;  ///< so many of the digits are before the decimal point
  int64_t scale = 0;
};

/// Reads "e-12" at the front of `rest`; false when it is no exponent.
bool read_exponent(std::string_view& rest, int64_t& exponent) {
  if (rest.empty() || to_lower(rest[0]) != 'e') return true;
  rest.remove_prefix(1);
  bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest.empty() || !is_digit(rest[0])) return false;
  auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
  constexpr int64_t kLimit = std::numeric_limits<int32_t>::max() / 2;
  if (error != std::errc() || exponent >= kLimit) fail_overflow();
  rest.remove_prefix(static_cast<size_t>(end - rest.data()));
  if (negative) exponent = -exponent;
  return true;
}

bool read_decimal(std::string_view text, Decimal& decimal) {
  decimal.negative = text.starts_with('-');
  if (decimal.negative || text.starts_with('+')) text.remove_prefix(1);
  bool after_point = false;
  size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '.' && !after_point) {
      after_point = true;
    } else if (is_digit(text[i])) {
      decimal.digits += text[i];
      decimal.point += after_point ? 0 : 1;
      decimal.scale += after_point ? 1 : 0;
    } else {
      break;
    }
  }
  if (decimal.digits.empty()) return false;
  std::string_view rest = text.substr(i);
  int64_t exponent = 0;
  if (!read_exponent(rest, exponent) || !rest.empty()) return false;
  decimal.point += exponent;
  decimal.scale = std::max<int64_t>(0, decimal.scale - exponent);
  return true;
}

Numeric from_decimal(const Decimal& decimal) {
  constexpr int kStep = Numeric::kBaseDigits;
  std::string_view digits = decimal.digits;
  int64_t point = decimal.point;
  while (!digits.empty() && digits[0] == '0') {
    digits.remove_prefix(1);
    --point;
  }
  if (digits.empty())
    return Numeric::make(
        false, 0, static_cast<int>(std::min<int64_t>(decimal.scale, Numeric::kMaxScale + 1)), {});
  // The base digit of the first decimal digit, and where in it that stands.
  int64_t weight = point > 0 ? (point - 1) / kStep : -((-point) / kStep) - 1;
  if (weight > 40000 || weight < -40000 || decimal.scale > Numeric::kMaxScale) fail_overflow();
  auto lead = static_cast<size_t>((weight + 1) * kStep - point);
  Numeric::Digits out;
  out.resize((lead + digits.size() + kStep - 1) / kStep);
  for (size_t i = 0; i < out.size() * kStep; ++i) {
    bool given = i >= lead && i - lead < digits.size();
    int16_t& to = out[i / kStep];
    to = static_cast<int16_t>(to * 10 + (given ? digits[i - lead] - '0' : 0));
  }
  return Numeric::make(decimal.negative, static_cast<int>(weight), static_cast<int>(decimal.scale),
                       std::move(out));
}

bool parse_special(std::string_view text, Numeric& value) {
  if (equals_ignoring_case(text, "nan")) {
    value = Numeric(Numeric::Kind::kNan);
    return true;
  }
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (!equals_ignoring_case(text, "infinity") && !equals_ignoring_case(text, "inf")) return false;
  value = Numeric(negative ? Numeric::Kind::kMinusInfinity : Numeric::Kind::kInfinity);
  return true;
}

}  // namespace

Numeric Numeric::parse(std::string_view text) {
  std::string_view trimmed = trim_blanks(text);
  Numeric special;
  if (parse_special(trimmed, special)) return special;
  Decimal decimal;
  if (!read_decimal(trimmed, decimal)) fail_syntax("numeric", text);
  return from_decimal(decimal);
}

void Numeric::append_to(std::string& out) const {
  switch (kind_) {
    case Kind::kNan:
      out += "NaN";
      return;
    case Kind::kInfinity:
      out += "Infinity";
      return;
    case Kind::kMinusInfinity:
      out += "-Infinity";
      return;
    case Kind::kFinite:
      break;
  }
  auto digit = [&](int i) {
    bool given = i >= 0 && static_cast<size_t>(i) < digits_.size();
    return given ? digits_[static_cast<size_t>(i)] : int16_t{0};
  };
  if (negative_) out += '-';
  if (weight_ < 0) out += '0';
  for (int i = 0; i <= weight_; ++i) {
    fmt::format_to(std::back_inserter(out), fmt::runtime(i == 0 ? "{}" : "{:04}"), digit(i));
  }
  if (scale_ == 0) return;
  out += '.';
  size_t end = out.size() + static_cast<size_t>(scale_);
  for (int i = weight_ + 1; out.size() < end; ++i) {
    fmt::format_to(std::back_inserter(out), "{:04}", digit(i));
  }
  out.resize(end);
}

std::string Numeric::to_string() const {
  std::string out;
  append_to(out);
  return out;
}

}  // namespace isolde::sql
