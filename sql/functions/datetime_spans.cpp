#include <fmt/format.h>

#include "sql/functions/declaration.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/types/datetime.hpp"
#include "sql/types/errors.hpp"

// date_bin, OVERLAPS of spans given by their length, and what else is made of other date functions.

namespace isolde::sql {

namespace {

Datum call(CallContext& context, uint32_t function, Datum a, Datum b) {
  if (a.is_null() || b.is_null()) return Datum::null();
  Datum args[2] = {a, b};
  return FunctionRegistry::instance().function(base::Oid(function))->scalar(context, args);
}
Datum call(CallContext& context, uint32_t function, Datum a) {
  return FunctionRegistry::instance().function(base::Oid(function))->scalar(context, &a);
}

// --- date_bin

Datum bin(CallContext&, const Datum* args) {
  Interval stride = read_interval(args[0]);
  int64_t source = args[1].as_int();
  int64_t origin = args[2].as_int();
  if (!is_finite_timestamp(source)) return args[1];
  if (!is_finite_timestamp(origin)) {
    fail(base::sqlstate::kDatetimeValueOutOfRange, "origin out of range");
  }
  if (stride.months != 0) {
    fail(base::sqlstate::kFeatureNotSupported,
         "timestamps cannot be binned into intervals containing months or years");
  }
  int64_t length = 0;
  if (__builtin_mul_overflow(int64_t{stride.days}, kMicrosPerDay, &length) ||
      __builtin_add_overflow(length, stride.micros, &length)) {
    fail_interval_range();
  }
  if (length <= 0) {
    fail(base::sqlstate::kDatetimeValueOutOfRange, "stride must be greater than zero");
  }
  int64_t distance = 0;
  if (__builtin_sub_overflow(source, origin, &distance)) fail_interval_range();
  int64_t start = 0;
  bool fits = !__builtin_sub_overflow(source, floor_mod(distance, length), &start);
  if (!fits || !is_valid_timestamp(start)) fail_timestamp_range();
  return Datum::of_int(start);
}

// --- OVERLAPS: (start, end) or (start, length) on each side

template <uint32_t overlaps, uint32_t plus, bool first, bool second>
Datum overlaps_by_length(CallContext& context, const Datum* args) {
  Datum ends[4] = {args[0], first ? call(context, plus, args[0], args[1]) : args[1], args[2],
                   second ? call(context, plus, args[2], args[3]) : args[3]};
  return FunctionRegistry::instance().function(base::Oid(overlaps))->scalar(context, ends);
}

// --- the rest

constexpr uint32_t kDatePlusTime = 1272;
constexpr uint32_t kDatePlusTimetz = 1297;
constexpr uint32_t kTimestampToTimestamptz = 2028;
constexpr uint32_t kTimestamptzPlusInterval = 1189;
constexpr uint32_t kSleepUntil = 3936;

Datum date_and_time(CallContext& context, const Datum* args) {
  return call(context, kTimestampToTimestamptz, call(context, kDatePlusTime, args[0], args[1]));
}
Datum date_and_timetz(CallContext& context, const Datum* args) {
  return call(context, kDatePlusTimetz, args[0], args[1]);
}

Datum timetz_at_offset(CallContext& context, const Datum* args) {
  Interval zone = read_interval(args[0]);
  if (zone.months != 0 || zone.days != 0) {
    std::string shown;
    append_interval(shown, zone, context.style.interval_style);
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("interval time zone \"{}\" must not include months or days", shown));
  }
  TimeTz time = read_timetz(args[1]);
  auto west = static_cast<int32_t>(-(zone.micros / kMicrosPerSecond));
  int64_t moved = time.micros + (int64_t{time.west} - west) * kMicrosPerSecond;
  return write_timetz({floor_mod(moved, kMicrosPerDay), west}, context.arena);
}

Datum time_of_day_text(CallContext& context, const Datum*) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  int64_t now = base::wall_now().micros;
  TimeZone::Offset offset = zone_of(context.style).offset_at(now);
  int64_t local = now + offset.seconds * kMicrosPerSecond;
  Civil c = civil_from_timestamp(local);
  int64_t weekday = floor_mod(floor_div(local, kMicrosPerDay) + 6, 7);
  return context.arena.bytes(fmt::format(
      "{} {} {:02} {:02}:{:02}:{:02}.{:06} {:04} {}", kDays[weekday], kMonths[c.month - 1], c.day,
      c.hour, c.minute, c.second, c.micros, c.year, offset.abbreviation));
}

Datum sleep_for(CallContext& context, const Datum* args) {
  Datum now = Datum::of_int(base::wall_now().micros);
  return call(context, kSleepUntil, call(context, kTimestamptzPlusInterval, now, args[0]));
}

constexpr FunctionRow kRows[] = {
    {6177, "date_bin(interval, timestamp, timestamp) timestamp", bin},
    {6178, "date_bin(interval, timestamptz, timestamptz) timestamptz", bin},
    {1305, "overlaps(timestamptz, interval, timestamptz, interval) bool",
     overlaps_by_length<1304, 1189, true, true>, kCalledOnNull | kStable},
    {1306, "overlaps(timestamptz, timestamptz, timestamptz, interval) bool",
     overlaps_by_length<1304, 1189, false, true>, kCalledOnNull | kStable},
    {1307, "overlaps(timestamptz, interval, timestamptz, timestamptz) bool",
     overlaps_by_length<1304, 1189, true, false>, kCalledOnNull | kStable},
    {1309, "overlaps(time, interval, time, interval) bool",
     overlaps_by_length<1308, 1747, true, true>, kCalledOnNull},
    {1310, "overlaps(time, time, time, interval) bool", overlaps_by_length<1308, 1747, false, true>,
     kCalledOnNull},
    {1311, "overlaps(time, interval, time, time) bool", overlaps_by_length<1308, 1747, true, false>,
     kCalledOnNull},
    {2042, "overlaps(timestamp, interval, timestamp, interval) bool",
     overlaps_by_length<2041, 2032, true, true>, kCalledOnNull},
    {2043, "overlaps(timestamp, timestamp, timestamp, interval) bool",
     overlaps_by_length<2041, 2032, false, true>, kCalledOnNull},
    {2044, "overlaps(timestamp, interval, timestamp, timestamp) bool",
     overlaps_by_length<2041, 2032, true, false>, kCalledOnNull},
    {1176, "timestamptz(date, time) timestamptz", date_and_time, kStable},
    {1359, "timestamptz(date, timetz) timestamptz", date_and_timetz},
    {2038, "timezone(interval, timetz) timetz", timetz_at_offset},
    {274, "timeofday() text", time_of_day_text, kVolatile},
    {3935, "pg_sleep_for(interval) void", sleep_for, kVolatile},
};

}  // namespace

const std::span<const FunctionRow> kDatetimeSpans = kRows;

}  // namespace isolde::sql
