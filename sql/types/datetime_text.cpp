#include <fmt/format.h>

#include <cstdlib>
#include <iterator>

#include "sql/types/datetime.hpp"

namespace isolde::sql {

namespace {

constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int64_t shown_year(const Civil& c) {
  return c.year > 0 ? c.year : 1 - c.year;
}

void append_era(std::string& out, const Civil& c) {
  if (c.year <= 0) out += " BC";
}

template <typename... Args>
void print(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

/// "hh:mm:ss", and a fraction without the zeros at its end.
void append_clock(std::string& out, const Civil& c) {
  print(out, "{:02}:{:02}:{:02}", c.hour, c.minute, c.second);
  if (c.micros == 0) return;
  print(out, ".{:06}", c.micros);
  while (out.back() == '0') out.pop_back();
}

void append_calendar_day(std::string& out, const Civil& c, const OutputStyle& style, char dash) {
  bool day_first = style.date_order == DateOrder::kDmy;
  switch (style.date_format) {
    case DateFormat::kIso:
      print(out, "{:04}-{:02}-{:02}", shown_year(c), c.month, c.day);
      return;
    case DateFormat::kGerman:
      print(out, "{:02}.{:02}.{:04}", c.day, c.month, shown_year(c));
      return;
    case DateFormat::kSql:
    case DateFormat::kPostgres:
      print(out, "{:02}{}{:02}{}{:04}", day_first ? c.day : c.month, dash,
            day_first ? c.month : c.day, dash, shown_year(c));
      return;
  }
}

/// "Mon Jan 08" or "Mon 08 Jan"
void append_words(std::string& out, const Civil& c, const OutputStyle& style) {
  int64_t days = days_from_civil(c.year, c.month, c.day);
  const char* weekday = kDays[floor_mod(days + 6, 7)];
  const char* month = kMonths[c.month - 1];
  if (style.date_order == DateOrder::kDmy) {
    print(out, "{} {:02} {}", weekday, c.day, month);
  } else {
    print(out, "{} {} {:02}", weekday, month, c.day);
  }
}

bool append_infinity(std::string& out, bool minus, bool plus) {
  if (minus) out += "-infinity";
  if (plus) out += "infinity";
  return minus || plus;
}

void append_moment(std::string& out, const Civil& c, const OutputStyle& style,
                   const TimeZone::Offset* zone) {
  if (style.date_format == DateFormat::kPostgres) {
    append_words(out, c, style);
    out += ' ';
    append_clock(out, c);
    print(out, " {:04}", shown_year(c));
  } else {
    append_calendar_day(out, c, style, '/');
    out += ' ';
    append_clock(out, c);
  }
  if (zone != nullptr && style.date_format == DateFormat::kIso) {
    append_zone_offset(out, zone->seconds);
  } else if (zone != nullptr) {
    out += ' ';
    out += zone->abbreviation;
  }
  append_era(out, c);
}

}  // namespace

void append_zone_offset(std::string& out, int32_t seconds_east) {
  int32_t rest = std::abs(seconds_east);
  print(out, "{}{:02}", seconds_east < 0 ? '-' : '+', rest / 3600);
  if (rest % 3600 == 0) return;
  print(out, ":{:02}", rest / 60 % 60);
  if (rest % 60 != 0) print(out, ":{:02}", rest % 60);
}

void append_date(std::string& out, int64_t date, const OutputStyle& style) {
  if (append_infinity(out, date == kDateMinusInfinity, date == kDateInfinity)) return;
  Civil civil;
  civil_from_days(date, civil);
  append_calendar_day(out, civil, style, style.date_format == DateFormat::kPostgres ? '-' : '/');
  append_era(out, civil);
}

void append_time(std::string& out, int64_t micros) {
  Civil civil;
  set_time(civil, micros);
  append_clock(out, civil);
}

void append_timetz(std::string& out, const TimeTz& time) {
  append_time(out, time.micros);
  append_zone_offset(out, -time.west);
}

void append_timestamp(std::string& out, int64_t t, const OutputStyle& style) {
  if (append_infinity(out, t == kTimestampMinusInfinity, t == kTimestampInfinity)) return;
  append_moment(out, civil_from_timestamp(t), style, nullptr);
}

void append_timestamptz(std::string& out, int64_t t, const OutputStyle& style) {
  if (append_infinity(out, t == kTimestampMinusInfinity, t == kTimestampInfinity)) return;
  TimeZone::Offset zone = zone_of(style).offset_at(t);
  append_moment(out, civil_from_timestamp(t + zone.seconds * kMicrosPerSecond), style, &zone);
}

}  // namespace isolde::sql
