#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "sql/types/char_class.hpp"
#include "sql/types/datetime.hpp"
#include "sql/types/datetime_tokens.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/typmod.hpp"

// Intervals out of text: '1 year 2 mons', '1 04:05:06', '1-2', 'P1Y2M3DT4H', '@ 3 days ago'. Read
// from the end, so that a number has met its unit already.

namespace isolde::sql {

namespace {

using W = DateTimeWord;

/// Sums fields, carrying fractions to finer units.
class Sum {
 public:
  bool add(int64_t whole, double fraction, int unit) {
    switch (unit) {
      case W::kMicrosecond:
        return add_micros(whole, 1) && add_fraction(fraction, 1);
      case W::kMillisecond:
        return add_micros(whole, 1000) && add_fraction(fraction, 1000);
      case W::kSecond:
        return add_micros(whole, kMicrosPerSecond) && add_fraction(fraction, kMicrosPerSecond);
      case W::kMinute:
        return add_micros(whole, kMicrosPerMinute) && add_fraction(fraction, kMicrosPerMinute);
      case W::kHour:
        return add_micros(whole, kMicrosPerHour) && add_fraction(fraction, kMicrosPerHour);
      case W::kDay:
        return add_days(whole, 1) && add_fraction(fraction, kMicrosPerDay);
      case W::kWeek:
        return add_days(whole, 7) && add_fraction_days(fraction, 7);
      case W::kMonthUnit:
        return add_months(whole, 1) && add_fraction_days(fraction, 30);
      case W::kYear:
        return add_years(whole, fraction, 1);
      case W::kDecade:
        return add_years(whole, fraction, 10);
      case W::kCentury:
        return add_years(whole, fraction, 100);
      case W::kMillennium:
        return add_years(whole, fraction, 1000);
      default:
        return false;
    }
  }
  bool add_micros(int64_t count, int64_t unit) {
    int64_t product = 0;
    return !__builtin_mul_overflow(count, unit, &product) &&
           !__builtin_add_overflow(sum.micros, product, &sum.micros);
  }
  bool add_days(int64_t count, int64_t unit) { return add32(sum.days, count, unit); }
  bool add_months(int64_t count, int64_t unit) {
    int64_t product = 0;
    return !__builtin_mul_overflow(count, unit, &product) &&
           !__builtin_add_overflow(months, product, &months);
  }
  Interval finish() {
    sum.months = static_cast<int32_t>(months);
    if (sum.months != months) fail_interval_range();
    return sum;
  }

  Interval sum;
  int64_t months = 0;  ///< wider, so that a sum may be too great for a while

 private:
  static bool add32(int32_t& to, int64_t count, int64_t unit) {
    int64_t product = 0;
    if (__builtin_mul_overflow(count, unit, &product)) return false;
    return !__builtin_add_overflow(to, product, &to);
  }
  bool add_years(int64_t count, double fraction, int64_t unit) {
    auto rest = static_cast<int64_t>(std::rint(fraction * static_cast<double>(unit) * 12));
    return add_months(count, unit * 12) && add_months(rest, 1);
  }
  /// Rounds to microseconds, halves towards zero.
  bool add_fraction(double fraction, int64_t unit) {
    double scaled = fraction * static_cast<double>(unit);
    auto whole = static_cast<int64_t>(scaled);
    double rest = scaled - static_cast<double>(whole);
    if (rest > 0.5) ++whole;
    if (rest < -0.5) --whole;
    return add_micros(whole, 1);
  }
  bool add_fraction_days(double fraction, int days) {
    double scaled = fraction * days;
    auto whole = static_cast<int64_t>(scaled);
    return add_days(whole, 1) && add_fraction(scaled - static_cast<double>(whole), kMicrosPerDay);
  }
};

struct Number {
  int64_t whole = 0;
  double fraction = 0;
  bool negative = false;
};

class Parser {
 public:
  Parser(std::string_view text, int32_t typmod, const OutputStyle& style)
      : text_(text), style_(style) {
    range_ = typmod >= 0 ? (typmod >> 16) & interval_field::kAll : interval_field::kAll;
  }

  Interval parse() {
    std::string_view trimmed = trim_blanks(text_);
    if (!trimmed.empty() && trimmed[0] == 'P') return parse_iso(trimmed.substr(1));
    std::vector<DateTimeToken> tokens;
    if (!split_datetime(text_, tokens) || tokens.empty()) fail_format();
    force_negative_ = style_.interval_style == IntervalStyle::kSqlStandard &&
                      tokens[0].text[0] == '-' && tokens[0].kind == DateTimeToken::Kind::kZone &&
                      !any_sign_after(tokens);
    for (size_t i = tokens.size(); i-- > 0;) add_token(tokens[i]);
    if (!any_) fail_format();
    if (ago_) negate();
    return sum_.finish();
  }

