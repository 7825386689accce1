#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sql/types/datum.hpp"
#include "sql/types/digit_buffer.hpp"

namespace isolde::sql {

class Arena;

/// An exact decimal number, NaN or an infinity.
///
///   value = sign * sum(digits[i] * 10000^(weight - i)),  shown with `scale` digits after the point
///
///   12345.67  ->  digits {1, 2345, 6700}, weight 1, scale 2
///
/// Invariants: neither the first nor the last digit is 0; zero has no digits, weight 0 and no sign;
/// `scale` hides no digit that is not 0.
///
/// Storage: int16 count, int16 weight, uint16 sign (0, 0x4000 for minus, 0xC000 NaN, 0xD000 and
/// 0xF000 the infinities), uint16 scale, then the digits as int16: PostgreSQL's binary format in
/// this machine's byte order.
class Numeric {
 public:
  enum class Kind : uint8_t { kFinite, kNan, kInfinity, kMinusInfinity };
  using Digits = DigitBuffer;

  static constexpr int kBase = 10000;
  static constexpr int kBaseDigits = 4;
  static constexpr int kMaxScale = 16383;
  static constexpr int kMaxResultScale = 1000;
  static constexpr int kMinSignificant = 16;

  Numeric() = default;
  explicit Numeric(Kind kind) : kind_(kind) {}
  static Numeric of(int64_t value);
  static Numeric of_int128(__int128 value);
  /// Through the shortest decimal text with at most `digits` digits, as PostgreSQL does.
  static Numeric of_float(double value, int digits);
  /// Throws 22P02 or 22003.
  static Numeric parse(std::string_view text);
  static Numeric read(Datum stored);
  Datum write(Arena& arena) const;

  Kind kind() const { return kind_; }
  bool is_finite() const { return kind_ == Kind::kFinite; }
  bool is_nan() const { return kind_ == Kind::kNan; }
  bool is_infinite() const { return kind_ == Kind::kInfinity || kind_ == Kind::kMinusInfinity; }
  bool is_zero() const { return is_finite() && digits_.empty(); }
  /// -1, 0 or 1; NaN counts as 1.
  int sign() const;
  int scale() const { return scale_; }
  int weight() const { return weight_; }
  bool negative() const { return negative_; }
  const Digits& digits() const { return digits_; }
  /// The power of ten of the first decimal digit; 0 for zero.
  int decimal_weight() const;

  void append_to(std::string& out) const;
  std::string to_string() const;

  /// Halves away from zero; a negative scale rounds before the point.
  Numeric rounded(int scale) const;
  Numeric truncated(int scale) const;
  Numeric with_scale(int scale) const;  ///< only how it is shown; more digits are kept
  Numeric negated() const;
  Numeric absolute() const;
  Numeric floor() const;
  Numeric ceil() const;

  /// Rounded to a typmod's scale, or 22003 when it does not fit.
  Numeric fitted(int32_t typmod) const;

  /// Rounds to an integer; false when it does not fit or is not finite.
  bool to_int64(int64_t& value) const;
  bool to_int128(__int128& value) const;
  double to_double() const;

  /// NaN equals itself and is greatest.
  friend std::strong_ordering compare(const Numeric& a, const Numeric& b);
  friend Numeric operator+(const Numeric& a, const Numeric& b);
  friend Numeric operator-(const Numeric& a, const Numeric& b);
  friend Numeric operator*(const Numeric& a, const Numeric& b);
  /// The quotient to the scale that PostgreSQL would choose; throws 22012.
  friend Numeric operator/(const Numeric& a, const Numeric& b);
  friend Numeric operator%(const Numeric& a, const Numeric& b);
  /// The quotient of finite numbers, rounded or cut to a scale.
  static Numeric divide(const Numeric& a, const Numeric& b, int scale, bool round);
  /// The exact product of finite numbers, rounded to a scale.
  static Numeric multiply(const Numeric& a, const Numeric& b, int scale);

  /// From raw digits; strips zeros at both ends. Throws 22003 beyond the format's limits.
  static Numeric make(bool negative, int weight, int scale, Digits digits);

 private:
  static std::strong_ordering compare_magnitudes(const Numeric& a, const Numeric& b);
  static Numeric add_magnitudes(const Numeric& a, const Numeric& b, bool negative, int scale);
  static Numeric subtract_magnitudes(const Numeric& a, const Numeric& b, bool negative, int scale);
  static Numeric add_finite(const Numeric& a, const Numeric& b, bool negate_b);
  void strip();

  Kind kind_ = Kind::kFinite;
  bool negative_ = false;
  int weight_ = 0;
  int scale_ = 0;
  Digits digits_;
};

std::strong_ordering compare(const Numeric& a, const Numeric& b);

/// Reads only what it must of two stored values.
std::strong_ordering compare_stored_numerics(Datum a, Datum b);

// sql/types/numeric_math.cpp: to PostgreSQL's scales; throw 2201E, 2201F, 22003.
Numeric square_root(const Numeric& a);
Numeric exponential(const Numeric& a);
Numeric natural_logarithm(const Numeric& a);
Numeric logarithm(const Numeric& base, const Numeric& a);
Numeric power(const Numeric& base, const Numeric& exponent);

}  // namespace isolde::sql
