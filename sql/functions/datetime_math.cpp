#include <cmath>

#include "sql/functions/declaration.hpp"
#include "sql/functions/range_check.hpp"
#include "sql/types/datetime.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"

// Operators and casts of dates, times and intervals.

namespace isolde::sql {

namespace {

const TimeZone& zone(CallContext& context) {
  return zone_of(context.style);
}

[[noreturn]] void fail_date_range() {
  fail(base::sqlstate::kDatetimeFieldOverflow, "date out of range");
}
[[noreturn]] void fail_date_to_timestamp() {
  fail(base::sqlstate::kDatetimeFieldOverflow, "date out of range for timestamp");
}

int64_t valid(int64_t timestamp) {
  if (!is_valid_timestamp(timestamp)) fail_timestamp_range();
  return timestamp;
}

// --- date

int64_t date_as_timestamp(int64_t date) {
  if (date == kDateInfinity) return kTimestampInfinity;
  if (date == kDateMinusInfinity) return kTimestampMinusInfinity;
  if (date >= kEndTimestamp / kMicrosPerDay) fail_date_to_timestamp();
  return date * kMicrosPerDay;
}
int64_t to_utc(CallContext& context, int64_t local) {
  int64_t utc = 0;
  if (!local_to_utc(local, zone(context), utc)) fail_timestamp_range();
  return utc;
}
int64_t timestamp_as_date(int64_t t) {
  if (t == kTimestampInfinity) return kDateInfinity;
  if (t == kTimestampMinusInfinity) return kDateMinusInfinity;
  return floor_div(t, kMicrosPerDay);
}

Datum date_plus_days(CallContext&, const Datum* args) {
  int64_t date = args[0].as_int();
  if (!is_finite_date(date)) return args[0];
  date += args[1].as_int();
  if (!is_valid_date(date)) fail_date_range();
  return Datum::of_int(date);
}
Datum days_plus_date(CallContext& context, const Datum* args) {
  Datum swapped[2] = {args[1], args[0]};
  return date_plus_days(context, swapped);
}
Datum date_minus_days(CallContext&, const Datum* args) {
  int64_t date = args[0].as_int();
  if (!is_finite_date(date)) return args[0];
  date -= args[1].as_int();
  if (!is_valid_date(date)) fail_date_range();
  return Datum::of_int(date);
}
Datum date_minus_date(CallContext&, const Datum* args) {
  if (!is_finite_date(args[0].as_int()) || !is_finite_date(args[1].as_int())) {
    fail(base::sqlstate::kDatetimeFieldOverflow, "cannot subtract infinite dates");
  }
  return Datum::of_int(args[0].as_int() - args[1].as_int());
}
Datum date_plus_time(CallContext&, const Datum* args) {
  int64_t t = date_as_timestamp(args[0].as_int());
  return Datum::of_int(is_finite_timestamp(t) ? valid(t + args[1].as_int()) : t);
}
Datum time_plus_date(CallContext& context, const Datum* args) {
  Datum swapped[2] = {args[1], args[0]};
  return date_plus_time(context, swapped);
}
Datum date_plus_timetz(CallContext&, const Datum* args) {
  int64_t t = date_as_timestamp(args[0].as_int());
  if (!is_finite_timestamp(t)) return Datum::of_int(t);
  TimeTz time = read_timetz(args[1]);
  return Datum::of_int(valid(t + time.micros + time.west * kMicrosPerSecond));
}

// --- timestamp and interval

/// Months first, keeping the day where the month has it; then days; then the clock.
int64_t add_interval(int64_t t, const Interval& i) {
  if (!is_finite_timestamp(t)) return t;
  if (i.months != 0) {
    Civil c = civil_from_timestamp(t);
    int64_t months = c.year * 12 + (c.month - 1) + i.months;
    c.year = floor_div(months, 12);
    c.month = static_cast<int>(floor_mod(months, 12)) + 1;
    c.day = std::min(c.day, days_in_month(c.year, c.month));
    if (!timestamp_from_civil(c, t)) fail_timestamp_range();
  }
  int64_t days = 0;
  if (__builtin_mul_overflow(int64_t{i.days}, kMicrosPerDay, &days) ||
      __builtin_add_overflow(t, days, &t) || !is_valid_timestamp(t)) {
    fail_timestamp_range();
  }
  if (__builtin_add_overflow(t, i.micros, &t)) fail_timestamp_range();
  return valid(t);
}

Interval negated(const Interval& i) {
  if (i.months == INT32_MIN || i.days == INT32_MIN || i.micros == INT64_MIN) fail_interval_range();
  return {-i.micros, -i.days, -i.months};
}

/// Months and days move the wall clock of the session's zone; the rest is elapsed time.
int64_t add_interval_in_zone(int64_t t, const Interval& i, const TimeZone& zone) {
  if (!is_finite_timestamp(t)) return t;
  if (i.months != 0 || i.days != 0) {
    int64_t local = add_interval(utc_to_local(t, zone), {0, i.days, i.months});
    if (!local_to_utc(local, zone, t)) fail_timestamp_range();
  }
  if (__builtin_add_overflow(t, i.micros, &t)) fail_timestamp_range();
  return valid(t);
}

Datum timestamp_plus(CallContext&, const Datum* args) {
  return Datum::of_int(add_interval(args[0].as_int(), read_interval(args[1])));
}
Datum timestamp_minus(CallContext&, const Datum* args) {
  return Datum::of_int(add_interval(args[0].as_int(), negated(read_interval(args[1]))));
}
Datum timestamptz_plus(CallContext& context, const Datum* args) {
  return Datum::of_int(
      add_interval_in_zone(args[0].as_int(), read_interval(args[1]), zone(context)));
}
Datum timestamptz_minus(CallContext& context, const Datum* args) {
  return Datum::of_int(
      add_interval_in_zone(args[0].as_int(), negated(read_interval(args[1])), zone(context)));
}
template <ScalarFunction f>
Datum swapped(CallContext& context, const Datum* args) {
  Datum other[2] = {args[1], args[0]};
  return f(context, other);
}
Datum date_plus_interval(CallContext&, const Datum* args) {
  return Datum::of_int(add_interval(date_as_timestamp(args[0].as_int()), read_interval(args[1])));
}
Datum date_minus_interval(CallContext&, const Datum* args) {
  return Datum::of_int(
      add_interval(date_as_timestamp(args[0].as_int()), negated(read_interval(args[1]))));
}

/// Whole days are told apart from the rest, as justify_hours does.
Interval justified_hours(Interval i) {
  auto days = static_cast<int32_t>(i.micros / kMicrosPerDay);
  i.micros -= days * kMicrosPerDay;
  if (__builtin_add_overflow(i.days, days, &i.days)) fail_interval_range();
  if (i.days > 0 && i.micros < 0) {
    i.micros += kMicrosPerDay;
    --i.days;
  } else if (i.days < 0 && i.micros > 0) {
    i.micros -= kMicrosPerDay;
    ++i.days;
  }
  return i;
}
Interval justified_days(Interval i) {
  int32_t months = i.days / 30;
  i.days -= months * 30;
  if (__builtin_add_overflow(i.months, months, &i.months)) fail_interval_range();
  if (i.months > 0 && i.days < 0) {
    i.days += 30;
    --i.months;
  } else if (i.months < 0 && i.days > 0) {
    i.days -= 30;
    ++i.months;
  }
  return i;
}
/// All three parts of one sign.
Interval justified(Interval i) {
  i = justified_days(justified_hours(i));
  if (i.months > 0 && (i.days < 0 || (i.days == 0 && i.micros < 0))) {
    i.days += 30;
    --i.months;
  } else if (i.months < 0 && (i.days > 0 || (i.days == 0 && i.micros > 0))) {
    i.days -= 30;
    ++i.months;
  }
  if (i.days > 0 && i.micros < 0) {
    i.micros += kMicrosPerDay;
    --i.days;
  } else if (i.days < 0 && i.micros > 0) {
    i.micros -= kMicrosPerDay;
    ++i.days;
  }
  return i;
}

template <Interval (*f)(Interval)>
Datum map_interval(CallContext& context, const Datum* args) {
  return write_interval(f(read_interval(args[0])), context.arena);
}

Datum timestamp_difference(CallContext& context, const Datum* args) {
  int64_t a = args[0].as_int();
  int64_t b = args[1].as_int();
  if (!is_finite_timestamp(a) || !is_finite_timestamp(b)) {
    fail(base::sqlstate::kDatetimeFieldOverflow, "cannot subtract infinite timestamps");
  }
  Interval difference;
  if (__builtin_sub_overflow(a, b, &difference.micros)) fail_interval_range();
  return write_interval(justified_hours(difference), context.arena);
}

// --- interval

Datum interval_sum(CallContext& context, const Datum* args) {
  Interval a = read_interval(args[0]);
  Interval b = read_interval(args[1]);
  if (__builtin_add_overflow(a.months, b.months, &a.months) ||
      __builtin_add_overflow(a.days, b.days, &a.days) ||
      __builtin_add_overflow(a.micros, b.micros, &a.micros)) {
    fail_interval_range();
  }
  return write_interval(a, context.arena);
}
Datum interval_difference(CallContext& context, const Datum* args) {
  Interval a = read_interval(args[0]);
  Interval b = read_interval(args[1]);
  if (__builtin_sub_overflow(a.months, b.months, &a.months) ||
      __builtin_sub_overflow(a.days, b.days, &a.days) ||
      __builtin_sub_overflow(a.micros, b.micros, &a.micros)) {
    fail_interval_range();
  }
  return write_interval(a, context.arena);
}
Datum interval_negate(CallContext& context, const Datum* args) {
  return write_interval(negated(read_interval(args[0])), context.arena);
}

/// To whole units by `scale`, what is left of months going to days and of days to the clock.
Interval scaled(const Interval& i, double scale) {
  auto checked = [](double v) {
    if (std::isnan(v) || v > 2147483647.0 || v < -2147483648.0) fail_interval_range();
    return static_cast<int32_t>(v);
  };
  Interval out;
  double months = i.months * scale;
  out.months = checked(months);
  double days = i.days * scale;
  out.days = checked(days);
  auto to_micro = [](double v) { return std::rint(v * 1e6) / 1e6; };
  double month_days = to_micro((months - out.months) * 30);
  double seconds = (days - out.days + month_days - static_cast<int>(month_days)) * 86400;
  seconds = to_micro(seconds);
  if (std::fabs(seconds) >= 86400) {
    out.days = checked(out.days + std::trunc(seconds / 86400));
    seconds -= std::trunc(seconds / 86400) * 86400;
  }
  if (__builtin_add_overflow(out.days, static_cast<int>(month_days), &out.days)) {
    fail_interval_range();
  }
  double micros = std::rint(static_cast<double>(i.micros) * scale + seconds * 1e6);
  if (std::isnan(micros) || std::fabs(micros) >= 9223372036854775807.0) fail_interval_range();
  out.micros = static_cast<int64_t>(micros);
  return out;
}
Datum interval_times(CallContext& context, const Datum* args) {
  return write_interval(scaled(read_interval(args[0]), args[1].as_float()), context.arena);
}
Datum interval_over(CallContext& context, const Datum* args) {
  double divisor = args[1].as_float();
  if (divisor == 0) fail_division_by_zero();
  Interval i = read_interval(args[0]);
  Interval out;
  out.months = static_cast<int32_t>(i.months / divisor);
  out.days = static_cast<int32_t>(i.days / divisor);
  auto to_micro = [](double v) { return std::rint(v * 1e6) / 1e6; };
  double month_days = to_micro((i.months / divisor - out.months) * 30);
  double seconds =
      to_micro((i.days / divisor - out.days + month_days - static_cast<int>(month_days)) * 86400);
  if (std::fabs(seconds) >= 86400) {
    out.days += static_cast<int32_t>(seconds / 86400);
    seconds -= static_cast<int32_t>(seconds / 86400) * 86400.0;
  }
  out.days += static_cast<int32_t>(month_days);
  out.micros =
      static_cast<int64_t>(std::rint(static_cast<double>(i.micros) / divisor + seconds * 1e6));
  return write_interval(out, context.arena);
}

// --- time

int64_t around_the_clock(int64_t micros) {
  return floor_mod(micros, kMicrosPerDay);
}

Datum time_plus(CallContext&, const Datum* args) {
  return Datum::of_int(
      around_the_clock(args[0].as_int() + read_interval(args[1]).micros % kMicrosPerDay));
}
Datum time_minus(CallContext&, const Datum* args) {
  return Datum::of_int(
      around_the_clock(args[0].as_int() - read_interval(args[1]).micros % kMicrosPerDay));
}
Datum time_difference(CallContext& context, const Datum* args) {
  return write_interval({args[0].as_int() - args[1].as_int(), 0, 0}, context.arena);
}
Datum timetz_plus(CallContext& context, const Datum* args) {
  TimeTz t = read_timetz(args[0]);
  t.micros = around_the_clock(t.micros + read_interval(args[1]).micros % kMicrosPerDay);
  return write_timetz(t, context.arena);
}
Datum timetz_minus(CallContext& context, const Datum* args) {
  TimeTz t = read_timetz(args[0]);
  t.micros = around_the_clock(t.micros - read_interval(args[1]).micros % kMicrosPerDay);
  return write_timetz(t, context.arena);
}

// --- casts

Datum date_to_timestamp(CallContext&, const Datum* args) {
  return Datum::of_int(date_as_timestamp(args[0].as_int()));
}
Datum date_to_timestamptz(CallContext& context, const Datum* args) {
  int64_t local = date_as_timestamp(args[0].as_int());
  return Datum::of_int(is_finite_timestamp(local) ? to_utc(context, local) : local);
}
Datum timestamp_to_date(CallContext&, const Datum* args) {
  return Datum::of_int(timestamp_as_date(args[0].as_int()));
}
Datum timestamptz_to_date(CallContext& context, const Datum* args) {
  return Datum::of_int(timestamp_as_date(utc_to_local(args[0].as_int(), zone(context))));
}
Datum timestamp_to_timestamptz(CallContext& context, const Datum* args) {
  return Datum::of_int(to_utc(context, args[0].as_int()));
}
Datum timestamptz_to_timestamp(CallContext& context, const Datum* args) {
  return Datum::of_int(utc_to_local(args[0].as_int(), zone(context)));
}
Datum clock_of(int64_t local) {
  if (!is_finite_timestamp(local)) return Datum::null();
  return Datum::of_int(floor_mod(local, kMicrosPerDay));
}
Datum timestamp_to_time(CallContext&, const Datum* args) {
  return clock_of(args[0].as_int());
}
Datum timestamptz_to_time(CallContext& context, const Datum* args) {
  return clock_of(utc_to_local(args[0].as_int(), zone(context)));
}
Datum timestamptz_to_timetz(CallContext& context, const Datum* args) {
  int64_t t = args[0].as_int();
  if (!is_finite_timestamp(t)) return Datum::null();
  int32_t east = zone(context).offset_at(t).seconds;
  return write_timetz({floor_mod(t + east * kMicrosPerSecond, kMicrosPerDay), -east},
                      context.arena);
}
Datum time_to_timetz(CallContext& context, const Datum* args) {
  int64_t now = utc_to_local(context.style.now.micros, zone(context));
  int64_t local = floor_div(now, kMicrosPerDay) * kMicrosPerDay + args[0].as_int();
  return write_timetz({args[0].as_int(), -zone(context).offset_for_local(local).seconds},
                      context.arena);
}
Datum timetz_to_time(CallContext&, const Datum* args) {
  return Datum::of_int(read_timetz(args[0]).micros);
}
Datum time_to_interval(CallContext& context, const Datum* args) {
  return write_interval({args[0].as_int(), 0, 0}, context.arena);
}
Datum interval_to_time(CallContext&, const Datum* args) {
  return Datum::of_int(around_the_clock(read_interval(args[0]).micros));
}

Datum fit_timestamp(CallContext&, const Datum* args) {
  if (!is_finite_timestamp(args[0].as_int())) return args[0];
  return Datum::of_int(
      round_to_precision(args[0].as_int(), static_cast<int32_t>(args[1].as_int())));
}
Datum fit_timetz(CallContext& context, const Datum* args) {
  TimeTz t = read_timetz(args[0]);
  t.micros = round_to_precision(t.micros, static_cast<int32_t>(args[1].as_int()));
  return write_timetz(t, context.arena);
}
Datum fit_interval_cast(CallContext& context, const Datum* args) {
  return write_interval(
      fit_interval(read_interval(args[0]), static_cast<int32_t>(args[1].as_int())), context.arena);
}

// --- comparison across types: a date is its midnight

template <bool date_first, bool in_zone>
std::strong_ordering compare_mixed(CallContext& context, const Datum* args) {
  int64_t date = args[date_first ? 0 : 1].as_int();
  int64_t t = args[date_first ? 1 : 0].as_int();
  int64_t midnight = 0;
  if (date == kDateInfinity || date >= kEndTimestamp / kMicrosPerDay) {
    midnight = kTimestampInfinity;
  } else if (date == kDateMinusInfinity) {
    midnight = kTimestampMinusInfinity;
  } else {
    midnight = date * kMicrosPerDay;
    if (in_zone) local_to_utc(midnight, zone(context), midnight);
  }
  return date_first ? midnight <=> t : t <=> midnight;
}
template <bool first_is_local>
std::strong_ordering compare_local_utc(CallContext& context, const Datum* args) {
  int64_t utc = 0;
  local_to_utc(args[first_is_local ? 0 : 1].as_int(), zone(context), utc);
  int64_t other = args[first_is_local ? 1 : 0].as_int();
  return first_is_local ? utc <=> other : other <=> utc;
}

using Compare = std::strong_ordering (*)(CallContext&, const Datum*);
template <Compare f>
Datum eq(CallContext& c, const Datum* a) {
  return Datum::of_bool(f(c, a) == 0);
}
template <Compare f>
Datum ne(CallContext& c, const Datum* a) {
  return Datum::of_bool(f(c, a) != 0);
}
template <Compare f>
Datum lt(CallContext& c, const Datum* a) {
  return Datum::of_bool(f(c, a) < 0);
}
template <Compare f>
Datum le(CallContext& c, const Datum* a) {
  return Datum::of_bool(f(c, a) <= 0);
}
template <Compare f>
Datum gt(CallContext& c, const Datum* a) {
  return Datum::of_bool(f(c, a) > 0);
}
template <Compare f>
Datum ge(CallContext& c, const Datum* a) {
  return Datum::of_bool(f(c, a) >= 0);
}

constexpr Compare date_ts = compare_mixed<true, false>, ts_date = compare_mixed<false, false>;
constexpr Compare date_tz = compare_mixed<true, true>, tz_date = compare_mixed<false, true>;
constexpr Compare ts_tz = compare_local_utc<true>, tz_ts = compare_local_utc<false>;

constexpr FunctionRow kRows[] = {
    {1141, "date_pli(date, int4) date", date_plus_days},
    {2550, "integer_pl_date(int4, date) date", days_plus_date},
    {1142, "date_mii(date, int4) date", date_minus_days},
    {1140, "date_mi(date, date) int4", date_minus_date},
    {1272, "datetime_pl(date, time) timestamp", date_plus_time},
    {1296, "timedate_pl(time, date) timestamp", time_plus_date},
    {1297, "datetimetz_pl(date, timetz) timestamptz", date_plus_timetz},
    {1298, "timetzdate_pl(timetz, date) timestamptz", swapped<date_plus_timetz>},
    {2071, "date_pl_interval(date, interval) timestamp", date_plus_interval},
    {2072, "date_mi_interval(date, interval) timestamp", date_minus_interval},
    {2546, "interval_pl_date(interval, date) timestamp", swapped<date_plus_interval>},
    {2032, "timestamp_pl_interval(timestamp, interval) timestamp", timestamp_plus},
    {2033, "timestamp_mi_interval(timestamp, interval) timestamp", timestamp_minus},
    {2548, "interval_pl_timestamp(interval, timestamp) timestamp", swapped<timestamp_plus>},
    {1189, "timestamptz_pl_interval(timestamptz, interval) timestamptz", timestamptz_plus, kStable},
    {1190, "timestamptz_mi_interval(timestamptz, interval) timestamptz", timestamptz_minus,
     kStable},
    {2549, "interval_pl_timestamptz(interval, timestamptz) timestamptz", swapped<timestamptz_plus>,
     kStable},
    {2031, "timestamp_mi(timestamp, timestamp) interval", timestamp_difference},
    {1188, "timestamptz_mi(timestamptz, timestamptz) interval", timestamp_difference},
    {1169, "interval_pl(interval, interval) interval", interval_sum},
    {1170, "interval_mi(interval, interval) interval", interval_difference},
    {1168, "interval_um(interval) interval", interval_negate},
    {1618, "interval_mul(interval, float8) interval", interval_times},
    {1624, "mul_d_interval(float8, interval) interval", swapped<interval_times>},
    {1326, "interval_div(interval, float8) interval", interval_over},
    {1747, "time_pl_interval(time, interval) time", time_plus},
    {1748, "time_mi_interval(time, interval) time", time_minus},
    {1848, "interval_pl_time(interval, time) time", swapped<time_plus>},
    {1690, "time_mi_time(time, time) interval", time_difference},
    {1749, "timetz_pl_interval(timetz, interval) timetz", timetz_plus},
    {1750, "timetz_mi_interval(timetz, interval) timetz", timetz_minus},
    {2547, "interval_pl_timetz(interval, timetz) timetz", swapped<timetz_plus>},
    {1175, "justify_hours(interval) interval", map_interval<justified_hours>},
    {1295, "justify_days(interval) interval", map_interval<justified_days>},
    {2711, "justify_interval(interval) interval", map_interval<justified>},
    {2024, "timestamp(date) timestamp", date_to_timestamp},
    {1174, "timestamptz(date) timestamptz", date_to_timestamptz, kStable},
    {2029, "date(timestamp) date", timestamp_to_date},
    {1178, "date(timestamptz) date", timestamptz_to_date, kStable},
    {2028, "timestamptz(timestamp) timestamptz", timestamp_to_timestamptz, kStable},
    {2027, "timestamp(timestamptz) timestamp", timestamptz_to_timestamp, kStable},
    {1316, "time(timestamp) time", timestamp_to_time},
    {2019, "time(timestamptz) time", timestamptz_to_time, kStable},
    {1388, "timetz(timestamptz) timetz", timestamptz_to_timetz, kStable},
    {2047, "timetz(time) timetz", time_to_timetz, kStable},
    {2046, "time(timetz) time", timetz_to_time},
    {1370, "interval(time) interval", time_to_interval},
    {1419, "time(interval) time", interval_to_time},
    {1961, "timestamp(timestamp, int4) timestamp", fit_timestamp},
    {1967, "timestamptz(timestamptz, int4) timestamptz", fit_timestamp},
    {1968, "time(time, int4) time", fit_timestamp},
    {1969, "timetz(timetz, int4) timetz", fit_timetz},
    {1200, "interval(interval, int4) interval", fit_interval_cast},
    {2025, "timestamp(date, time) timestamp", date_plus_time},
    {2338, "date_lt_timestamp(date, timestamp) bool", lt<date_ts>},
    {2339, "date_le_timestamp(date, timestamp) bool", le<date_ts>},
    {2343, "date_ne_timestamp(date, timestamp) bool", ne<date_ts>},
    {2340, "date_eq_timestamp(date, timestamp) bool", eq<date_ts>},
    {2341, "date_gt_timestamp(date, timestamp) bool", gt<date_ts>},
    {2342, "date_ge_timestamp(date, timestamp) bool", ge<date_ts>},
    {2364, "timestamp_lt_date(timestamp, date) bool", lt<ts_date>},
    {2365, "timestamp_le_date(timestamp, date) bool", le<ts_date>},
    {2369, "timestamp_ne_date(timestamp, date) bool", ne<ts_date>},
    {2366, "timestamp_eq_date(timestamp, date) bool", eq<ts_date>},
    {2367, "timestamp_gt_date(timestamp, date) bool", gt<ts_date>},
    {2368, "timestamp_ge_date(timestamp, date) bool", ge<ts_date>},
    {2351, "date_lt_timestamptz(date, timestamptz) bool", lt<date_tz>, kStable},
    {2352, "date_le_timestamptz(date, timestamptz) bool", le<date_tz>, kStable},
    {2356, "date_ne_timestamptz(date, timestamptz) bool", ne<date_tz>, kStable},
    {2353, "date_eq_timestamptz(date, timestamptz) bool", eq<date_tz>, kStable},
    {2354, "date_gt_timestamptz(date, timestamptz) bool", gt<date_tz>, kStable},
    {2355, "date_ge_timestamptz(date, timestamptz) bool", ge<date_tz>, kStable},
    {2377, "timestamptz_lt_date(timestamptz, date) bool", lt<tz_date>, kStable},
    {2378, "timestamptz_le_date(timestamptz, date) bool", le<tz_date>, kStable},
    {2382, "timestamptz_ne_date(timestamptz, date) bool", ne<tz_date>, kStable},
    {2379, "timestamptz_eq_date(timestamptz, date) bool", eq<tz_date>, kStable},
    {2380, "timestamptz_gt_date(timestamptz, date) bool", gt<tz_date>, kStable},
    {2381, "timestamptz_ge_date(timestamptz, date) bool", ge<tz_date>, kStable},
    {2520, "timestamp_lt_timestamptz(timestamp, timestamptz) bool", lt<ts_tz>, kStable},
    {2521, "timestamp_le_timestamptz(timestamp, timestamptz) bool", le<ts_tz>, kStable},
    {2525, "timestamp_ne_timestamptz(timestamp, timestamptz) bool", ne<ts_tz>, kStable},
    {2522, "timestamp_eq_timestamptz(timestamp, timestamptz) bool", eq<ts_tz>, kStable},
    {2523, "timestamp_gt_timestamptz(timestamp, timestamptz) bool", gt<ts_tz>, kStable},
    {2524, "timestamp_ge_timestamptz(timestamp, timestamptz) bool", ge<ts_tz>, kStable},
    {2527, "timestamptz_lt_timestamp(timestamptz, timestamp) bool", lt<tz_ts>, kStable},
    {2528, "timestamptz_le_timestamp(timestamptz, timestamp) bool", le<tz_ts>, kStable},
    {2532, "timestamptz_ne_timestamp(timestamptz, timestamp) bool", ne<tz_ts>, kStable},
    {2529, "timestamptz_eq_timestamp(timestamptz, timestamp) bool", eq<tz_ts>, kStable},
    {2530, "timestamptz_gt_timestamp(timestamptz, timestamp) bool", gt<tz_ts>, kStable},
    {2531, "timestamptz_ge_timestamp(timestamptz, timestamp) bool", ge<tz_ts>, kStable},
};

}  // namespace

const std::span<const FunctionRow> kDatetimeMath = kRows;

}  // namespace isolde::sql
