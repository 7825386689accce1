#include <fmt/format.h>

#include <cmath>

#include "sql/functions/declaration.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/datetime.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"

// Making dates and times: now, make_*, age, AT TIME ZONE, OVERLAPS, series.

namespace isolde::sql {

namespace {

// --- the clock

Datum transaction_time(CallContext& context, const Datum*) {
  return Datum::of_int(context.style.now.micros);
}
Datum clock_time(CallContext&, const Datum*) {
  return Datum::of_int(base::wall_now().micros);
}

// --- make_*

[[noreturn]] void fail_field(std::string message) {
  fail(base::sqlstate::kDatetimeFieldOverflow, std::move(message));
}

/// Years before Christ are negative.
bool make_day(int64_t year, int64_t month, int64_t day, int64_t& days) {
  if (year == 0 || month < 1 || month > 12 || day < 1) return false;
  if (year < 0) ++year;
  if (day > days_in_month(year, static_cast<int>(month))) return false;
  days = days_from_civil(year, static_cast<int>(month), static_cast<int>(day));
  return true;
}
Datum make_date(CallContext&, const Datum* args) {
  int64_t y = args[0].as_int();
  int64_t m = args[1].as_int();
  int64_t d = args[2].as_int();
  int64_t days = 0;
  if (!make_day(y, m, d, days)) {
    fail_field(fmt::format("date field value out of range: {}-{:02}-{:02}", y, m, d));
  }
  if (!is_valid_date(days)) fail_field(fmt::format("date out of range: {}-{:02}-{:02}", y, m, d));
  return Datum::of_int(days);
}

int64_t make_clock(int64_t hour, int64_t minute, double second) {
  bool bad = hour < 0 || hour > 24 || minute < 0 || minute > 59 || std::isnan(second) ||
             second < 0 || second > 60;
  if (!bad && hour == 24) bad = minute > 0 || second > 0;
  if (bad) {
    fail_field(fmt::format("time field value out of range: {}:{:02}:{:02}", hour, minute, second));
  }
  return (hour * 60 + minute) * kMicrosPerMinute + static_cast<int64_t>(std::rint(second * 1e6));
}
Datum make_time(CallContext&, const Datum* args) {
  return Datum::of_int(make_clock(args[0].as_int(), args[1].as_int(), args[2].as_float()));
}

int64_t make_local(const Datum* args) {
  int64_t days = 0;
  int64_t y = args[0].as_int();
  int64_t m = args[1].as_int();
  int64_t d = args[2].as_int();
  if (!make_day(y, m, d, days)) {
    fail_field(fmt::format("date field value out of range: {}-{:02}-{:02}", y, m, d));
  }
  int64_t clock = make_clock(args[3].as_int(), args[4].as_int(), args[5].as_float());
  __int128 t = static_cast<__int128>(days) * kMicrosPerDay + clock;
  if (t < kMinTimestamp || t >= kEndTimestamp) {
    fail_field(fmt::format("timestamp out of range: {}-{:02}-{:02} {}:{:02}:{:02}", y, m, d,
                           args[3].as_int(), args[4].as_int(), args[5].as_float()));
  }
  return static_cast<int64_t>(t);
}
Datum make_timestamp(CallContext&, const Datum* args) {
  return Datum::of_int(make_local(args));
}

/// An offset such as "+2" or "-03:30", or a zone or abbreviation by name.
int32_t east_by_name(std::string_view name, int64_t local) {
  int32_t east = 0;
  bool daylight = false;
  if (find_zone_abbreviation(name, east, daylight)) return east;
  if (const TimeZone* zone = find_time_zone(name)) return zone->offset_for_local(local).seconds;
  fail(base::sqlstate::kInvalidParameterValue,
       fmt::format("time zone \"{}\" not recognized", name));
}

int64_t universal(int64_t local, const TimeZone& zone) {
  int64_t utc = 0;
  if (!local_to_utc(local, zone, utc)) fail_timestamp_range();
  return utc;
}
Datum make_timestamptz(CallContext& context, const Datum* args) {
  return Datum::of_int(universal(make_local(args), zone_of(context.style)));
}
Datum make_timestamptz_at(CallContext& context, const Datum* args) {
  int64_t local = make_local(args);
  std::string_view zone = args[6].as_bytes();
  if (!zone.empty() && (zone[0] == '+' || zone[0] == '-')) {
    OutputStyle style = context.style;
    TimeTz t = parse_timetz(std::string("00:00") + std::string(zone), style);
    return Datum::of_int(local + t.west * kMicrosPerSecond);
  }
  if (!zone.empty() && is_digit(zone[0])) {
    throw base::SqlException(
        base::Error(
            base::sqlstate::kInvalidParameterValue,
            fmt::format("invalid input syntax for type {}: \"{}\"", "numeric time zone", zone))
            .hint("Numeric time zones must have \"-\" or \"+\" as first character."));
  }
  return Datum::of_int(local - east_by_name(zone, local) * kMicrosPerSecond);
}

Datum make_interval(CallContext& context, const Datum* args) {
  double seconds = args[6].as_float();
  if (std::isinf(seconds) || std::isnan(seconds)) fail_interval_range();
  // PostgreSQL lets the sums wrap around.
  auto wrapped = [](int64_t v) { return static_cast<int32_t>(v); };
  Interval i;
  i.months = wrapped(args[0].as_int() * 12 + args[1].as_int());
  i.days = wrapped(args[2].as_int() * 7 + args[3].as_int());
  i.micros = args[4].as_int() * kMicrosPerHour + args[5].as_int() * kMicrosPerMinute +
             static_cast<int64_t>(std::rint(seconds * 1e6));
  return write_interval(i, context.arena);
}

Datum timestamptz_of_epoch(CallContext&, const Datum* args) {
  double seconds = args[0].as_float();
  if (std::isnan(seconds)) {
    fail(base::sqlstate::kDatetimeFieldOverflow, "timestamp cannot be NaN");
  }
  if (std::isinf(seconds)) {
    return Datum::of_int(seconds < 0 ? kTimestampMinusInfinity : kTimestampInfinity);
  }
  double since = seconds + static_cast<double>(kUnixEpochDay * 86400);
  double micros = std::rint(since * 1e6);
  bool fits =
      micros >= static_cast<double>(kMinTimestamp) && micros < static_cast<double>(kEndTimestamp);
  if (!fits) fail_field(fmt::format("timestamp out of range: \"{}\"", seconds));
  return Datum::of_int(static_cast<int64_t>(micros));
}

// --- age: the difference in years, months and days as people count them

Interval age_between(int64_t later, int64_t earlier) {
  bool negative = later < earlier;
  if (negative) std::swap(later, earlier);
  Civil a = civil_from_timestamp(later);
  Civil b = civil_from_timestamp(earlier);
  int64_t micros = time_of_day(a) - time_of_day(b);
  int days = a.day - b.day;
  int64_t months = (a.year - b.year) * 12 + (a.month - b.month);
  if (micros < 0) {
    micros += kMicrosPerDay;
    --days;
  }
  while (days < 0) {
    days += days_in_month(b.year, b.month);  // borrows the month of the earlier date
    --months;
  }
  Interval i{micros, days, static_cast<int32_t>(months)};
  return negative ? Interval{-i.micros, -i.days, -i.months} : i;
}
void check_finite(int64_t a, int64_t b) {
  if (!is_finite_timestamp(a) || !is_finite_timestamp(b)) fail_timestamp_range();
}
Datum age_timestamp(CallContext& context, const Datum* args) {
  check_finite(args[0].as_int(), args[1].as_int());
  return write_interval(age_between(args[0].as_int(), args[1].as_int()), context.arena);
}
Datum age_timestamptz(CallContext& context, const Datum* args) {
  check_finite(args[0].as_int(), args[1].as_int());
  const TimeZone& zone = zone_of(context.style);
  return write_interval(
      age_between(utc_to_local(args[0].as_int(), zone), utc_to_local(args[1].as_int(), zone)),
      context.arena);
}
int64_t today(CallContext& context) {
  int64_t now = utc_to_local(context.style.now.micros, zone_of(context.style));
  return floor_div(now, kMicrosPerDay) * kMicrosPerDay;
}
Datum age_of_timestamp(CallContext& context, const Datum* args) {
  check_finite(args[0].as_int(), 0);
  return write_interval(age_between(today(context), args[0].as_int()), context.arena);
}
Datum age_of_timestamptz(CallContext& context, const Datum* args) {
  check_finite(args[0].as_int(), 0);
  int64_t local = utc_to_local(args[0].as_int(), zone_of(context.style));
  return write_interval(age_between(today(context), local), context.arena);
}

// --- AT TIME ZONE

int64_t checked(int64_t t) {
  if (!is_valid_timestamp(t)) fail_timestamp_range();
  return t;
}
Datum local_in_zone(CallContext&, const Datum* args) {
  int64_t local = args[1].as_int();
  if (!is_finite_timestamp(local)) return args[1];
  return Datum::of_int(checked(local - east_by_name(args[0].as_bytes(), local) * kMicrosPerSecond));
}
Datum utc_in_zone(CallContext&, const Datum* args) {
  int64_t utc = args[1].as_int();
  if (!is_finite_timestamp(utc)) return args[1];
  int32_t east = 0;
  bool daylight = false;
  std::string_view name = args[0].as_bytes();
  if (!find_zone_abbreviation(name, east, daylight)) {
    const TimeZone* zone = find_time_zone(name);
    if (zone == nullptr) east_by_name(name, utc);
    east = zone->offset_at(utc).seconds;
  }
  return Datum::of_int(checked(utc + east * kMicrosPerSecond));
}
int64_t zone_shift(CallContext& context, Datum interval) {
  Interval i = read_interval(interval);
  if (i.months != 0 || i.days != 0) {
    std::string text;
    append_interval(text, i, context.style.interval_style);
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("interval time zone \"{}\" must not include months or days", text));
  }
  return i.micros / kMicrosPerSecond * kMicrosPerSecond;
}
Datum local_at_offset(CallContext& context, const Datum* args) {
  if (!is_finite_timestamp(args[1].as_int())) return args[1];
  return Datum::of_int(checked(args[1].as_int() - zone_shift(context, args[0])));
}
Datum utc_at_offset(CallContext& context, const Datum* args) {
  if (!is_finite_timestamp(args[1].as_int())) return args[1];
  return Datum::of_int(checked(args[1].as_int() + zone_shift(context, args[0])));
}
Datum timetz_in_zone(CallContext& context, const Datum* args) {
  TimeTz t = read_timetz(args[1]);
  int32_t east = 0;
  bool daylight = false;
  if (!find_zone_abbreviation(args[0].as_bytes(), east, daylight)) {
    const TimeZone* zone = find_time_zone(args[0].as_bytes());
    if (zone == nullptr) east_by_name(args[0].as_bytes(), 0);
    east = zone->offset_at(context.style.now.micros).seconds;
  }
  int64_t micros = floor_mod(t.micros + (t.west + east) * kMicrosPerSecond, kMicrosPerDay);
  return write_timetz({micros, -east}, context.arena);
}

Datum is_finite_date_(CallContext&, const Datum* args) {
  return Datum::of_bool(is_finite_date(args[0].as_int()));
}
Datum is_finite_timestamp_(CallContext&, const Datum* args) {
  return Datum::of_bool(is_finite_timestamp(args[0].as_int()));
}
Datum is_finite_interval(CallContext&, const Datum*) {
  return Datum::of_bool(true);
}

// --- OVERLAPS: half-open periods, whose ends may be given in either order or be NULL

template <uint32_t oid>
Datum overlaps(CallContext&, const Datum* args) {
  static const Type& type = type_of(base::Oid(oid));
  auto less = [](Datum a, Datum b) { return type.compare(a, b) < 0; };
  struct Period {
    Datum from, to;
  };
  auto period = [&](Datum from, Datum to) {
    if (from.is_null() || (!to.is_null() && less(to, from))) std::swap(from, to);
    return Period{from, to};
  };
  Period a = period(args[0], args[1]);
  Period b = period(args[2], args[3]);
  if (a.from.is_null() || b.from.is_null()) return Datum::null();
  if (less(b.from, a.from)) std::swap(a, b);
  if (type.compare(a.from, b.from) == 0) {
    return a.to.is_null() || b.to.is_null() ? Datum::null() : Datum::of_bool(true);
  }
  if (a.to.is_null()) return Datum::null();
  return less(b.from, a.to) ? Datum::of_bool(true)
         : b.to.is_null()   ? Datum::null()
                            : Datum::of_bool(false);
}

// --- series

class TimestampSeries final : public SetIterator {
 public:
  TimestampSeries(const Datum* args, const Function& plus) : plus_(plus) {
    next_ = args[0].as_int();
    last_ = args[1].as_int();
    step_ = args[2];
    __int128 length = interval_length(read_interval(step_));
    if (length == 0) {
      fail(base::sqlstate::kInvalidParameterValue, "step size cannot equal zero");
    }
    forward_ = length > 0;
  }
  bool next(CallContext& context, Datum* columns) override {
    if (forward_ ? next_ > last_ : next_ < last_) return false;
    context.poll();
    columns[0] = Datum::of_int(next_);
    Datum sum[2] = {columns[0], step_};
    next_ = plus_.scalar(context, sum).as_int();
    return true;
  }

