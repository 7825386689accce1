#include <fmt/format.h>

#include <cstdlib>

#include "sql/functions/datetime_from_char.hpp"
#include "sql/functions/datetime_picture.hpp"
#include "sql/functions/declaration.hpp"
#include "sql/functions/ordinal.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/datetime.hpp"
#include "sql/types/errors.hpp"

// to_char for timestamps and intervals.

namespace isolde::sql {

namespace {

/// What the fields are made from. An interval has hours beyond 24 and any sign.
struct Moment {
  bool is_interval = false;
  int64_t year = 0;
  int64_t month = 0;
  int64_t day = 0;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t micros = 0;
  int64_t day_of_year = 0;
  int64_t weekday = 0;
  int64_t east = 0;  ///< seconds
  std::string_view zone;
};

std::string in_case(std::string_view title, LetterCase letters) {
  std::string out(title);
  for (char& c : out) {
    if (letters == LetterCase::kUpper) c = to_upper(c);
    if (letters == LetterCase::kLower) c = to_lower(c);
  }
  return out;
}

class Writer {
 public:
  explicit Writer(const Moment& moment) : m_(moment) {}

  std::string run(const DatePicture& picture) {
    for (const DateNode& node : picture) {
      if (node.kind == DateNode::Kind::kField) {
        field(node);
      } else {
        out_ += node.text;
      }
    }
    return std::move(out_);
  }

 private:
  [[noreturn]] static void fail_interval() {
    throw base::SqlException(base::Error(base::sqlstate::kInvalidDatetimeFormat,
                                         "invalid format specification for an interval value")
                                 .hint("Intervals are not tied to specific calendar dates."));
  }

  /// A field of the calendar or of a zone, which intervals do not have.
  void not_of_intervals() const {
    if (m_.is_interval) fail_interval();
  }

  void number(const DateNode& node, int64_t value, int width) {
    std::string digits = fmt::format("{:0{}}", value, node.fill_mode ? 0 : width);
    if (node.ordinal != Ordinal::kNone) {
      digits += ordinal_suffix(digits, node.ordinal == Ordinal::kUpper);
    }
    out_ += digits;
  }
  /// A minus takes a place of its own.
  void signed_number(const DateNode& node, int64_t value, int width) {
    number(node, value, value >= 0 ? width : width + 1);
  }

  void name(const DateNode& node, std::string_view title, size_t width) {
    std::string text = in_case(title, node.letters);
    if (!node.fill_mode && !node.translated && text.size() < width) text.resize(width, ' ');
    out_ += text;
  }

  void field(const DateNode& node) {
    switch (node.pattern->field) {
      case DateField::kMeridiem:
      case DateField::kHour12:
      case DateField::kHour24:
      case DateField::kMinute:
      case DateField::kSecond:
      case DateField::kSecondOfDay:
      case DateField::kFraction:
      case DateField::kMillis:
      case DateField::kMicros:
        return clock_field(node);
      case DateField::kZoneName:
      case DateField::kZoneHour:
      case DateField::kZoneMinute:
      case DateField::kOffset:
        return zone_field(node);
      case DateField::kCentury:
      case DateField::kYear:
      case DateField::kYearComma:
      case DateField::kIsoYear:
      case DateField::kEra:
        return year_field(node);
      case DateField::kMonth:
      case DateField::kMonthName:
      case DateField::kMonthShort:
      case DateField::kMonthRoman:
      case DateField::kQuarter:
        return month_field(node);
      case DateField::kDayName:
      case DateField::kDayShort:
      case DateField::kDayOfYear:
      case DateField::kIsoDayOfYear:
      case DateField::kDayOfMonth:
      case DateField::kDayOfWeek:
      case DateField::kIsoDayOfWeek:
      case DateField::kWeek:
      case DateField::kIsoWeek:
      case DateField::kWeekOfMonth:
      case DateField::kJulianDay:
        return day_field(node);
      case DateField::kFixed:
        return;
    }
  }

  void fraction(const DateNode& node, int digits) {
    int64_t value = m_.micros;
    for (int i = digits; i < 6; ++i) value /= 10;
    std::string text = fmt::format("{:0{}}", value, digits);
    if (node.ordinal != Ordinal::kNone) {
      text += ordinal_suffix(text, node.ordinal == Ordinal::kUpper);
    }
    out_ += text;
  }

