#include "sql/types/datetime.hpp"

#include "sql/types/arena.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/typmod.hpp"

// The proleptic Gregorian calendar, counted in days from 2000-01-01. Years are taken from March on,
// so that the leap day is a year's last.

namespace isolde::sql {

namespace {

constexpr int64_t kDaysPerEra = 146097;       // 400 years
constexpr int64_t kEraStartToEpoch = 730425;  // from 0000-03-01 to 2000-01-01

}  // namespace

int64_t days_from_civil(int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  int64_t era = floor_div(year, 400);
  int64_t year_of_era = year - era * 400;
  int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kEraStartToEpoch;
}

void civil_from_days(int64_t days, Civil& civil) {
  days += kEraStartToEpoch;
  int64_t era = floor_div(days, kDaysPerEra);
  int64_t day_of_era = days - era * kDaysPerEra;
  int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t shifted = (5 * day_of_year + 2) / 153;
  civil.day = static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1);
  civil.month = static_cast<int>(shifted + (shifted < 10 ? 3 : -9));
  civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
}

int days_in_month(int64_t year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

void set_time(Civil& civil, int64_t micros) {
  civil.hour = static_cast<int>(micros / kMicrosPerHour);
  civil.minute = static_cast<int>(micros / kMicrosPerMinute % 60);
  civil.second = static_cast<int>(micros / kMicrosPerSecond % 60);
  civil.micros = static_cast<int>(micros % kMicrosPerSecond);
}

int64_t time_of_day(const Civil& c) {
  return ((int64_t{c.hour} * 60 + c.minute) * 60 + c.second) * kMicrosPerSecond + c.micros;
}

Civil civil_from_timestamp(int64_t timestamp) {
  Civil civil;
  int64_t days = floor_div(timestamp, kMicrosPerDay);
  civil_from_days(days, civil);
  set_time(civil, timestamp - days * kMicrosPerDay);
  return civil;
}

bool timestamp_from_civil(const Civil& civil, int64_t& timestamp) {
  int64_t days = days_from_civil(civil.year, civil.month, civil.day);
  if (days < kFirstDay || days > 200'000'000) return false;
  __int128 micros = static_cast<__int128>(days) * kMicrosPerDay + time_of_day(civil);
  timestamp = static_cast<int64_t>(micros);
  return micros == timestamp && is_valid_timestamp(timestamp);
}

const TimeZone& zone_of(const OutputStyle& style) {
  return style.time_zone != nullptr ? *style.time_zone : utc_time_zone();
}

bool local_to_utc(int64_t local, const TimeZone& zone, int64_t& utc) {
  utc = local;
  if (!is_finite_timestamp(local)) return true;
  utc -= zone.offset_for_local(local).seconds * kMicrosPerSecond;
  return is_valid_timestamp(utc);
}

int64_t utc_to_local(int64_t utc, const TimeZone& zone) {
  if (!is_finite_timestamp(utc)) return utc;
  return utc + zone.offset_at(utc).seconds * kMicrosPerSecond;
}

Interval read_interval(Datum stored) {
  const char* from = stored.as_bytes().data();
  return {load<int64_t>(from), load<int32_t>(from + 8), load<int32_t>(from + 12)};
}

Datum write_interval(const Interval& interval, Arena& arena) {
  char* to = arena.allocate(16);
  store(to, interval.micros);
  store(to + 8, interval.days);
  store(to + 12, interval.months);
  return Datum::of_bytes({to, 16});
}

__int128 interval_length(const Interval& i) {
  int64_t days = int64_t{i.months} * 30 + i.days;
  return static_cast<__int128>(days) * kMicrosPerDay + i.micros;
}

TimeTz read_timetz(Datum stored) {
  const char* from = stored.as_bytes().data();
  return {load<int64_t>(from), load<int32_t>(from + 8)};
}

Datum write_timetz(const TimeTz& time, Arena& arena) {
  char* to = arena.allocate(12);
  store(to, time.micros);
  store(to + 8, time.west);
  return Datum::of_bytes({to, 12});
}

int64_t round_to_precision(int64_t micros, int32_t precision) {
  static constexpr int64_t kUnits[] = {1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
  if (precision < 0 || precision >= 6) return micros;
  int64_t unit = kUnits[precision];
  int64_t half = unit / 2;
  return micros >= 0 ? (micros + half) / unit * unit : -((-micros + half) / unit * unit);
}

Interval fit_interval(Interval i, int32_t typmod) {
  if (typmod < 0) return i;
  namespace field = interval_field;
  int32_t range = (typmod >> 16) & field::kAll;
  auto cut = [&](int64_t unit) { i.micros = i.micros / unit * unit; };
  if (range != field::kAll) {
    // What is finer than the last field goes; coarser fields stay.
    if (range == field::kYear) {
      i = {0, 0, i.months / 12 * 12};
    } else if ((range & field::kMonth) != 0) {
      i = {0, 0, i.months};
    } else if (range == field::kDay) {
      i.micros = 0;
    } else if ((range & (field::kMinute | field::kSecond)) == 0) {
      cut(kMicrosPerHour);
    } else if ((range & field::kSecond) == 0) {
      cut(kMicrosPerMinute);
    }
  }
  int32_t precision = typmod & field::kAnyPrecision;
  i.micros = round_to_precision(i.micros, precision);
  return i;
}

void fail_timestamp_range() {
  fail(base::sqlstate::kDatetimeFieldOverflow, "timestamp out of range");
}
void fail_interval_range() {
  fail(base::sqlstate::kDatetimeFieldOverflow, "interval out of range");
}

}  // namespace isolde::sql