 private:
  const Function& plus_;
  int64_t next_;
  int64_t last_;
  Datum step_;
  bool forward_;
};

template <uint32_t plus>
std::unique_ptr<SetIterator> timestamps(CallContext&, const Datum* args);

constexpr FunctionRow kRows[] = {
    {1299, "now() timestamptz", transaction_time, kStable},
    {2647, "transaction_timestamp() timestamptz", transaction_time, kStable},
    {2649, "clock_timestamp() timestamptz", clock_time, kVolatile},
    {3846, "make_date(year int4, month int4, day int4) date", make_date},
    {3847, "make_time(hour int4, min int4, sec float8) time", make_time},
    {3461,
     "make_timestamp(year int4, month int4, mday int4, hour int4, min int4, sec float8) timestamp",
     make_timestamp},
    {3462,
     "make_timestamptz(year int4, month int4, mday int4, hour int4, min int4, sec float8) "
     "timestamptz",
     make_timestamptz, kStable},
    {3463,
     "make_timestamptz(year int4, month int4, mday int4, hour int4, min int4, sec float8, timezone "
     "text) timestamptz",
     make_timestamptz_at, kStable},
    {3464,
     "make_interval(years int4 = 0, months int4 = 0, weeks int4 = 0, days int4 = 0, hours int4 = "
     "0, mins int4 = 0, secs float8 = 0.0) interval",
     make_interval},
    {1158, "to_timestamp(float8) timestamptz", timestamptz_of_epoch},
    {2058, "age(timestamp, timestamp) interval", age_timestamp},
    {1199, "age(timestamptz, timestamptz) interval", age_timestamptz},
    {2059, "age(timestamp) interval", age_of_timestamp, kStable},
    {1386, "age(timestamptz) interval", age_of_timestamptz, kStable},
    {2069, "timezone(text, timestamp) timestamptz", local_in_zone},
    {1159, "timezone(text, timestamptz) timestamp", utc_in_zone},
    {2070, "timezone(interval, timestamp) timestamptz", local_at_offset},
    {1026, "timezone(interval, timestamptz) timestamp", utc_at_offset},
    {2037, "timezone(text, timetz) timetz", timetz_in_zone, kStable},
    {1373, "isfinite(date) bool", is_finite_date_},
    {2048, "isfinite(timestamp) bool", is_finite_timestamp_},
    {1389, "isfinite(timestamptz) bool", is_finite_timestamp_},
    {1390, "isfinite(interval) bool", is_finite_interval},
    {2041, "overlaps(timestamp, timestamp, timestamp, timestamp) bool", overlaps<1114>,
     kCalledOnNull},
    {1304, "overlaps(timestamptz, timestamptz, timestamptz, timestamptz) bool", overlaps<1184>,
     kCalledOnNull},
    {1308, "overlaps(time, time, time, time) bool", overlaps<1083>, kCalledOnNull},
    {1271, "overlaps(timetz, timetz, timetz, timetz) bool", overlaps<1266>, kCalledOnNull},
    {938, "generate_series(timestamp, timestamp, interval) setof timestamp", timestamps<2032>},
    {939, "generate_series(timestamptz, timestamptz, interval) setof timestamptz", timestamps<1189>,
     kStable},
};

template <uint32_t plus>
std::unique_ptr<SetIterator> timestamps(CallContext&, const Datum* args) {
  const Function* function = FunctionRegistry::instance().function(base::Oid(plus));
  return std::make_unique<TimestampSeries>(args, *function);
}

}  // namespace

const std::span<const FunctionRow> kDatetimeMake = kRows;

}  // namespace isolde::sql