 private:
  [[noreturn]] void fail_format() {
    fail(base::sqlstate::kInvalidDatetimeFormat,
         fmt::format("invalid input syntax for type interval: \"{}\"", text_));
  }
  [[noreturn]] void fail_field() {
    fail(base::sqlstate::kIntervalFieldOverflow,
         fmt::format("interval field value out of range: \"{}\"", text_));
  }

  static bool any_sign_after(const std::vector<DateTimeToken>& tokens) {
    return std::any_of(tokens.begin() + 1, tokens.end(),
                       [](const DateTimeToken& t) { return t.text[0] == '-' || t.text[0] == '+'; });
  }

  void add_token(const DateTimeToken& token) {
    switch (token.kind) {
      case DateTimeToken::Kind::kTime:
        return add_time(token.text, false);
      case DateTimeToken::Kind::kZone: {
        // A sign before a time or a number.
        std::string_view rest = std::string_view(token.text).substr(1);
        bool negative = token.text[0] == '-';
        if (rest.find(':') != std::string_view::npos) return add_time(rest, negative);
        return add_number(token.text);
      }
      case DateTimeToken::Kind::kNumber:
      case DateTimeToken::Kind::kDate:
        return add_number(token.text);
      case DateTimeToken::Kind::kWord:
      case DateTimeToken::Kind::kSpecial:
        return add_word(token.text);
    }
  }

  void add_word(const std::string& text) {
    const DateTimeWord* word = find_unit_word(std::string_view(text).substr(0, 10));
    if (word == nullptr) fail_format();
    if (word->kind == DateTimeWord::Kind::kAgo) {
      ago_ = true;
      return;
    }
    unit_ = word->value;
  }

  void once(int bit) {
    if ((seen_ & 1 << bit) != 0) fail_format();
    seen_ |= 1 << bit;
    any_ = true;
  }

  int64_t integer(std::string_view digits) {
    int64_t value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::result_out_of_range) fail_field();
    if (error != std::errc() || end != digits.data() + digits.size()) fail_format();
    return value;
  }
  double fraction(std::string_view text) {
    for (char c : text.substr(1)) {
      if (!is_digit(c)) fail_format();
    }
    return text.size() > 1 ? std::stod("0" + std::string(text)) : 0;
  }

  /// "hh:mm", "hh:mm:ss.fff", "mm:ss.fff"
  void add_time(std::string_view text, bool negative) {
    int64_t parts[3] = {0, 0, 0};
    int count = 0;
    double fraction_value = 0;
    while (true) {
      size_t end = std::min(text.find_first_of(":."), text.size());
      parts[count++] = integer(text.substr(0, end));
      text.remove_prefix(end);
      if (text.empty()) break;
      if (text[0] == '.') {
        fraction_value = fraction(text);
        break;
      }
      text.remove_prefix(1);
      if (count == 3) fail_format();
    }
    bool to_second = range_ == (interval_field::kMinute | interval_field::kSecond);
    bool minutes_first = count == 2 && (!text.empty() || to_second);
    if (minutes_first) {
      parts[2] = parts[1];
      parts[1] = parts[0];
      parts[0] = 0;
    }
    if (parts[1] > 59 || parts[2] > 60) fail_field();
    once(W::kHour);
    once(W::kMinute);
    once(W::kSecond);
    int sign = negative || force_negative_ ? -1 : 1;
    bool ok = sum_.add(sign * parts[0], 0, W::kHour) && sum_.add(sign * parts[1], 0, W::kMinute) &&
              sum_.add(sign * parts[2], 0, W::kSecond) &&
              sum_.add_micros(sign * static_cast<int64_t>(fraction_value * 1e6 + 0.5), 1);
    if (!ok) fail_field();
    unit_ = W::kDay;  // a bare number before a time counts days
  }

  int default_unit() const {
    namespace field = interval_field;
    if (range_ == field::kAll || (range_ & field::kSecond) != 0) return W::kSecond;
    if ((range_ & field::kMinute) != 0) return W::kMinute;
    if ((range_ & field::kHour) != 0) return W::kHour;
    if ((range_ & field::kDay) != 0) return W::kDay;
    if ((range_ & field::kMonth) != 0) return W::kMonthUnit;
    return W::kYear;
  }

