#include <fmt/format.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>

#include "sql/functions/declaration.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/functions/number_picture.hpp"
#include "sql/functions/range_check.hpp"
#include "sql/types/numeric.hpp"
#include "sql/types/typmod.hpp"

// to_char and to_number for numbers.

namespace isolde::sql {

namespace {

std::string roman_digits(int64_t number) {
  struct Letters {
    int64_t value;
    const char* text;
  };
  static constexpr Letters kLetters[] = {
      {1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
      {40, "XL"},  {10, "X"},   {9, "IX"},  {5, "V"},    {4, "IV"},  {1, "I"}};
  if (number < 1 || number > 3999) return std::string(15, '#');
  std::string out;
  for (const Letters& letters : kLetters) {
    for (; number >= letters.value; number -= letters.value) out += letters.text;
  }
  return out;
}

/// What does not fit: "###.##".
std::string overflow_marks(const NumberPicture& picture) {
  std::string marks(static_cast<size_t>(picture.before + picture.behind + 1), '#');
  marks[static_cast<size_t>(picture.before)] = '.';
  return marks;
}

/// What has no exponent: " #.#######".
std::string scientific_marks(const NumberPicture& picture) {
  std::string marks(static_cast<size_t>(picture.before + picture.behind + 6), '#');
  marks[0] = ' ';
  marks[static_cast<size_t>(picture.before + 1)] = '.';
  return marks;
}

/// Fits a number's text, which may begin with a minus, to the places before the point.
Datum write_digits(CallContext& context, const NumberPicture& picture, std::string text) {
  NumberToWrite number;
  if (text.starts_with('-')) {
    number.sign = '-';
    text.erase(0, 1);
  }
  auto has = static_cast<int>(std::min(text.find('.'), text.size()));
  number.blanks = std::max(0, picture.before - has);
  number.digits = has > picture.before ? overflow_marks(picture) : std::move(text);
  return context.arena.bytes(write_by_picture(picture, number));
}

Datum write_whole(CallContext& context, const NumberPicture& picture, std::string text) {
  return context.arena.bytes(write_by_picture(picture, {std::move(text)}));
}

std::string scientific_text(const Numeric& value, int scale) {
  int exponent = value.decimal_weight();
  Numeric unit = Numeric::parse("1e" + std::to_string(std::abs(exponent)));
  Numeric head = exponent >= 0 ? Numeric::divide(value, unit, scale, true)
                               : Numeric::multiply(value, unit, scale);
  std::string text = fmt::format("{}e{}{:02}", head.with_scale(scale).to_string(),
                                 exponent < 0 ? '-' : '+', std::abs(exponent));
  return text.starts_with('-') ? text : " " + text;
}

Datum call(CallContext& context, uint32_t function, Datum a, Datum b = {}) {
  Datum args[2] = {a, b};
  return FunctionRegistry::instance().function(base::Oid(function))->scalar(context, args);
}

Datum numeric_to_char(CallContext& context, const Datum* args) {
  if (args[1].as_bytes().empty()) return Datum::of_bytes("");
  NumberPicture picture = number_picture(args[1].as_bytes());
  Numeric value = Numeric::read(args[0]);
  if (picture.roman) {
    constexpr uint32_t kInt4OfNumeric = 1744;
    int64_t number = call(context, kInt4OfNumeric, args[0]).as_int();
    return write_whole(context, picture, roman_digits(number));
  }
  if (picture.scientific) {
    return write_whole(
        context, picture,
        value.is_finite() ? scientific_text(value, picture.behind) : scientific_marks(picture));
  }
  if (picture.shifted) {
    value = value * Numeric::parse("1e" + std::to_string(picture.shift));
    picture.before += picture.shift;
  }
  return write_digits(
      context, picture,
      value.is_finite() ? value.rounded(picture.behind).to_string() : value.to_string());
}

int64_t power_of_ten(int exponent) {
  int64_t power = 1;
  for (int i = 0; i < exponent; ++i) {
    if (__builtin_mul_overflow(power, int64_t{10}, &power)) fail_range("bigint");
  }
  return power;
}

/// An integer wraps around, as in PostgreSQL; a bigint does not.
template <typename T>
int64_t shifted(int64_t value, int digits) {
  if constexpr (sizeof(T) == 4) {
    int64_t power = digits < 10 ? power_of_ten(digits) : std::numeric_limits<int32_t>::min();
    return static_cast<int32_t>(static_cast<uint32_t>(value * power));
  }
  if (__builtin_mul_overflow(value, power_of_ten(digits), &value)) fail_range("bigint");
  return value;
}

template <typename T>
Datum integer_to_char(CallContext& context, const Datum* args) {
  if (args[1].as_bytes().empty()) return Datum::of_bytes("");
  NumberPicture picture = number_picture(args[1].as_bytes());
  int64_t value = args[0].as_int();
  if (picture.roman) {
    return write_whole(context, picture, roman_digits(integer_result<int32_t>(value).as_int()));
  }
  if (picture.scientific) {
    if constexpr (sizeof(T) == 8) {
      return write_whole(context, picture, scientific_text(Numeric::of(value), picture.behind));
    }
    std::string text = fmt::format("{: .{}e}", static_cast<double>(value), picture.behind);
    return write_whole(context, picture, text);
  }
  if (picture.shifted) {
    value = shifted<T>(value, picture.shift);
    picture.before += picture.shift;
  }
  std::string text = std::to_string(value);
  if (picture.behind > 0) text += "." + std::string(static_cast<size_t>(picture.behind), '0');
  return write_digits(context, picture, text);
}

std::string fixed_text(double value, int digits) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  return fmt::format("{:.{}f}", value, digits);
}

template <typename T>
Datum float_to_char(CallContext& context, const Datum* args) {
  if (args[1].as_bytes().empty()) return Datum::of_bytes("");
  NumberPicture picture = number_picture(args[1].as_bytes());
  auto value = static_cast<T>(args[0].as_float());
  if (picture.roman) {
    double nearest = std::rint(value);
    bool fits = nearest >= 1 && nearest <= 3999;
    return write_whole(context, picture, roman_digits(fits ? static_cast<int64_t>(nearest) : 0));
  }
  if (picture.scientific) {
    return write_whole(context, picture,
                       std::isfinite(value) ? fmt::format("{: .{}e}", double{value}, picture.behind)
                                            : scientific_marks(picture));
  }
  if (picture.shifted) {
    value *= static_cast<T>(std::pow(10.0, picture.shift));
    picture.before += picture.shift;
  }
  // No more digits than the type is good for.
  constexpr int kDigits = sizeof(T) == 4 ? FLT_DIG : DBL_DIG;
  auto whole = static_cast<int>(fixed_text(std::fabs(value), 0).size());
  if (whole >= kDigits) {
    picture.behind = 0;
  } else {
    picture.behind = std::min(picture.behind, kDigits - whole);
  }
  return write_digits(context, picture, fixed_text(value, picture.behind));
}

Datum to_number(CallContext& context, const Datum* args) {
  if (args[1].as_bytes().empty()) return Datum::null();
  const NumberPicture& picture = number_picture(args[1].as_bytes());
  NumberRead read = read_by_picture(args[0].as_bytes(), picture);
  int precision = picture.before + picture.shift + read.scale;
  Numeric value = Numeric::parse(read.text).fitted(make_numeric_typmod(precision, read.scale));
  if (picture.shifted) {
    std::string shift = std::to_string(picture.shift);
    value = value * Numeric::parse("1e-" + shift).with_scale(std::max(16, picture.shift));
  }
  return value.write(context.arena);
}

constexpr FunctionRow kRows[] = {
    {1772, "to_char(numeric, text) text", numeric_to_char, kStable},
    {1773, "to_char(int4, text) text", integer_to_char<int32_t>, kStable},
    {1774, "to_char(int8, text) text", integer_to_char<int64_t>, kStable},
    {1775, "to_char(float4, text) text", float_to_char<float>, kStable},
    {1776, "to_char(float8, text) text", float_to_char<double>, kStable},
    {1777, "to_number(text, text) numeric", to_number, kStable},
};

}  // namespace

const std::span<const FunctionRow> kNumberPictures = kRows;

}  // namespace isolde::sql
