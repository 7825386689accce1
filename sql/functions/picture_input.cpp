#include "sql/functions/picture_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>

#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"

// Reading a text by a template. Blanks and separators are matched loosely (but under FX one for
// one): a blank or separator of the template takes one of the text, or none when there is none;
// more of them in the text are skipped and counted, as they make up for characters that the
// template wants skipped later. A number takes as many digits as its pattern is long; when
// something that is not a digit follows in the template, or under FM, it takes all there are.

namespace isolde::sql {

namespace {

constexpr std::string_view kMeridiems[] = {"am", "pm"};
constexpr std::string_view kDottedMeridiems[] = {"a.m.", "p.m."};
constexpr std::string_view kEras[] = {"ad", "bc"};
constexpr std::string_view kDottedEras[] = {"a.d.", "b.c."};

base::Error format_error(std::string message) {
  return base::Error(base::sqlstate::kInvalidDatetimeFormat, std::move(message));
}

/// A year of fewer than four digits is the one nearest to 2020.
int32_t near_2020(int32_t year) {
  if (year < 70) return year + 2000;
  if (year < 100) return year + 1900;
  if (year < 520) return year + 2000;
  if (year < 1000) return year + 1000;
  return year;
}

struct ReadInteger {
  int64_t value = 0;  ///< clamped
  size_t used = 0;    ///< bytes, with the blanks before; 0 when there is no number
};
/// Blanks, a sign, digits.
ReadInteger read_integer(std::string_view text) {
  size_t at = 0;
  while (at < text.size() && is_blank(text[at])) ++at;
  bool negative = at < text.size() && text[at] == '-';
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  size_t digits = at;
  int64_t value = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    value = std::min<int64_t>(value * 10 + (text[at] - '0'), int64_t{1} << 40);
  }
  if (at == digits) return {};
  return {negative ? -value : value, at};
}

class Reader {
 public:
  Reader(std::string_view text, const DatePicture& picture) : rest_(text), picture_(picture) {}

  PictureInput run() {
    for (at_ = 0; at_ < picture_.size() && !rest_.empty(); ++at_) {
      const DateNode& node = picture_[at_];
      bool is_field = node.kind == DateNode::Kind::kField;
      bool is_fixed = is_field && node.pattern->field == DateField::kFixed;
      if (!fixed_ && !is_fixed && (is_field || at_ == 0)) skip_blanks();
      if (!is_field) {
        consume(node);
        continue;
      }
      set_convention(node.pattern->convention);
      field(node);
      if (!fixed_) {
        skipped_ = 0;
        skip_blanks();
      }
    }
    return in_;
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && is_blank(rest_[0])) {
      advance(1);
      ++skipped_;
    }
  }
  void advance(size_t bytes) {
    if (bytes == 0) return;
    last_ = rest_[bytes - 1];
    rest_.remove_prefix(bytes);
  }
  void skip_character() {
    if (!rest_.empty()) advance(std::min(utf8_width(rest_[0]), rest_.size()));
  }

  /// A character of the template that is no field.
  void consume(const DateNode& node) {
    if (fixed_) return skip_character();
    if (node.kind == DateNode::Kind::kText) {
      if (skipped_ > 0) {
        --skipped_;  // it may have been this one
      } else {
        skip_character();
      }
      return;
    }
    --skipped_;
    if (!rest_.empty() && (is_blank(rest_[0]) || is_picture_separator(rest_[0]))) {
      advance(1);
      ++skipped_;
    }
  }

  void set_convention(DateConvention convention) {
    if (convention == DateConvention::kNone) return;
    if (in_.convention == DateConvention::kNone) in_.convention = convention;
    if (in_.convention != convention) {
      throw base::SqlException(format_error("invalid combination of date conventions")
                                   .hint("Do not mix Gregorian and ISO week date conventions in a "
                                         "formatting template."));
    }
  }

  void set(int32_t& field, int64_t value) {
    if (field != 0 && field != value) {
      throw base::SqlException(
          format_error(
              fmt::format("conflicting values for \"{}\" field in formatting string", name()))
              .detail("This value contradicts a previous setting for the same field type."));
    }
    field = static_cast<int32_t>(value);
  }

  const std::string& name() const { return picture_[at_].text; }

  /// What follows in the template is no digit, so that a number ends by itself.
  bool number_ends_itself() const {
    const DateNode& node = picture_[at_];
    if (node.fill_mode || node.ordinal != Ordinal::kNone || at_ + 1 == picture_.size()) return true;
    const DateNode& next = picture_[at_ + 1];
    if (next.kind == DateNode::Kind::kField) return !next.pattern->digits;
    return !is_digit(next.text[0]);
  }