  void clock_field(const DateNode& node) {
    switch (node.pattern->field) {
      case DateField::kMeridiem: {
        bool late = m_.hour % 24 >= 12;
        bool dots = node.pattern->size == 1;
        out_ += in_case(late ? (dots ? "P.M." : "PM") : (dots ? "A.M." : "AM"), node.letters);
        return;
      }
      case DateField::kHour12: {
        int64_t hour = m_.hour % 12 == 0 ? 12 : m_.hour % 12;
        return number(node, hour, m_.hour >= 0 ? 2 : 3);
      }
      case DateField::kHour24:
        return signed_number(node, m_.hour, 2);
      case DateField::kMinute:
        return signed_number(node, m_.minute, 2);
      case DateField::kSecond:
        return signed_number(node, m_.second, 2);
      case DateField::kSecondOfDay:
        return number(node, m_.hour * 3600 + m_.minute * 60 + m_.second, 0);
      case DateField::kFraction:
        return fraction(node, node.pattern->size);
      case DateField::kMillis:
        return fraction(node, 3);
      default:
        return fraction(node, 6);
    }
  }

  void zone_field(const DateNode& node) {
    not_of_intervals();
    int64_t distance = std::abs(m_.east);
    char sign = m_.east >= 0 ? '+' : '-';
    switch (node.pattern->field) {
      case DateField::kZoneName:
        out_ += node.letters == LetterCase::kLower ? in_case(m_.zone, LetterCase::kLower)
                                                   : std::string(m_.zone);
        return;
      case DateField::kZoneHour:
        out_ += fmt::format("{}{:02}", sign, distance / 3600);
        return;
      case DateField::kZoneMinute:
        out_ += fmt::format("{:02}", distance % 3600 / 60);
        return;
      default:
        out_ += fmt::format("{}{:0{}}", sign, distance / 3600, node.fill_mode ? 0 : 2);
        if (distance % 3600 != 0) out_ += fmt::format(":{:02}", distance % 3600 / 60);
    }
  }

  /// Years before our era count from 1 on, too.
  int64_t shown_year(int64_t year) const { return m_.is_interval || year > 0 ? year : 1 - year; }

  int64_t century() const {
    if (m_.is_interval) return m_.year / 100;
    return m_.year > 0 ? (m_.year - 1) / 100 + 1 : m_.year / 100 - 1;
  }

  void year_field(const DateNode& node) {
    switch (node.pattern->field) {
      case DateField::kEra: {
        not_of_intervals();
        bool dots = node.pattern->size == 1;
        bool before = m_.year <= 0;
        out_ += in_case(before ? (dots ? "B.C." : "BC") : (dots ? "A.D." : "AD"), node.letters);
        return;
      }
      case DateField::kCentury: {
        int64_t value = century();
        return value <= 99 && value >= -99 ? signed_number(node, value, 2) : number(node, value, 0);
      }
      case DateField::kYearComma: {
        int64_t year = shown_year(m_.year);
        std::string text = fmt::format("{},{:03}", year / 1000, year % 1000);
        if (node.ordinal != Ordinal::kNone) {
          text += ordinal_suffix(text, node.ordinal == Ordinal::kUpper);
        }
        out_ += text;
        return;
      }
      default: {
        bool iso = node.pattern->field == DateField::kIsoYear;
        int64_t year = shown_year(iso ? iso_date(m_.year, m_.month, m_.day).year : m_.year);
        int size = node.pattern->size;
        int64_t cut = size == 3   ? year % 1000
                      : size == 2 ? year % 100
                      : size == 1 ? year % 10
                                  : year;
        if (size == 1) return number(node, cut, 1);
        return number(node, cut, shown_year(m_.year) >= 0 ? size : size + 1);
      }
    }
  }

  /// Counts down from XII; an interval of whole years has month 0, which is XII.
  size_t roman_index() const {
    if (m_.month == 0) return m_.year >= 0 ? 0 : 11;
    return static_cast<size_t>(m_.month < 0 ? -(m_.month + 1) : 12 - m_.month);
  }

  void month_field(const DateNode& node) {
    auto index = static_cast<size_t>(m_.month > 0 ? m_.month - 1 : 0);
    switch (node.pattern->field) {
      case DateField::kMonth:
        return signed_number(node, m_.month, 2);
      case DateField::kMonthName:
        not_of_intervals();
        return name(node, kMonthNames[index], 9);
      case DateField::kMonthShort:
        not_of_intervals();
        return name(node, kMonthNames[index].substr(0, 3), 0);
      case DateField::kMonthRoman:
        if (m_.month == 0 && m_.year == 0) return;
        return name(node, kRomanMonths[roman_index()], 4);
      default:
        if (m_.month != 0) number(node, (m_.month - 1) / 3 + 1, 0);
    }
  }

