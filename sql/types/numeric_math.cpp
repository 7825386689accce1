#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>

#include "sql/types/errors.hpp"
#include "sql/types/numeric.hpp"

// Roots, exponentials and logarithms of numeric. Results are computed with guard digits and rounded
// once to the scale that PostgreSQL shows, so that they agree to the last digit:
//
//   sqrt   integer square root of the value times a power of 100
//   exp    e^(x / 2^k) by its Taylor series, squared k times
//   ln     roots until the value is near 1, then 2 artanh((x - 1) / (x + 1))
//   power  repeated squaring for integer exponents, else exp(y ln x)

namespace isolde::sql {

namespace {

constexpr int kGuard = 12;
constexpr int kStep = Numeric::kBaseDigits;

int clamp_scale(int scale) {
  return std::clamp(scale, 0, Numeric::kMaxResultScale);
}

[[noreturn]] void fail_overflow() {
  fail(base::sqlstate::kNumericValueOutOfRange, "value overflows numeric format");
}

Numeric nan() {
  return Numeric(Numeric::Kind::kNan);
}
Numeric infinity() {
  return Numeric(Numeric::Kind::kInfinity);
}

Numeric times(const Numeric& a, const Numeric& b, int scale) {
  return Numeric::multiply(a, b, scale);
}
Numeric over(const Numeric& a, const Numeric& b, int scale) {
  return Numeric::divide(a, b, scale, true);
}

/// The root rounded to a scale.
Numeric root(const Numeric& a, int scale) {
  using boost::multiprecision::cpp_int;
  if (a.is_zero()) return Numeric().with_scale(scale);
  // One digit more than asked for, and what is cut off after it cannot make a tie.
  int inner = std::max(scale + 1, (a.scale() + 1) / 2);
  std::string digits = a.with_scale(std::max(a.scale(), 0)).to_string();
  std::erase(digits, '.');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  digits.append(static_cast<size_t>(2 * inner - a.scale()), '0');
  std::string whole = cpp_int(boost::multiprecision::sqrt(cpp_int(digits))).str();
  return Numeric::parse(whole + "e-" + std::to_string(inner)).rounded(scale);
}

/// e^x, rounded to a scale.
Numeric exp_to(const Numeric& x, int scale) {
  double approximate = x.to_double();
  if (std::abs(approximate) >= 16000.0 * 3) {
    if (approximate > 0) fail_overflow();
    return Numeric().with_scale(scale);
  }
  // The result has this many digits before the point.
  int result_digits = std::max(0, static_cast<int>(approximate * 0.434294481903252) + 1);
  int halvings = 0;
  for (double v = std::abs(approximate); v > 0.01; v /= 2) ++halvings;
  int inner = scale + result_digits + halvings + kGuard;
  Numeric reduced = x.with_scale(x.scale());
  Numeric two = Numeric::of(2);
  Numeric divisor = Numeric::of(int64_t{1} << halvings);
  reduced = over(reduced, divisor, inner);
  Numeric sum = Numeric::of(1) + reduced;
  Numeric term = reduced;
  for (int64_t i = 2; !term.is_zero(); ++i) {
    term = over(times(term, reduced, inner), Numeric::of(i), inner);
    sum = sum + term;
  }
  for (int i = 0; i < halvings; ++i) sum = times(sum, sum, inner);
  return sum.rounded(scale);
}

/// ln x for x > 0, rounded to a scale.
Numeric ln_to(const Numeric& x, int scale) {
  int inner = scale + kGuard + 8;
  Numeric value = x;
  Numeric factor = Numeric::of(2);
  // Roots bring the value near to 1; each halves the logarithm.
  int digits = std::abs(x.decimal_weight()) + 1;
  int roots_inner = inner + digits / 3 + 12;
  Numeric low = Numeric::parse("0.9");
  Numeric high = Numeric::parse("1.1");
  while (compare(value, low) <= 0 || compare(value, high) >= 0) {
    int more = std::max(0, -value.decimal_weight());
    value = root(value, roots_inner + more);
    factor = factor * Numeric::of(2);
  }
  Numeric one = Numeric::of(1);
  Numeric z = over(value - one, value + one, roots_inner);
  Numeric square = times(z, z, roots_inner);
  Numeric sum = z;
  Numeric power = z;
  for (int64_t i = 3; !power.is_zero(); i += 2) {
    power = times(power, square, roots_inner);
    Numeric term = over(power, Numeric::of(i), roots_inner);
    if (term.is_zero()) break;
    sum = sum + term;
  }
  return times(sum, factor, scale);
}

/// The decimal weight of ln(x), estimated.
int ln_weight(const Numeric& x) {
  Numeric one = Numeric::of(1);
  if (compare(x, Numeric::parse("0.9")) >= 0 && compare(x, Numeric::parse("1.1")) <= 0) {
    // ln(x) is about x - 1.
    Numeric off = x - one;
    return off.is_zero() ? 0 : off.decimal_weight();
  }
  if (x.is_zero()) return 0;
  int64_t lead = x.digits()[0];
  int weight = x.weight() * kStep;
  if (x.digits().size() > 1) {
    lead = lead * Numeric::kBase + x.digits()[1];
    weight -= kStep;
  }
  double ln = std::log(static_cast<double>(lead)) + weight * 2.302585092994046;
  return static_cast<int>(std::log10(std::abs(ln)));
}

int significant_scale(int weight, int least) {
  return clamp_scale(std::max(Numeric::kMinSignificant - weight, least));
}

void check_logarithm(const Numeric& a) {
  if (a.sign() == 0) {
    fail(base::sqlstate::kInvalidArgumentForLog, "cannot take logarithm of zero");
  }
  if (a.sign() < 0) {
    fail(base::sqlstate::kInvalidArgumentForLog, "cannot take logarithm of a negative number");
  }
}

}  // namespace

Numeric square_root(const Numeric& a) {
  if (a.sign() < 0) {
    fail(base::sqlstate::kInvalidArgumentForPowerFunction,
         "cannot take square root of a negative number");
  }
  if (!a.is_finite()) return a;
  int weight =
      a.weight() >= 0 ? (a.weight() + 1) * kStep / 2 - 1 : -((-(a.weight() + 1) * kStep) / 2) - 1;
  return root(a, significant_scale(weight, a.scale()));
}

Numeric exponential(const Numeric& a) {
  if (a.is_nan() || a.kind() == Numeric::Kind::kInfinity) return a;
  if (a.is_infinite()) return Numeric();
  double weight = std::clamp(a.to_double() * 0.434294481903252, -1000.0, 1000.0);
  return exp_to(a, significant_scale(static_cast<int>(weight), a.scale()));
}

Numeric natural_logarithm(const Numeric& a) {
  if (a.is_nan()) return a;
  check_logarithm(a);
  if (!a.is_finite()) return a;
  return ln_to(a, significant_scale(ln_weight(a), a.scale()));
}

Numeric logarithm(const Numeric& base, const Numeric& a) {
  if (base.is_nan() || a.is_nan()) return nan();
  check_logarithm(base);
  check_logarithm(a);
  if (base.is_infinite() && a.is_infinite()) return nan();
  if (base.is_infinite()) return Numeric();
  if (a.is_infinite()) return infinity();
  int base_weight = ln_weight(base);
  int weight = ln_weight(a) - base_weight;
  int scale = significant_scale(weight, std::max(base.scale(), a.scale()));
  int inner = scale + std::abs(base_weight) + std::abs(weight) + kGuard;
  Numeric divisor = ln_to(base, inner);
  return over(ln_to(a, inner), divisor, scale);
}

namespace {

/// base^n by squaring, with enough digits that rounding to `scale` is right.
Numeric integer_power(const Numeric& base, int64_t n, int scale) {
  uint64_t left = n < 0 ? 0 - static_cast<uint64_t>(n) : static_cast<uint64_t>(n);
  if (base.is_zero()) {
    if (n < 0) fail_division_by_zero();
    return (n == 0 ? Numeric::of(1) : Numeric()).with_scale(scale);
  }
  double log10_base = base.decimal_weight() + std::log10(base.absolute().to_double() /
                                                         std::pow(10.0, base.decimal_weight()));
  double result_weight = log10_base * static_cast<double>(n);
  if (result_weight > 131072 * 1.01) fail_overflow();
  if (result_weight + 1 < -scale) return Numeric().with_scale(scale);
  int significant = std::max(static_cast<int>(result_weight) + scale, 1) + kGuard +
                    static_cast<int>(std::log10(static_cast<double>(left) + 1)) * 2;
  auto shorten = [&](const Numeric& v) {
    int inner = significant - v.decimal_weight();
    return v.scale() > inner ? v.rounded(std::max(inner, 0)) : v;
  };
  Numeric square = base;
  Numeric result = Numeric::of(1);
  while (left > 0) {
    if ((left & 1) != 0)
      result = shorten(
          times(result, square, std::min(result.scale() + square.scale(), Numeric::kMaxScale)));
    left >>= 1;
    if (left > 0)
      square = shorten(times(square, square, std::min(square.scale() * 2, Numeric::kMaxScale)));
  }
  return n < 0 ? over(Numeric::of(1), result, scale) : result.rounded(scale);
}

/// What PostgreSQL makes of infinite operands.
Numeric infinite_power(const Numeric& base, const Numeric& exponent) {
  Numeric one = Numeric::of(1);
  bool odd = exponent.is_finite() && compare(exponent, exponent.truncated(0)) == 0 &&
             !(exponent.truncated(0) % Numeric::of(2)).is_zero();
  if (exponent.is_finite() && exponent.is_zero()) return one;
  if (base.is_finite() && compare(base, one) == 0) return one;
  if (base.sign() == 0) {
    if (exponent.sign() < 0) {
      fail(base::sqlstate::kInvalidArgumentForPowerFunction,
           "zero raised to a negative power is undefined");
    }
    return Numeric();
  }
  if (exponent.is_infinite()) {
    auto order = compare(base.absolute(), one);
    if (order == 0) return one;
    return (order > 0) == (exponent.sign() > 0) ? infinity() : Numeric();
  }
  if (base.kind() == Numeric::Kind::kInfinity) {
    return exponent.sign() > 0 ? infinity() : Numeric();
  }
  if (compare(exponent, exponent.truncated(0)) != 0) {
    fail(base::sqlstate::kInvalidArgumentForPowerFunction,
         "a negative number raised to a non-integer power yields a complex result");
  }
  if (exponent.sign() < 0) return Numeric();
  return odd ? infinity().negated() : infinity();
}

}  // namespace

Numeric power(const Numeric& base, const Numeric& exponent) {
  Numeric one = Numeric::of(1);
  if (base.is_nan() || exponent.is_nan()) {
    bool settled = (base.is_finite() && compare(base, one) == 0) || exponent.is_zero();
    return settled ? one : nan();
  }
  if (!base.is_finite() || !exponent.is_finite()) return infinite_power(base, exponent);
  if (base.is_zero() && exponent.sign() < 0) {
    fail(base::sqlstate::kInvalidArgumentForPowerFunction,
         "zero raised to a negative power is undefined");
  }
  Numeric whole = exponent.truncated(0);
  bool is_integer = compare(whole, exponent) == 0;
  if (base.sign() < 0 && !is_integer) {
    fail(base::sqlstate::kInvalidArgumentForPowerFunction,
         "a negative number raised to a non-integer power yields a complex result");
  }
  int least = std::max(base.scale(), exponent.scale());
  if (base.is_zero()) {
    return (exponent.is_zero() ? one : Numeric())
        .with_scale(std::max(least, Numeric::kMinSignificant));
  }
  double log10_base = base.decimal_weight() + std::log10(base.absolute().to_double() /
                                                         std::pow(10.0, base.decimal_weight()));
  double weight = log10_base * exponent.to_double();
  int64_t n = 0;
  if (is_integer && exponent.to_int64(n) && std::abs(n) <= 0x7fffffff) {
    return integer_power(base, n, clamp_scale(std::max(Numeric::kMinSignificant, least)));
  }
  if (weight > 131072 * 1.01) fail_overflow();
  double shown = std::clamp(weight, -2000.0, 200000.0);
  int scale = significant_scale(static_cast<int>(shown), least);
  int inner = scale + std::max(0, static_cast<int>(shown)) + exponent.decimal_weight() + kGuard * 2;
  Numeric ln = ln_to(base.absolute(), std::max(inner, 0));
  Numeric result = exp_to(ln * exponent, scale);
  bool odd = is_integer && !(whole % Numeric::of(2)).is_zero();
  return base.sign() < 0 && odd ? result.negated() : result;
}

}  // namespace isolde::sql
