#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "sql/types/datum.hpp"
#include "sql/types/output_style.hpp"
#include "sql/types/time_zone.hpp"

namespace isolde::sql {

class Arena;

// Storage
//   date         days from 2000-01-01, in the datum; the ends of int32 are the infinities
//   time         microseconds of the day, up to and with 24:00
//   timestamp    microseconds from 2000-01-01 00:00, local or (timestamptz) UTC; the ends of int64
//                are the infinities
//   timetz       12 bytes: int64 microseconds of the local day, int32 seconds west of Greenwich
//   interval     16 bytes: int64 microseconds, int32 days, int32 months; never mixed, as a day may
//                have 23 hours and a month 28 days

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
inline constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
inline constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;
inline constexpr int64_t kTimestampInfinity = std::numeric_limits<int64_t>::max();
inline constexpr int64_t kTimestampMinusInfinity = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kDateInfinity = std::numeric_limits<int32_t>::max();
inline constexpr int64_t kDateMinusInfinity = std::numeric_limits<int32_t>::min();
/// 4714-11-24 BC and 294277-01-01, in days: what timestamps reach; dates go up to 5874898-01-01.
inline constexpr int64_t kFirstDay = -2451545;
inline constexpr int64_t kMinTimestamp = kFirstDay * kMicrosPerDay;
inline constexpr int64_t kEndTimestamp = 9223371331200000000;
inline constexpr int64_t kDateEndDay = 2145031949;
inline constexpr int64_t kUnixEpochDay = -10957;
inline constexpr int kJulianOfEpoch = 2451545;

constexpr int64_t floor_div(int64_t a, int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}
constexpr int64_t floor_mod(int64_t a, int64_t b) {
  return a - floor_div(a, b) * b;
}

constexpr bool is_finite_timestamp(int64_t t) {
  return t != kTimestampInfinity && t != kTimestampMinusInfinity;
}
constexpr bool is_finite_date(int64_t d) {
  return d != kDateInfinity && d != kDateMinusInfinity;
}
constexpr bool is_valid_timestamp(int64_t t) {
  return t >= kMinTimestamp && t < kEndTimestamp;
}
constexpr bool is_valid_date(int64_t d) {
  return d >= kFirstDay && d < kDateEndDay;
}

/// A moment on the calendar. Year 0 is 1 BC.
struct Civil {
  int64_t year = 2000;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int micros = 0;
};

int64_t days_from_civil(int64_t year, int month, int day);
/// Sets year, month and day.
void civil_from_days(int64_t days, Civil& civil);
int days_in_month(int64_t year, int month);
/// Sets hour to micros; the time of day may be 24:00.
void set_time(Civil& civil, int64_t micros_of_day);
int64_t time_of_day(const Civil& civil);
Civil civil_from_timestamp(int64_t timestamp);
/// False when out of range.
bool timestamp_from_civil(const Civil& civil, int64_t& timestamp);

const TimeZone& zone_of(const OutputStyle& style);
/// Between local and universal time; false when out of range. Infinities stay.
bool local_to_utc(int64_t local, const TimeZone& zone, int64_t& utc);
int64_t utc_to_local(int64_t utc, const TimeZone& zone);

struct Interval {
  int64_t micros = 0;
  int32_t days = 0;
  int32_t months = 0;
};
Interval read_interval(Datum stored);
Datum write_interval(const Interval& interval, Arena& arena);
/// By length, with months of 30 days of 24 hours.
__int128 interval_length(const Interval& interval);
/// Cut to a typmod's fields and rounded to its precision.
Interval fit_interval(Interval interval, int32_t typmod);

struct TimeTz {
  int64_t micros = 0;
  int32_t west = 0;
};
TimeTz read_timetz(Datum stored);
Datum write_timetz(const TimeTz& time, Arena& arena);

/// Rounded to a precision of 0 to 6 digits; others leave it.
int64_t round_to_precision(int64_t micros, int32_t precision);

// --- text (datetime_text.cpp, interval_text.cpp)

void append_date(std::string& out, int64_t date, const OutputStyle& style);
void append_time(std::string& out, int64_t micros);
void append_timetz(std::string& out, const TimeTz& time);
void append_timestamp(std::string& out, int64_t timestamp, const OutputStyle& style);
void append_timestamptz(std::string& out, int64_t timestamp, const OutputStyle& style);
void append_interval(std::string& out, const Interval& interval, IntervalStyle style);
/// "+02", "-03:30", "+01:02:03"
void append_zone_offset(std::string& out, int32_t seconds_east);

// --- parsing (datetime_parse.cpp, interval_parse.cpp); all throw 22007, 22008, ...

int64_t parse_date(std::string_view text, const OutputStyle& style);
int64_t parse_time(std::string_view text, const OutputStyle& style);
TimeTz parse_timetz(std::string_view text, const OutputStyle& style);
int64_t parse_timestamp(std::string_view text, const OutputStyle& style);
int64_t parse_timestamptz(std::string_view text, const OutputStyle& style);
Interval parse_interval(std::string_view text, int32_t typmod, const OutputStyle& style);

[[noreturn]] void fail_timestamp_range();
[[noreturn]] void fail_interval_range();

}  // namespace isolde::sql
