#include "sql/types/numeric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "sql/types/arena.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/typmod.hpp"

namespace isolde::sql {

namespace {

constexpr uint16_t kNegativeSign = 0x4000;
constexpr uint16_t kNanSign = 0xC000;
constexpr uint16_t kInfinitySign = 0xD000;
constexpr uint16_t kMinusInfinitySign = 0xF000;
constexpr int kMaxWeight = 32767;
constexpr size_t kHeaderSize = 8;

constexpr int kPowers[] = {1, 10, 100, 1000, 10000};

uint16_t stored_sign(const Numeric& n) {
  switch (n.kind()) {
    case Numeric::Kind::kFinite:
      return n.negative() ? kNegativeSign : 0;
    case Numeric::Kind::kNan:
      return kNanSign;
    case Numeric::Kind::kInfinity:
      return kInfinitySign;
    case Numeric::Kind::kMinusInfinity:
      return kMinusInfinitySign;
  }
  return 0;
}

Numeric::Kind kind_of_sign(uint16_t sign) {
  switch (sign) {
    case kNanSign:
      return Numeric::Kind::kNan;
    case kInfinitySign:
      return Numeric::Kind::kInfinity;
    case kMinusInfinitySign:
      return Numeric::Kind::kMinusInfinity;
    default:
      return Numeric::Kind::kFinite;
  }
}

}  // namespace

Numeric Numeric::read(Datum stored) {
  const char* from = stored.as_bytes().data();
  auto sign = load<uint16_t>(from + 4);
  Numeric n(kind_of_sign(sign));
  n.negative_ = sign == kNegativeSign;
  n.weight_ = load<int16_t>(from + 2);
  n.scale_ = load<uint16_t>(from + 6);
  auto count = static_cast<size_t>(load<int16_t>(from));
  n.digits_.resize(count);
  if (count > 0) std::memcpy(n.digits_.data(), from + kHeaderSize, count * sizeof(int16_t));
  return n;
}

Datum Numeric::write(Arena& arena) const {
  size_t size = kHeaderSize + digits_.size() * sizeof(int16_t);
  char* to = arena.allocate(size);
  store(to, static_cast<int16_t>(digits_.size()));
  store(to + 2, static_cast<int16_t>(weight_));
  store(to + 4, stored_sign(*this));
  store(to + 6, static_cast<uint16_t>(scale_));
  if (!digits_.empty()) {
    std::memcpy(to + kHeaderSize, digits_.data(), digits_.size() * sizeof(int16_t));
  }
  return Datum::of_bytes({to, size});
}

void Numeric::strip() {
  while (!digits_.empty() && digits_.back() == 0) digits_.pop_back();
  auto first = std::find_if(digits_.begin(), digits_.end(), [](int16_t d) { return d != 0; });
  auto zeros = static_cast<size_t>(first - digits_.begin());
  weight_ -= static_cast<int>(zeros);
  digits_.drop_front(zeros);
  if (digits_.empty()) {
    weight_ = 0;
    negative_ = false;
  }
}

Numeric Numeric::make(bool negative, int weight, int scale, Digits digits) {
  Numeric n;
  n.negative_ = negative;
  n.weight_ = weight;
  n.scale_ = scale;
  n.digits_ = std::move(digits);
  n.strip();
  if (n.weight_ > kMaxWeight || n.weight_ < -kMaxWeight - 1 || scale > kMaxScale) {
    fail(base::sqlstate::kNumericValueOutOfRange, "value overflows numeric format");
  }
  return n;
}

Numeric Numeric::of_int128(__int128 value) {
  bool negative = value < 0;
  auto rest = static_cast<unsigned __int128>(value);
  if (negative) rest = 0 - rest;
  Digits reversed;
  for (; rest != 0; rest /= kBase) reversed.push_back(static_cast<int16_t>(rest % kBase));
  std::reverse(reversed.begin(), reversed.end());
  int weight = static_cast<int>(reversed.size()) - 1;
  return make(negative, weight, 0, std::move(reversed));
}

Numeric Numeric::of(int64_t value) {
  bool negative = value < 0;
  uint64_t rest = negative ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  int16_t reversed[5];
  int count = 0;
  for (; rest != 0; rest /= kBase) reversed[count++] = static_cast<int16_t>(rest % kBase);
  Numeric n;
  n.negative_ = negative;
  n.weight_ = count > 0 ? count - 1 : 0;
  std::reverse(reversed, reversed + count);
  n.digits_.append(reversed, reversed + count);
  while (!n.digits_.empty() && n.digits_.back() == 0) n.digits_.pop_back();
  return n;
}

Numeric Numeric::of_float(double value, int digits) {
  if (std::isnan(value)) return Numeric(Kind::kNan);
  if (std::isinf(value)) return Numeric(value > 0 ? Kind::kInfinity : Kind::kMinusInfinity);
  return parse(fmt::format("{:.{}g}", value, digits));
}

int Numeric::sign() const {
  if (kind_ == Kind::kMinusInfinity) return -1;
  if (kind_ != Kind::kFinite) return 1;
  return digits_.empty() ? 0 : negative_ ? -1 : 1;
}

int Numeric::decimal_weight() const {
  if (digits_.empty()) return 0;
  int16_t first = digits_.front();
  int extra = first >= 1000 ? 3 : first >= 100 ? 2 : first >= 10 ? 1 : 0;
  return weight_ * kBaseDigits + extra;
}

Numeric Numeric::rounded(int scale) const {
  if (!is_finite()) return *this;
  int kept = (weight_ + 1) * kBaseDigits + scale;  // decimal digits, of all base digits
  int shown = std::max(scale, 0);
  if (kept < 0) return make(false, 0, shown, {});
  auto count = static_cast<size_t>((kept + kBaseDigits - 1) / kBaseDigits);
  int inside = kept % kBaseDigits;
  bool cuts = count < digits_.size() || (count == digits_.size() && inside > 0);
  if (!cuts) return make(negative_, weight_, shown, digits_);
  Digits digits;
  digits.reserve(count + 1);
  digits.push_back(0);  // room for a carry
  digits.append(digits_.begin(), digits_.begin() + count);
  int carry = 0;
  if (inside == 0) {
    carry = digits_[count] >= kBase / 2 ? 1 : 0;
  } else {
    int unit = kPowers[kBaseDigits - inside];
    int last = digits.back();
    int extra = last % unit;
    last += (extra >= unit / 2 ? unit : 0) - extra;
    carry = last >= kBase ? 1 : 0;
    digits.back() = static_cast<int16_t>(last - carry * kBase);
  }
  for (size_t i = inside == 0 ? count : count - 1; carry > 0; --i) {
    int next = digits[i] + carry;
    carry = next >= kBase ? 1 : 0;
    digits[i] = static_cast<int16_t>(next - carry * kBase);
  }
  return make(negative_, weight_ + 1, shown, std::move(digits));
}

Numeric Numeric::truncated(int scale) const {
  if (!is_finite()) return *this;
  int kept = (weight_ + 1) * kBaseDigits + scale;
  int shown = std::max(scale, 0);
  if (kept <= 0) return make(false, 0, shown, {});
  auto count = static_cast<size_t>((kept + kBaseDigits - 1) / kBaseDigits);
  int inside = kept % kBaseDigits;
  if (count > digits_.size()) return make(negative_, weight_, shown, digits_);
  Digits digits(digits_.begin(), digits_.begin() + count);
  if (inside > 0) {
    int unit = kPowers[kBaseDigits - inside];
    digits.back() = static_cast<int16_t>(digits.back() - digits.back() % unit);
  }
  return make(negative_, weight_, shown, std::move(digits));
}

Numeric Numeric::with_scale(int scale) const {
  Numeric n = *this;
  n.scale_ = scale;
  return n;
}

Numeric Numeric::negated() const {
  Numeric n = *this;
  if (kind_ == Kind::kInfinity) {
    n.kind_ = Kind::kMinusInfinity;
  } else if (kind_ == Kind::kMinusInfinity) {
    n.kind_ = Kind::kInfinity;
  }
  n.negative_ = !negative_ && !digits_.empty();
  return n;
}

Numeric Numeric::absolute() const {
  return sign() < 0 ? negated() : *this;
}

Numeric Numeric::floor() const {
  Numeric whole = truncated(0);
  return is_finite() && negative_ && compare(whole, *this) != 0 ? whole - of(1) : whole;
}
Numeric Numeric::ceil() const {
  Numeric whole = truncated(0);
  return is_finite() && !negative_ && compare(whole, *this) != 0 ? whole + of(1) : whole;
}

namespace {

[[noreturn]] void fail_field(std::string detail) {
  throw base::SqlException(
      base::Error(base::sqlstate::kNumericValueOutOfRange, "numeric field overflow")
          .detail(std::move(detail)));
}

}  // namespace

Numeric Numeric::fitted(int32_t typmod) const {
  if (typmod < 4 || is_nan()) return *this;
  int precision = numeric_precision(typmod);
  int scale = numeric_scale(typmod);
  if (is_infinite()) {
    fail_field(fmt::format("A field with precision {}, scale {} cannot hold an infinite value.",
                           precision, scale));
  }
  Numeric n = rounded(scale);
  int most = precision - scale;
  if (!n.digits_.empty() && n.decimal_weight() >= most) {
    fail_field(fmt::format(
        "A field with precision {}, scale {} must round to an absolute value less than {}{}.",
        precision, scale, most != 0 ? "10^" : "", most != 0 ? most : 1));
  }
  return n;
}

bool Numeric::to_int128(__int128& value) const {
  if (!is_finite()) return false;
  Numeric n = rounded(0);
  if (n.weight_ >= 9) return false;  // 10^36 and more
  __int128 total = 0;
  for (int i = 0; i <= n.weight_; ++i) {
    bool given = static_cast<size_t>(i) < n.digits_.size();
    total = total * kBase + (given ? n.digits_[static_cast<size_t>(i)] : 0);
  }
  value = n.digits_.empty() ? 0 : n.negative_ ? -total : total;
  return true;
}

bool Numeric::to_int64(int64_t& value) const {
  __int128 wide = 0;
  if (!to_int128(wide)) return false;
  value = static_cast<int64_t>(wide);
  return wide == value;
}

double Numeric::to_double() const {
  switch (kind_) {
    case Kind::kNan:
      return std::numeric_limits<double>::quiet_NaN();
    case Kind::kInfinity:
      return std::numeric_limits<double>::infinity();
    case Kind::kMinusInfinity:
      return -std::numeric_limits<double>::infinity();
    case Kind::kFinite:
      break;
  }
  std::string text = to_string();
  double value = 0;
  auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc::result_out_of_range) {
    if (decimal_weight() < 0) return negative_ ? -0.0 : 0.0;
    return std::numeric_limits<double>::infinity() * (negative_ ? -1 : 1);
  }
  return value;
}

}  // namespace isolde::sql