  void day_field(const DateNode& node) {
    switch (node.pattern->field) {
      case DateField::kDayName:
        not_of_intervals();
        return name(node, kDayNames[m_.weekday], 9);
      case DateField::kDayShort:
        not_of_intervals();
        return name(node, kDayNames[m_.weekday].substr(0, 3), 0);
      case DateField::kDayOfYear:
        return number(node, m_.day_of_year, 3);
      case DateField::kIsoDayOfYear:
        return number(node, iso_date(m_.year, m_.month, m_.day).day_of_year, 3);
      case DateField::kDayOfMonth:
        return number(node, m_.day, 2);
      case DateField::kDayOfWeek:
        not_of_intervals();
        return number(node, m_.weekday + 1, 0);
      case DateField::kIsoDayOfWeek:
        not_of_intervals();
        return number(node, m_.weekday == 0 ? 7 : m_.weekday, 0);
      case DateField::kWeek:
        return number(node, (m_.day_of_year - 1) / 7 + 1, 2);
      case DateField::kIsoWeek:
        return number(node, iso_date(m_.year, m_.month, m_.day).week, 2);
      case DateField::kWeekOfMonth:
        return number(node, (m_.day - 1) / 7 + 1, 0);
      default:
        return number(node, julian_day(m_.year, m_.month, m_.day), 0);
    }
  }

  const Moment& m_;
  std::string out_;
};

Moment moment_of(int64_t local) {
  Civil c = civil_from_timestamp(local);
  int64_t today = days_from_civil(c.year, c.month, c.day);
  Moment m;
  m.year = c.year;
  m.month = c.month;
  m.day = c.day;
  m.hour = c.hour;
  m.minute = c.minute;
  m.second = c.second;
  m.micros = c.micros;
  m.day_of_year = today - days_from_civil(c.year, 1, 1) + 1;
  m.weekday = floor_mod(today + 6, 7);
  return m;
}

Datum write(CallContext& context, const Moment& moment, std::string_view picture) {
  return context.arena.bytes(Writer(moment).run(date_picture(picture)));
}

Datum timestamp_to_char(CallContext& context, const Datum* args) {
  std::string_view picture = args[1].as_bytes();
  if (picture.empty() || !is_finite_timestamp(args[0].as_int())) return Datum::null();
  return write(context, moment_of(args[0].as_int()), picture);
}

Datum timestamptz_to_char(CallContext& context, const Datum* args) {
  std::string_view picture = args[1].as_bytes();
  int64_t utc = args[0].as_int();
  if (picture.empty() || !is_finite_timestamp(utc)) return Datum::null();
  TimeZone::Offset offset = zone_of(context.style).offset_at(utc);
  Moment moment = moment_of(utc + offset.seconds * kMicrosPerSecond);
  moment.east = offset.seconds;
  moment.zone = offset.abbreviation;
  return write(context, moment, picture);
}

Datum interval_to_char(CallContext& context, const Datum* args) {
  std::string_view picture = args[1].as_bytes();
  if (picture.empty()) return Datum::null();
  Interval i = read_interval(args[0]);
  Moment m;
  m.is_interval = true;
  m.year = i.months / 12;
  m.month = i.months % 12;
  m.day = i.days;
  m.hour = i.micros / kMicrosPerHour;
  m.minute = i.micros / kMicrosPerMinute % 60;
  m.second = i.micros / kMicrosPerSecond % 60;
  m.micros = i.micros % kMicrosPerSecond;
  m.day_of_year = int64_t{i.months} * 30 + i.days;  // about the whole span
  return write(context, m, picture);
}

Datum to_timestamp(CallContext& context, const Datum* args) {
  return Datum::of_int(
      timestamptz_by_picture(args[0].as_bytes(), args[1].as_bytes(), zone_of(context.style)));
}
Datum to_date(CallContext&, const Datum* args) {
  return Datum::of_int(date_by_picture(args[0].as_bytes(), args[1].as_bytes()));
}

constexpr FunctionRow kRows[] = {
    {2049, "to_char(timestamp, text) text", timestamp_to_char, kStable},
    {1770, "to_char(timestamptz, text) text", timestamptz_to_char, kStable},
    {1768, "to_char(interval, text) text", interval_to_char, kStable},
    {1778, "to_timestamp(text, text) timestamptz", to_timestamp, kStable},
    {1780, "to_date(text, text) date", to_date, kStable},
};

}  // namespace

const std::span<const FunctionRow> kDatetimePictures = kRows;

}  // namespace isolde::sql
