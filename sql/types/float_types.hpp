#pragma once

#include <cmath>
#include <compare>
#include <string>
#include <string_view>

namespace isolde::sql {

// Storage: Datum::as_float; float4 is widened, which is exact.

/// NaN equals itself and is greater than all else; zeros are equal.
inline std::strong_ordering compare_floats(double a, double b) {
  if (a < b) return std::strong_ordering::less;
  if (a > b) return std::strong_ordering::greater;
  if (a == b) return std::strong_ordering::equal;
  bool a_nan = std::isnan(a);
  bool b_nan = std::isnan(b);
  if (a_nan == b_nan) return std::strong_ordering::equal;
  return a_nan ? std::strong_ordering::greater : std::strong_ordering::less;
}

double parse_float8(std::string_view text);
double parse_float4(std::string_view text);
/// The shortest text that reads back as the same value, or fewer digits when asked for.
void append_float8(std::string& out, double value, int extra_float_digits = 1);
void append_float4(std::string& out, float value, int extra_float_digits = 1);

}  // namespace isolde::sql
