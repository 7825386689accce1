#include "sql/functions/datetime_from_char.hpp"

#include <fmt/format.h>

#include "sql/functions/datetime_picture.hpp"
#include "sql/functions/picture_input.hpp"
#include "sql/types/datetime.hpp"
#include "sql/types/errors.hpp"

// From the fields that a template read to a date. Later fields win: a day of the year over nothing
// but the first of January, a week of the month over a day, Julian days over years.

namespace isolde::sql {

namespace {

struct Assembled {
  int64_t year = 0;
  int64_t month = 1;
  int64_t day = 1;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t micros = 0;
  bool has_year = false;
  bool has_month = false;
  bool has_day = false;
};

[[noreturn]] void fail_format(std::string message) {
  fail(base::sqlstate::kInvalidDatetimeFormat, std::move(message));
}
[[noreturn]] void fail_overflow(std::string_view text) {
  fail(base::sqlstate::kDatetimeFieldOverflow,
       fmt::format("date/time field value out of range: \"{}\"", text));
}

void set_julian(Assembled& to, int64_t julian) {
  Civil civil;
  civil_from_days(julian - kJulianOfEpoch, civil);
  to.year = civil.year;
  to.month = civil.month;
  to.day = civil.day;
  to.has_year = to.has_month = to.has_day = true;
}

void assemble_time(const PictureInput& in, Assembled& to) {
  if (in.second_of_day != 0) {
    to.hour = in.second_of_day / 3600;
    to.minute = in.second_of_day / 60 % 60;
    to.second = in.second_of_day % 60;
  }
  if (in.second != 0) to.second = in.second;
  if (in.minute != 0) to.minute = in.minute;
  if (in.hour != 0) to.hour = in.hour;
  if (in.twelve_hours) {
    if (to.hour < 1 || to.hour > 12) {
      throw base::SqlException(
          base::Error(base::sqlstate::kInvalidDatetimeFormat,
                      fmt::format("hour \"{}\" is invalid for the 12-hour clock", to.hour))
              .hint("Use the 24-hour clock, or give an hour between 1 and 12."));
    }
    if (in.afternoon != 0 && to.hour < 12) {
      to.hour += 12;
    } else if (in.afternoon == 0 && to.hour == 12) {
      to.hour = 0;
    }
  }
  to.micros = int64_t{in.millis} * 1000 + in.micros;
}

/// A century and the two last digits of a year: the 21st century has 2001 to 2100, and the 6th
/// before our era 600 to 501.
int64_t year_in_century(int64_t year, int64_t century) {
  year %= 100;
  if (year == 0) return century * 100 + (century >= 0 ? 0 : 1);
  return century >= 0 ? year + (century - 1) * 100 : (century + 1) * 100 - year + 1;
}

void assemble_year(const PictureInput& in, Assembled& to) {
  int64_t century = in.before_era != 0 ? -int64_t{in.century} : in.century;
  if (in.year != 0) {
    if (in.century != 0 && in.year_digits <= 2) {
      to.year = year_in_century(in.year, century);
    } else {
      to.year = in.before_era != 0 ? -int64_t{in.year} : in.year;
      if (to.year < 0) ++to.year;
    }
    to.has_year = true;
  } else if (in.century != 0) {
    to.year = century >= 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
    to.has_year = true;
  }
}

void set_day_of_year(const PictureInput& in, int64_t number, Assembled& to) {
  if (to.year == 0 && in.before_era == 0) {
    fail_format("cannot calculate day of year without year information");
  }
  if (in.convention == DateConvention::kIsoWeek) {
    return set_julian(to, iso_week_start(to.year, 1) - 1 + number);
  }
  int month = 1;
  int64_t rest = number;
  while (month <= 12 && rest > days_in_month(to.year, month)) {
    rest -= days_in_month(to.year, month++);
  }
  if (to.month <= 1) to.month = month;
  if (to.day <= 1) to.day = rest;
  to.has_month = to.has_day = true;
}

void assemble_date(const PictureInput& in, Assembled& to) {
  assemble_year(in, to);
  if (in.julian != 0) set_julian(to, in.julian);
  int64_t day_of_year = in.day_of_year;
  if (in.week != 0 && in.convention == DateConvention::kIsoWeek) {
    int64_t day = iso_week_start(to.year, in.week);
    if (in.weekday != 0) day += in.weekday > 1 ? in.weekday - 2 : 6;
    set_julian(to, day);
  } else if (in.week != 0) {
    day_of_year = (int64_t{in.week} - 1) * 7 + 1;
  }
  int64_t day = in.week_of_month != 0 ? (int64_t{in.week_of_month} - 1) * 7 + 1 : in.day;
  if (day != 0) {
    to.day = day;
    to.has_day = true;
  }
  if (in.month != 0) {
    to.month = in.month;
    to.has_month = true;
  }
  if (day_of_year != 0 && (to.month <= 1 || to.day <= 1)) set_day_of_year(in, day_of_year, to);
}

void check_ranges(const Assembled& to, std::string_view text) {
  bool wrong_month = to.has_month && (to.month < 1 || to.month > 12);
  bool wrong_day = to.has_day && (to.day < 1 || to.day > 31);
  if (wrong_month || wrong_day) fail_overflow(text);
  if (to.has_year && to.has_month && to.has_day &&
      to.day > days_in_month(to.year, static_cast<int>(to.month))) {
    fail_overflow(text);
  }
  bool clock = to.hour >= 0 && to.hour < 24 && to.minute >= 0 && to.minute < 60 && to.second >= 0 &&
               to.second < 60 && to.micros >= 0 && to.micros < kMicrosPerSecond;
  if (!clock) fail_overflow(text);
}

Assembled assemble(const PictureInput& in, std::string_view text) {
  Assembled to;
  assemble_time(in, to);
  assemble_date(in, to);
  check_ranges(to, text);
  if (in.zone_sign != 0) {
    bool fits =
        in.zone_hour >= 0 && in.zone_hour <= 15 && in.zone_minute >= 0 && in.zone_minute < 60;
    if (!fits) {
      fail(base::sqlstate::kInvalidTimeZoneDisplacementValue,
           fmt::format("time zone displacement out of range: \"{}\"", text));
    }
  }
  return to;
}

/// Years that Julian days reach.
bool has_julian_day(const Assembled& t) {
  return (t.year > -4713 || (t.year == -4713 && t.month >= 11)) &&
         (t.year < 5874898 || (t.year == 5874898 && t.month < 6));
}

}  // namespace

int64_t timestamptz_by_picture(std::string_view text, std::string_view picture,
                               const TimeZone& zone) {
  PictureInput in = read_by_picture(text, date_picture(picture));
  Assembled t = assemble(in, text);
  int64_t day = julian_day(t.year, t.month, t.day) - kJulianOfEpoch;
  __int128 local = static_cast<__int128>(day) * kMicrosPerDay +
                   ((t.hour * 60 + t.minute) * 60 + t.second) * kMicrosPerSecond + t.micros;
  bool reaches = has_julian_day(t) && local >= kMinTimestamp - kMicrosPerDay &&
                 local < kEndTimestamp + kMicrosPerDay;
  if (!reaches) fail_timestamp_range();
  auto utc = static_cast<int64_t>(local);
  if (in.zone_sign != 0) {
    int64_t east = in.zone_sign * (int64_t{in.zone_hour} * 60 + in.zone_minute) * 60;
    utc -= east * kMicrosPerSecond;
    if (!is_valid_timestamp(utc)) fail_timestamp_range();
  } else if (!local_to_utc(utc, zone, utc)) {
    fail_timestamp_range();
  }
  return in.fraction_digits != 0 ? round_to_precision(utc, in.fraction_digits) : utc;
}

int64_t date_by_picture(std::string_view text, std::string_view picture) {
  Assembled t = assemble(read_by_picture(text, date_picture(picture)), text);
  int64_t date = julian_day(t.year, t.month, t.day) - kJulianOfEpoch;
  if (!has_julian_day(t) || !is_valid_date(date)) {
    fail(base::sqlstate::kDatetimeFieldOverflow, fmt::format("date out of range: \"{}\"", text));
  }
  return date;
}

}  // namespace isolde::sql