  void add_number(std::string_view text) {
    bool negative = text[0] == '-';
    if (negative || text[0] == '+') text.remove_prefix(1);
    negative |= force_negative_;
    int unit = unit_ >= 0 ? unit_ : default_unit();
    size_t end = 0;
    while (end < text.size() && is_digit(text[end])) ++end;
    int64_t whole = end == 0 ? 0 : integer(text.substr(0, end));
    double part = 0;
    std::string_view rest = text.substr(end);
    if (rest.starts_with('-')) {  // SQL's years-months
      int64_t months = integer(rest.substr(1));
      if (months >= 12) fail_field();
      int64_t total = 0;
      if (__builtin_mul_overflow(whole, int64_t{12}, &total)) fail_field();
      whole = total + months;
      unit = W::kMonthUnit;
    } else if (rest.starts_with('.')) {
      part = fraction(rest);
    } else if (!rest.empty()) {
      fail_format();
    }
    once(unit);
    if (!sum_.add(negative ? -whole : whole, negative ? -part : part, unit)) fail_field();
  }

  void negate() {
    Interval& i = sum_.sum;
    if (i.days == INT32_MIN || i.micros == INT64_MIN) fail_field();
    i = {-i.micros, -i.days, 0};
    sum_.months = -sum_.months;
  }

  /// After the 'P' of "P1Y2M3DT4H5M6.7S", "P2W", or "P0001-02-03T04:05:06".
  Interval parse_iso(std::string_view rest) {
    bool in_time = false;
    if (rest.empty()) fail_format();
    while (!rest.empty()) {
      if (rest[0] == 'T') {
        in_time = true;
        rest.remove_prefix(1);
        continue;
      }
      Number n = iso_number(rest);
      if (rest.empty() || rest[0] == '-' || rest[0] == ':' || rest[0] == 'T') {
        return parse_iso_alternative(n, rest, in_time);
      }
      int unit = iso_unit(rest[0], in_time);
      rest.remove_prefix(1);
      if (!sum_.add(n.whole, n.fraction, unit)) fail_field();
    }
    return sum_.finish();
  }

  int iso_unit(char letter, bool in_time) {
    switch (letter) {
      case 'Y':
        if (!in_time) return W::kYear;
        break;
      case 'M':
        return in_time ? W::kMinute : W::kMonthUnit;
      case 'W':
        if (!in_time) return W::kWeek;
        break;
      case 'D':
        if (!in_time) return W::kDay;
        break;
      case 'H':
        if (in_time) return W::kHour;
        break;
      case 'S':
        if (in_time) return W::kSecond;
        break;
      default:
        break;
    }
    fail_format();
  }

  Number iso_number(std::string_view& rest) {
    Number n;
    n.negative = rest.starts_with('-');
    if (n.negative || rest.starts_with('+')) rest.remove_prefix(1);
    size_t end = 0;
    while (end < rest.size() && is_digit(rest[end])) ++end;
    if (end > 0) n.whole = integer(rest.substr(0, end));
    if (end == 0 && !rest.starts_with('.')) fail_format();
    rest.remove_prefix(end);
    if (rest.starts_with('.')) {
      size_t stop = 1;
      while (stop < rest.size() && is_digit(rest[stop])) ++stop;
      n.fraction = fraction(rest.substr(0, stop));
      rest.remove_prefix(stop);
    }
    if (n.negative) {
      n.whole = -n.whole;
      n.fraction = -n.fraction;
    }
    return n;
  }

  Interval parse_iso_alternative(Number first, std::string_view rest, bool in_time) {
    static constexpr int kDateUnits[] = {W::kYear, W::kMonthUnit, W::kDay};
    static constexpr int kTimeUnits[] = {W::kHour, W::kMinute, W::kSecond};
    int part = 0;
    Number n = first;
    while (true) {
      if (part > 2) fail_format();
      int unit = in_time ? kTimeUnits[part] : kDateUnits[part];
      if (!sum_.add(n.whole, n.fraction, unit)) fail_field();
      ++part;
      if (rest.empty()) return sum_.finish();
      if (rest[0] == 'T' && !in_time) {
        in_time = true;
        part = 0;
      } else if (rest[0] != (in_time ? ':' : '-')) {
        fail_format();
      }
      rest.remove_prefix(1);
      if (rest.empty()) return sum_.finish();
      n = iso_number(rest);
    }
  }

  std::string_view text_;
  const OutputStyle& style_;
  int32_t range_;
  Sum sum_;
  int unit_ = -1;
  int seen_ = 0;
  bool any_ = false;
  bool ago_ = false;
  bool force_negative_ = false;
};

}  // namespace

Interval parse_interval(std::string_view text, int32_t typmod, const OutputStyle& style) {
  return Parser(text, typmod, style).parse();
}

}  // namespace isolde::sql
