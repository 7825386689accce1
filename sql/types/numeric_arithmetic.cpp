#include <algorithm>
#include <vector>

#include "sql/types/errors.hpp"
#include "sql/types/numeric.hpp"

// Schoolbook arithmetic in base 10000. Digits of both operands are lined up by weight; a digit
// outside of a number is 0.

namespace isolde::sql {

namespace {

int digit_at(const Numeric& n, int weight) {
  int i = n.weight() - weight;
  bool inside = i >= 0 && i < static_cast<int>(n.digits().size());
  return inside ? n.digits()[static_cast<size_t>(i)] : 0;
}

int lowest_weight(const Numeric& n) {
  return n.weight() - static_cast<int>(n.digits().size()) + 1;
}

}  // namespace

std::strong_ordering Numeric::compare_magnitudes(const Numeric& a, const Numeric& b) {
  if (a.digits_.empty() || b.digits_.empty()) return a.digits_.size() <=> b.digits_.size();
  if (a.weight_ != b.weight_) return a.weight_ <=> b.weight_;
  return std::lexicographical_compare_three_way(a.digits_.begin(), a.digits_.end(),
                                                b.digits_.begin(), b.digits_.end());
}

std::strong_ordering compare(const Numeric& a, const Numeric& b) {
  auto rank = [](const Numeric& n) {
    switch (n.kind()) {
      case Numeric::Kind::kMinusInfinity:
        return 0;
      case Numeric::Kind::kFinite:
        return 1;
      case Numeric::Kind::kInfinity:
        return 2;
      case Numeric::Kind::kNan:
        return 3;
    }
    return 3;
  };
  if (rank(a) != rank(b) || rank(a) != 1) return rank(a) <=> rank(b);
  if (a.sign() != b.sign()) return a.sign() <=> b.sign();
  return a.negative_ ? Numeric::compare_magnitudes(b, a) : Numeric::compare_magnitudes(a, b);
}

Numeric Numeric::add_magnitudes(const Numeric& a, const Numeric& b, bool negative, int scale) {
  if (a.digits_.empty()) return make(negative, b.weight_, scale, b.digits_);
  if (b.digits_.empty()) return make(negative, a.weight_, scale, a.digits_);
  int top = std::max(a.weight_, b.weight_) + 1;
  int bottom = std::min(lowest_weight(a), lowest_weight(b));
  Digits sum(static_cast<size_t>(top - bottom + 1), 0);
  int carry = 0;
  for (int w = bottom; w <= top; ++w) {
    int total = digit_at(a, w) + digit_at(b, w) + carry;
    carry = total >= kBase ? 1 : 0;
    sum[static_cast<size_t>(top - w)] = static_cast<int16_t>(total - carry * kBase);
  }
  return make(negative, top, scale, std::move(sum));
}

/// |a| >= |b|.
Numeric Numeric::subtract_magnitudes(const Numeric& a, const Numeric& b, bool negative, int scale) {
  if (b.digits_.empty()) return make(negative, a.weight_, scale, a.digits_);
  int top = a.weight_;
  int bottom = std::min(lowest_weight(a), lowest_weight(b));
  Digits difference(static_cast<size_t>(top - bottom + 1), 0);
  int borrow = 0;
  for (int w = bottom; w <= top; ++w) {
    int total = digit_at(a, w) - digit_at(b, w) - borrow;
    borrow = total < 0 ? 1 : 0;
    difference[static_cast<size_t>(top - w)] = static_cast<int16_t>(total + borrow * kBase);
  }
  return make(negative, top, scale, std::move(difference));
}

Numeric Numeric::add_finite(const Numeric& a, const Numeric& b, bool negate_b) {
  int scale = std::max(a.scale_, b.scale_);
  bool b_negative = b.negative_ != negate_b;
  if (a.digits_.empty()) return make(b_negative, b.weight_, scale, b.digits_);
  if (b.digits_.empty()) return make(a.negative_, a.weight_, scale, a.digits_);
  if (a.negative_ == b_negative) return add_magnitudes(a, b, a.negative_, scale);
  auto order = compare_magnitudes(a, b);
  if (order == 0) return make(false, 0, scale, {});
  if (order > 0) return subtract_magnitudes(a, b, a.negative_, scale);
  return subtract_magnitudes(b, a, b_negative, scale);
}

Numeric operator+(const Numeric& a, const Numeric& b) {
  if (a.is_finite() && b.is_finite()) return Numeric::add_finite(a, b, false);
  if (a.is_nan() || b.is_nan()) return Numeric(Numeric::Kind::kNan);
  if (a.is_infinite() && b.is_infinite() && a.kind() != b.kind()) {
    return Numeric(Numeric::Kind::kNan);
  }
  return a.is_infinite() ? a : b;
}

Numeric operator-(const Numeric& a, const Numeric& b) {
  if (a.is_finite() && b.is_finite()) return Numeric::add_finite(a, b, true);
  return a + b.negated();
}

Numeric operator*(const Numeric& a, const Numeric& b) {
  if (a.is_finite() && b.is_finite()) {
    return Numeric::multiply(a, b, std::min(a.scale_ + b.scale_, Numeric::kMaxScale));
  }
  if (a.is_nan() || b.is_nan() || a.is_zero() || b.is_zero()) {
    return Numeric(Numeric::Kind::kNan);
  }
  bool negative = a.sign() * b.sign() < 0;
  return Numeric(negative ? Numeric::Kind::kMinusInfinity : Numeric::Kind::kInfinity);
}

Numeric Numeric::multiply(const Numeric& a, const Numeric& b, int scale) {
  if (a.digits_.empty() || b.digits_.empty()) return make(false, 0, scale, {});
  // Each product is below 10^8 and a column has at most 32k of them.
  std::vector<uint64_t> columns(a.digits_.size() + b.digits_.size(), 0);
  for (size_t i = 0; i < a.digits_.size(); ++i) {
    auto factor = static_cast<uint64_t>(a.digits_[i]);
    for (size_t j = 0; j < b.digits_.size(); ++j) {
      columns[i + j + 1] += factor * static_cast<uint64_t>(b.digits_[j]);
    }
  }
  Digits product(columns.size(), 0);
  uint64_t carry = 0;
  for (size_t i = columns.size(); i-- > 0;) {
    uint64_t total = columns[i] + carry;
    product[i] = static_cast<int16_t>(total % kBase);
    carry = total / kBase;
  }
  Numeric exact;
  exact.negative_ = a.negative_ != b.negative_;
  exact.weight_ = a.weight_ + b.weight_ + 1;
  exact.digits_ = std::move(product);
  exact.strip();
  if (a.scale_ + b.scale_ <= scale) {
    return make(exact.negative_, exact.weight_, scale, std::move(exact.digits_));
  }
  return exact.rounded(scale);
}

namespace {

using Wide = std::vector<int64_t>;

/// Long division (Knuth's algorithm D): `rest` becomes the remainder, one quotient digit at a time.
/// `rest` has a spare leading 0; `divisor` is scaled so that its first digit is at least half the
/// base.
Numeric::Digits long_division(Wide& rest, const Wide& divisor) {
  constexpr int64_t kBase = Numeric::kBase;
  size_t n = divisor.size();
  size_t count = rest.size() - n;
  Numeric::Digits quotient(count, 0);
  for (size_t j = 0; j < count; ++j) {
    int64_t head = rest[j] * kBase + rest[j + 1];
    int64_t q = std::min(head / divisor[0], kBase - 1);
    int64_t left = head - q * divisor[0];
    while (n > 1 && left < kBase && q * divisor[1] > left * kBase + rest[j + 2]) {
      --q;
      left += divisor[0];
    }
    int64_t borrow = 0;
    for (size_t i = n; i-- > 0;) {
      int64_t total = rest[j + i + 1] - q * divisor[i] - borrow;
      borrow = total < 0 ? (-total + kBase - 1) / kBase : 0;
      rest[j + i + 1] = total + borrow * kBase;
    }
    rest[j] -= borrow;
    if (rest[j] < 0) {  // one too many: add the divisor back
      --q;
      int64_t carry = 0;
      for (size_t i = n; i-- > 0;) {
        int64_t total = rest[j + i + 1] + divisor[i] + carry;
        carry = total >= kBase ? 1 : 0;
        rest[j + i + 1] = total - carry * kBase;
      }
      rest[j] += carry;
    }
    quotient[j] = static_cast<int16_t>(q);
  }
  return quotient;
}

Wide scaled(const Numeric::Digits& digits, int64_t factor, size_t length) {
  Wide out(length, 0);
  int64_t carry = 0;
  for (size_t i = digits.size(); i-- > 0;) {
    int64_t total = digits[i] * factor + carry;
    out[i + 1] = total % Numeric::kBase;
    carry = total / Numeric::kBase;
  }
  out[0] = carry;
  return out;
}

}  // namespace

Numeric Numeric::divide(const Numeric& a, const Numeric& b, int scale, bool round) {
  if (b.digits_.empty()) fail_division_by_zero();
  if (a.digits_.empty()) return make(false, 0, scale, {});
  int weight = a.weight_ - b.weight_;
  // Quotient digits down to the scale and one more to round by.
  int wanted = weight + 1 + (scale + kBaseDigits - 1) / kBaseDigits + 1;
  wanted = std::max(wanted, 1);
  int64_t factor = kBase / (b.digits_[0] + 1);
  Wide divisor = scaled(b.digits_, factor, b.digits_.size() + 1);
  divisor.erase(divisor.begin());
  size_t length = divisor.size() + static_cast<size_t>(wanted) + 1;
  Wide rest = scaled(a.digits_, factor, std::max(a.digits_.size() + 1, length));
  // Digits of the dividend that are below all wanted quotient digits do not change them.
  rest.resize(length);
  Digits digits = long_division(rest, divisor);
  Numeric quotient;
  quotient.negative_ = a.negative_ != b.negative_;
  quotient.weight_ = weight;
  quotient.digits_ = std::move(digits);
  quotient.strip();
  return round ? quotient.rounded(scale) : quotient.truncated(scale);
}

namespace {

/// At least 16 significant digits, and no fewer decimals than either operand.
int quotient_scale(const Numeric& a, const Numeric& b) {
  int first_a = a.digits().empty() ? 0 : a.digits().front();
  int first_b = b.digits().empty() ? 0 : b.digits().front();
  int weight = (a.digits().empty() ? 0 : a.weight()) - (b.digits().empty() ? 0 : b.weight());
  if (first_a <= first_b) --weight;
  int scale = Numeric::kMinSignificant - weight * Numeric::kBaseDigits;
  scale = std::max({scale, a.scale(), b.scale(), 0});
  return std::min(scale, Numeric::kMaxResultScale);
}

}  // namespace

Numeric operator/(const Numeric& a, const Numeric& b) {
  if (a.is_finite() && b.is_finite()) {
    return Numeric::divide(a, b, quotient_scale(a, b), true);
  }
  if (a.is_nan() || b.is_nan()) return Numeric(Numeric::Kind::kNan);
  if (a.is_infinite() && b.is_infinite()) return Numeric(Numeric::Kind::kNan);
  if (a.is_infinite()) {
    if (b.is_zero()) fail_division_by_zero();
    return b.sign() < 0 ? a.negated() : a;
  }
  return Numeric();
}

Numeric operator%(const Numeric& a, const Numeric& b) {
  if (a.is_nan() || b.is_nan()) return Numeric(Numeric::Kind::kNan);
  if (a.is_infinite()) {
    if (b.is_zero()) fail_division_by_zero();
    return Numeric(Numeric::Kind::kNan);
  }
  if (b.is_infinite()) return a;
  Numeric quotient = Numeric::divide(a, b, 0, false);
  int scale = std::max(a.scale(), b.scale());
  return (a - Numeric::multiply(quotient, b, b.scale())).rounded(scale);
}

}  // namespace isolde::sql