  /// Returns how many bytes it took.
  size_t integer(size_t length, int32_t* field) {
    size_t blanks = 0;
    while (blanks < rest_.size() && is_blank(rest_[blanks])) ++blanks;
    std::string_view piece = rest_.substr(blanks, length);
    ReadInteger read;
    if (number_ends_itself()) {
      read = read_integer(rest_);
    } else {
      if (rest_.size() - blanks < length) fail_short(length, rest_.size() - blanks);
      read = read_integer(piece);
      if (read.used > 0 && read.used < length) fail_partial(piece, length, read.used);
      read.used += blanks;
    }
    if (read.used == 0) {
      throw base::SqlException(
          format_error(fmt::format("invalid value \"{}\" for \"{}\"", piece, name()))
              .detail("Value must be an integer."));
    }
    constexpr int32_t kMin = std::numeric_limits<int32_t>::min();
    constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
    if (read.value < kMin || read.value > kMax) {
      throw base::SqlException(
          base::Error(base::sqlstate::kDatetimeValueOutOfRange,
                      fmt::format("value for \"{}\" in source string is out of range", name()))
              .detail(fmt::format("Value must be in the range {} to {}.", kMin, kMax)));
    }
    if (field != nullptr) set(*field, read.value);
    advance(read.used);
    return read.used;
  }
  /// As long as its pattern.
  size_t integer(int32_t& field) { return integer(name().size(), &field); }

  static constexpr const char* kFillHint =
      "If your source string is not fixed-width, try using the \"FM\" modifier.";
  [[noreturn]] void fail_short(size_t wanted, size_t has) const {
    throw base::SqlException(
        format_error(fmt::format("source string too short for \"{}\" formatting field", name()))
            .detail(fmt::format("Field requires {} characters, but only {} remain.", wanted, has))
            .hint(kFillHint));
  }
  [[noreturn]] void fail_partial(std::string_view piece, size_t wanted, size_t used) const {
    throw base::SqlException(
        format_error(fmt::format("invalid value \"{}\" for \"{}\"", piece, name()))
            .detail(fmt::format("Field requires {} characters, but only {} could be parsed.",
                                wanted, used))
            .hint(kFillHint));
  }

  /// The index of the word that the text goes on with; `letters` cuts the words.
  int word(std::span<const std::string_view> words, size_t letters = std::string_view::npos) {
    for (size_t i = 0; i < words.size(); ++i) {
      std::string_view one = words[i].substr(0, letters);
      if (!equals_ignoring_case(rest_.substr(0, one.size()), one)) continue;
      advance(one.size());
      return static_cast<int>(i);
    }
    auto blank = std::find_if(rest_.begin(), rest_.end(), is_blank);
    std::string_view shown = rest_.substr(0, static_cast<size_t>(blank - rest_.begin()));
    throw base::SqlException(
        format_error(fmt::format("invalid value \"{}\" for \"{}\"", shown, name()))
            .detail("The given value did not match any of the allowed values for this field."));
  }

  /// A fraction by its digits: 5 is half a second, 05 a twentieth.
  void fraction(int32_t& field, size_t digits, size_t wanted) {
    size_t used = integer(wanted, &field);
    for (size_t i = used; i < digits; ++i) field *= 10;
  }

  void year(const DateNode& node) {
    int size = node.pattern->size;
    size_t used = integer(in_.year);
    if (size < 4 && used < 4) in_.year = near_2020(in_.year);
    in_.year_digits = size;
  }

  /// "2,024"
  void year_with_comma() {
    ReadInteger thousands = read_integer(rest_);
    std::string_view behind = rest_.substr(thousands.used);
    ReadInteger years;
    if (thousands.used > 0 && behind.starts_with(",")) {
      size_t blanks = 1;
      while (blanks < behind.size() && is_blank(behind[blanks])) ++blanks;
      years = read_integer(behind.substr(blanks, 3));
      years.used += years.used > 0 ? blanks : 0;
    }
    if (years.used == 0) {
      throw base::SqlException(format_error("invalid input string for \"Y,YYY\""));
    }
    set(in_.year, years.value + thousands.value * 1000);
    in_.year_digits = 4;
    advance(thousands.used + years.used);
  }

  void zone_hour() {
    bool sign = !rest_.empty() && (rest_[0] == '+' || rest_[0] == '-' || rest_[0] == ' ');
    // A minus may have been taken for a separator.
    bool minus = sign ? rest_[0] == '-' : skipped_ > 0 && last_ == '-';
    in_.zone_sign = minus ? -1 : 1;
    if (sign) advance(1);
    integer(2, &in_.zone_hour);
  }

  [[noreturn]] void fail_output_only() const {
    fail(base::sqlstate::kFeatureNotSupported,
         fmt::format("formatting field \"{}\" is only supported in to_char", name()));
  }

  void field(const DateNode& node) {
    bool dots = node.pattern->size == 1;
    switch (node.pattern->field) {
      case DateField::kFixed:
        fixed_ = true;
        return;
      case DateField::kMeridiem:
        set(in_.afternoon, word(dots ? kDottedMeridiems : kMeridiems));
        in_.twelve_hours = true;
        return;
      case DateField::kEra:
        return set(in_.before_era, word(dots ? kDottedEras : kEras));
      case DateField::kMonthName:
        return set(in_.month, word(kMonthNames) + 1);
      case DateField::kMonthShort:
        return set(in_.month, word(kMonthNames, 3) + 1);
      case DateField::kMonthRoman:
        return set(in_.month, 12 - word(kRomanMonths));
      case DateField::kDayName:
        set(in_.weekday, word(kDayNames));
        ++in_.weekday;
        return;
      case DateField::kDayShort:
        set(in_.weekday, word(kDayNames, 3));
        ++in_.weekday;
        return;
      case DateField::kZoneName:
      case DateField::kOffset:
        fail_output_only();
      case DateField::kZoneHour:
        return zone_hour();
      case DateField::kZoneMinute:
        if (in_.zone_sign == 0) in_.zone_sign = 1;
        integer(2, &in_.zone_minute);
        return;
      default:
        number_field(node);
        if (node.ordinal != Ordinal::kNone) {
          skip_character();
          skip_character();
        }
    }
  }

  void number_field(const DateNode& node) {
    switch (node.pattern->field) {
      case DateField::kHour12:
        integer(2, &in_.hour);
        in_.twelve_hours = true;
        return;
      case DateField::kHour24:
        integer(2, &in_.hour);
        return;
      case DateField::kMinute:
        integer(in_.minute);
        return;
      case DateField::kSecond:
        integer(in_.second);
        return;
      case DateField::kSecondOfDay:
        integer(in_.second_of_day);
        return;
      case DateField::kMillis:
        return fraction(in_.millis, 3, 3);
      case DateField::kMicros:
        return fraction(in_.micros, 6, 6);
      case DateField::kFraction:
        in_.fraction_digits = node.pattern->size;
        return fraction(in_.micros, 6, static_cast<size_t>(node.pattern->size));
      default:
        date_field(node);
    }
  }

  void date_field(const DateNode& node) {
    switch (node.pattern->field) {
      case DateField::kMonth:
        integer(in_.month);
        return;
      case DateField::kDayOfYear:
        integer(in_.day_of_year);
        return;
      case DateField::kIsoDayOfYear:
        integer(3, &in_.day_of_year);
        return;
      case DateField::kDayOfMonth:
        integer(in_.day);
        return;
      case DateField::kDayOfWeek:
        integer(in_.weekday);
        return;
      case DateField::kIsoDayOfWeek:
        integer(1, &in_.weekday);
        in_.weekday = in_.weekday >= 7 ? 1 : in_.weekday + 1;
        return;
      case DateField::kWeek:
      case DateField::kIsoWeek:
        integer(in_.week);
        return;
      case DateField::kWeekOfMonth:
        integer(in_.week_of_month);
        return;
      case DateField::kQuarter:
        integer(1, nullptr);  // which day of it? It is only read
        return;
      case DateField::kCentury:
        integer(in_.century);
        return;
      case DateField::kYearComma:
        return year_with_comma();
      case DateField::kJulianDay:
        integer(in_.julian);
        return;
      default:
        year(node);
    }
  }

  std::string_view rest_;
  const DatePicture& picture_;
  size_t at_ = 0;
  bool fixed_ = false;
  int skipped_ = 0;   ///< characters skipped beyond those that the template asked for
  char last_ = '\0';  ///< the character before the rest
  PictureInput in_;
};

}  // namespace

PictureInput read_by_picture(std::string_view text, const DatePicture& picture) {
  return Reader(text, picture).run();
}

}  // namespace isolde::sql
