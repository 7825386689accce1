#include <fmt/format.h>

#include <cmath>

#include "sql/functions/declaration.hpp"
#include "sql/types/datetime.hpp"
#include "sql/types/datetime_tokens.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/numeric.hpp"
#include "sql/types/type_registry.hpp"

// extract (numeric), date_part (the same as double precision), and date_trunc.

namespace isolde::sql {

namespace {

using W = DateTimeWord;

/// What one field is: a whole number with decimals, or nothing, or an infinity.
struct FieldValue {
  enum class Kind : uint8_t { kNumber, kNull, kInfinity, kMinusInfinity };
  Kind kind = Kind::kNumber;
  __int128 digits = 0;
  int scale = 0;
};

FieldValue whole(int64_t v) {
  return {FieldValue::Kind::kNumber, v, 0};
}
FieldValue decimal(__int128 digits, int scale) {
  return {FieldValue::Kind::kNumber, digits, scale};
}

std::string lower(std::string_view word) {
  std::string out;
  for (char c : word) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

const char* type_phrase(base::Oid oid) {
  switch (oid.value) {
    case types::kDate.value:
      return "date";
    case types::kTime.value:
      return "time without time zone";
    case types::kTimetz.value:
      return "time with time zone";
    case types::kTimestamp.value:
      return "timestamp without time zone";
    case types::kTimestamptz.value:
      return "timestamp with time zone";
    default:
      return "interval";
  }
}

[[noreturn]] void fail_unit(std::string_view unit, base::Oid type, bool known) {
  fail(known ? base::sqlstate::kFeatureNotSupported : base::sqlstate::kInvalidParameterValue,
       fmt::format("unit \"{}\" not {} for type {}", lower(unit),
                   known ? "supported" : "recognized", type_phrase(type)));
}

/// The unit that a word names, or an error for the type.
int unit_of(std::string_view word, base::Oid type) {
  const DateTimeWord* unit = find_unit_word(lower(word));
  if (unit == nullptr || unit->kind != W::Kind::kUnit) fail_unit(word, type, false);
  return unit->value;
}

/// ISO 8601: weeks start on Monday, and the first holds January 4.
struct IsoWeek {
  int64_t year;
  int week;
};
int64_t monday_of_first_week(int64_t year) {
  int64_t fourth = days_from_civil(year, 1, 4);
  return fourth - floor_mod(fourth + 5, 7);
}
IsoWeek iso_week(const Civil& c) {
  int64_t day = days_from_civil(c.year, c.month, c.day);
  int64_t year = c.year;
  if (day < monday_of_first_week(year)) {
    --year;
  } else if (day >= monday_of_first_week(year + 1)) {
    ++year;
  }
  return {year, static_cast<int>((day - monday_of_first_week(year)) / 7 + 1)};
}

int64_t without_zero(int64_t year) {
  return year > 0 ? year : year - 1;
}

int64_t period(int64_t year, int64_t length) {
  if (year > 0) return (year + length - 1) / length;
  return -((length - 1 - (year - 1)) / length);
}

/// Fields of the calendar and the clock. `type` is for messages.
FieldValue civil_field(const Civil& c, int unit, std::string_view word, base::Oid type) {
  int64_t day = days_from_civil(c.year, c.month, c.day);
  int64_t micros = int64_t{c.second} * kMicrosPerSecond + c.micros;
  switch (unit) {
    case W::kMicrosecond:
      return whole(micros);
    case W::kMillisecond:
      return decimal(micros, 3);
    case W::kSecond:
      return decimal(micros, 6);
    case W::kMinute:
      return whole(c.minute);
    case W::kHour:
      return whole(c.hour);
    case W::kDay:
      return whole(c.day);
    case W::kMonthUnit:
      return whole(c.month);
    case W::kQuarter:
      return whole((c.month - 1) / 3 + 1);
    case W::kWeek:
      return whole(iso_week(c).week);
    case W::kIsoYear:
      return whole(without_zero(iso_week(c).year));
    case W::kYear:
      return whole(without_zero(c.year));
    case W::kDecade:
      return whole(c.year >= 0 ? c.year / 10 : -((8 - (c.year - 1)) / 10));
    case W::kCentury:
      return whole(period(c.year, 100));
    case W::kMillennium:
      return whole(period(c.year, 1000));
    case W::kDow:
      return whole(floor_mod(day + 6, 7));
    case W::kIsoDow:
      return whole(floor_mod(day + 5, 7) + 1);
    case W::kDoy:
      return whole(day - days_from_civil(c.year, 1, 1) + 1);
    default:
      fail_unit(word, type, true);
  }
}

FieldValue julian(int64_t day, int64_t micros_of_day) {
  // As PostgreSQL divides: the day's fraction to the scale of a numeric quotient.
  Numeric part = Numeric::of(micros_of_day) / Numeric::of(kMicrosPerDay);
  Numeric value = Numeric::of(day + kJulianOfEpoch) + part;
  __int128 digits = 0;
  Numeric scaled = value;
  for (int i = 0; i < value.scale(); ++i) scaled = scaled * Numeric::of(10);
  scaled.to_int128(digits);
  return decimal(digits, value.scale());
}

FieldValue infinite_field(int unit, bool minus, std::string_view word, base::Oid type) {
  switch (unit) {
    case W::kMicrosecond:
    case W::kMillisecond:
    case W::kSecond:
    case W::kMinute:
    case W::kHour:
    case W::kDay:
    case W::kMonthUnit:
    case W::kQuarter:
    case W::kWeek:
    case W::kDow:
    case W::kIsoDow:
    case W::kDoy:
    case W::kTimezoneUnit:
    case W::kTimezoneHour:
    case W::kTimezoneMinute:
      return {FieldValue::Kind::kNull};
    case W::kYear:
    case W::kDecade:
    case W::kCentury:
    case W::kMillennium:
    case W::kJulianUnit:
    case W::kIsoYear:
    case W::kEpochUnit:
      return {minus ? FieldValue::Kind::kMinusInfinity : FieldValue::Kind::kInfinity};
    default:
      fail_unit(word, type, true);
  }
}

FieldValue timestamp_field(std::string_view word, int64_t t, const TimeZone* zone) {
  base::Oid type = zone != nullptr ? types::kTimestamptz : types::kTimestamp;
  int unit = unit_of(word, type);
  if (!is_finite_timestamp(t)) {
    return infinite_field(unit, t == kTimestampMinusInfinity, word, type);
  }
  int32_t east = zone != nullptr ? zone->offset_at(t).seconds : 0;
  int64_t local = t + east * kMicrosPerSecond;
  if (zone != nullptr) {
    if (unit == W::kTimezoneUnit) return whole(east);
    if (unit == W::kTimezoneHour) return whole(east / 3600);
    if (unit == W::kTimezoneMinute) return whole(east / 60 % 60);
  }
  if (unit == W::kEpochUnit)
    return decimal(static_cast<__int128>(t) - kUnixEpochDay * kMicrosPerDay, 6);
  if (unit == W::kJulianUnit) {
    return julian(floor_div(local, kMicrosPerDay), floor_mod(local, kMicrosPerDay));
  }
  return civil_field(civil_from_timestamp(local), unit, word, type);
}

FieldValue date_field(std::string_view word, int64_t date) {
  int unit = unit_of(word, types::kDate);
  bool clock = unit <= W::kHour || unit == W::kTimezoneUnit || unit == W::kTimezoneHour ||
               unit == W::kTimezoneMinute;
  if (clock) fail_unit(word, types::kDate, true);
  if (!is_finite_date(date)) {
    return infinite_field(unit, date == kDateMinusInfinity, word, types::kDate);
  }
  if (unit == W::kEpochUnit) return whole((date - kUnixEpochDay) * 86400);
  if (unit == W::kJulianUnit) return whole(date + kJulianOfEpoch);
  Civil c;
  civil_from_days(date, c);
  return civil_field(c, unit, word, types::kDate);
}

FieldValue time_field(std::string_view word, int64_t micros, const int32_t* west) {
  base::Oid type = west != nullptr ? types::kTimetz : types::kTime;
  int unit = unit_of(word, type);
  if (west != nullptr) {
    if (unit == W::kTimezoneUnit) return whole(-*west);
    if (unit == W::kTimezoneHour) return whole(-*west / 3600);
    if (unit == W::kTimezoneMinute) return whole(-*west / 60 % 60);
  }
  if (unit == W::kEpochUnit) {
    return decimal(micros + (west != nullptr ? *west * kMicrosPerSecond : 0), 6);
  }
  if (unit > W::kHour) fail_unit(word, type, true);
  Civil c;
  set_time(c, micros);
  return civil_field(c, unit, word, type);
}

FieldValue interval_field_value(std::string_view word, const Interval& i) {
  int unit = unit_of(word, types::kInterval);
  int64_t year = i.months / 12;
  switch (unit) {
    case W::kMicrosecond:
      return whole(i.micros % kMicrosPerMinute);
    case W::kMillisecond:
      return decimal(i.micros % kMicrosPerMinute, 3);
    case W::kSecond:
      return decimal(i.micros % kMicrosPerMinute, 6);
    case W::kMinute:
      return whole(i.micros / kMicrosPerMinute % 60);
    case W::kHour:
      return whole(i.micros / kMicrosPerHour);
    case W::kDay:
      return whole(i.days);
    case W::kMonthUnit:
      return whole(i.months % 12);
    case W::kQuarter:
      return whole(i.months % 12 / 3 + 1);
    case W::kYear:
      return whole(year);
    case W::kDecade:
      return whole(year / 10);
    case W::kCentury:
      return whole(year / 100);
    case W::kMillennium:
      return whole(year / 1000);
    case W::kEpochUnit: {
      // A year counts as 365.25 days here.
      int64_t quarter_days = year * 1461 + (int64_t{i.months % 12} * 30 + i.days) * 4;
      return decimal(static_cast<__int128>(quarter_days) * 21600 * kMicrosPerSecond + i.micros, 6);
    }
    default:
      fail_unit(word, types::kInterval, true);
  }
}

Datum as_numeric(CallContext& context, const FieldValue& v) {
  switch (v.kind) {
    case FieldValue::Kind::kNull:
      return Datum::null();
    case FieldValue::Kind::kInfinity:
      return Numeric(Numeric::Kind::kInfinity).write(context.arena);
    case FieldValue::Kind::kMinusInfinity:
      return Numeric(Numeric::Kind::kMinusInfinity).write(context.arena);
    case FieldValue::Kind::kNumber:
      break;
  }
  Numeric n = Numeric::of_int128(v.digits);
  int64_t unit = 1;
  if (v.scale > 18) {
    return Numeric::divide(n, Numeric::parse("1e" + std::to_string(v.scale)), v.scale, true)
        .write(context.arena);
  }
  for (int i = 0; i < v.scale; ++i) unit *= 10;
  return Numeric::divide(n, Numeric::of(unit), v.scale, true).write(context.arena);
}
Datum as_float8(CallContext&, const FieldValue& v) {
  switch (v.kind) {
    case FieldValue::Kind::kNull:
      return Datum::null();
    case FieldValue::Kind::kInfinity:
      return Datum::of_float(INFINITY);
    case FieldValue::Kind::kMinusInfinity:
      return Datum::of_float(-INFINITY);
    case FieldValue::Kind::kNumber:
      break;
  }
  return Datum::of_float(static_cast<double>(v.digits) / std::pow(10.0, v.scale));
}

using Shape = Datum (*)(CallContext&, const FieldValue&);

template <Shape shape>
Datum of_timestamp(CallContext& context, const Datum* args) {
  return shape(context, timestamp_field(args[0].as_bytes(), args[1].as_int(), nullptr));
}
template <Shape shape>
Datum of_timestamptz(CallContext& context, const Datum* args) {
  return shape(context,
               timestamp_field(args[0].as_bytes(), args[1].as_int(), &zone_of(context.style)));
}
Datum extract_date(CallContext& context, const Datum* args) {
  return as_numeric(context, date_field(args[0].as_bytes(), args[1].as_int()));
}
/// date_part on a date goes by its midnight.
Datum date_part_date(CallContext& context, const Datum* args) {
  int64_t date = args[1].as_int();
  int64_t t = date == kDateInfinity        ? kTimestampInfinity
              : date == kDateMinusInfinity ? kTimestampMinusInfinity
                                           : date * kMicrosPerDay;
  return as_float8(context, timestamp_field(args[0].as_bytes(), t, nullptr));
}
template <Shape shape>
Datum of_time(CallContext& context, const Datum* args) {
  return shape(context, time_field(args[0].as_bytes(), args[1].as_int(), nullptr));
}
template <Shape shape>
Datum of_timetz(CallContext& context, const Datum* args) {
  TimeTz t = read_timetz(args[1]);
  return shape(context, time_field(args[0].as_bytes(), t.micros, &t.west));
}
template <Shape shape>
Datum of_interval(CallContext& context, const Datum* args) {
  return shape(context, interval_field_value(args[0].as_bytes(), read_interval(args[1])));
}

// --- date_trunc

int64_t period_start(int64_t year, int64_t length) {
  if (year > 0) return (year + length - 1) / length * length - (length - 1);
  return -((length - 1 - (year - 1)) / length) * length + 1;
}

/// Everything finer than the unit goes; false for units that cannot be cut to.
bool truncate(Civil& c, int unit) {
  switch (unit) {
    case W::kWeek: {
      IsoWeek week = iso_week(c);
      civil_from_days(monday_of_first_week(week.year) + (week.week - 1) * 7, c);
      break;
    }
    case W::kMillennium:
      c.year = period_start(c.year, 1000);
      break;
    case W::kCentury:
      c.year = period_start(c.year, 100);
      break;
    case W::kDecade:
      c.year = c.year > 0 ? c.year / 10 * 10 : -((8 - (c.year - 1)) / 10) * 10;
      break;
    case W::kYear:
    case W::kQuarter:
    case W::kMonthUnit:
    case W::kDay:
    case W::kHour:
    case W::kMinute:
    case W::kSecond:
    case W::kMillisecond:
    case W::kMicrosecond:
      break;
    default:
      return false;
  }
  if (unit == W::kMicrosecond) return true;
  c.micros = unit == W::kMillisecond ? c.micros / 1000 * 1000 : 0;
  if (unit == W::kMillisecond || unit == W::kSecond) return true;
  c.second = 0;
  if (unit == W::kMinute) return true;
  c.minute = 0;
  if (unit == W::kHour) return true;
  c.hour = 0;
  if (unit == W::kDay || unit == W::kWeek) return true;
  c.day = 1;
  if (unit == W::kMonthUnit) return true;
  c.month = unit == W::kQuarter ? (c.month - 1) / 3 * 3 + 1 : 1;
  return true;
}

/// Units of extract() alone count as unknown here.
int trunc_unit_of(std::string_view word, base::Oid type) {
  int unit = unit_of(word, type);
  if (unit > W::kTimezoneMinute) fail_unit(word, type, false);
  return unit;
}

int64_t truncated(std::string_view word, int64_t t, base::Oid type) {
  int unit = trunc_unit_of(word, type);
  if (!is_finite_timestamp(t)) return t;
  Civil c = civil_from_timestamp(t);
  if (!truncate(c, unit)) fail_unit(word, type, true);
  if (!timestamp_from_civil(c, t)) fail_timestamp_range();
  return t;
}

Datum trunc_timestamp(CallContext&, const Datum* args) {
  return Datum::of_int(truncated(args[0].as_bytes(), args[1].as_int(), types::kTimestamp));
}
Datum trunc_in(const TimeZone& zone, std::string_view word, int64_t t) {
  int unit = trunc_unit_of(word, types::kTimestamptz);
  if (!is_finite_timestamp(t)) return Datum::of_int(t);
  TimeZone::Offset offset = zone.offset_at(t);
  int64_t local = truncated(word, t + offset.seconds * kMicrosPerSecond, types::kTimestamptz);
  // Units of the clock keep the offset, so that the repeated hour stays itself.
  bool clock = unit <= W::kHour;
  int64_t east = clock ? offset.seconds : zone.offset_for_local(local).seconds;
  return Datum::of_int(local - east * kMicrosPerSecond);
}
Datum trunc_timestamptz(CallContext& context, const Datum* args) {
  return trunc_in(zone_of(context.style), args[0].as_bytes(), args[1].as_int());
}
Datum trunc_timestamptz_zone(CallContext&, const Datum* args) {
  const TimeZone* zone = find_time_zone(args[2].as_bytes());
  if (zone == nullptr) {
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("time zone \"{}\" not recognized", args[2].as_bytes()));
  }
  return trunc_in(*zone, args[0].as_bytes(), args[1].as_int());
}
Datum trunc_interval(CallContext& context, const Datum* args) {
  std::string_view word = args[0].as_bytes();
  int unit = trunc_unit_of(word, types::kInterval);
  Interval i = read_interval(args[1]);
  int32_t year = i.months / 12;
  auto years = [&](int32_t length) { i = {0, 0, year / length * length * 12}; };
  switch (unit) {
    case W::kMillennium:
      years(1000);
      break;
    case W::kCentury:
      years(100);
      break;
    case W::kDecade:
      years(10);
      break;
    case W::kYear:
      years(1);
      break;
    case W::kQuarter:
      i = {0, 0, i.months / 3 * 3};
      break;
    case W::kMonthUnit:
      i = {0, 0, i.months};
      break;
    case W::kDay:
      i.micros = 0;
      break;
    case W::kHour:
      i.micros -= i.micros % kMicrosPerHour;
      break;
    case W::kMinute:
      i.micros -= i.micros % kMicrosPerMinute;
      break;
    case W::kSecond:
      i.micros -= i.micros % kMicrosPerSecond;
      break;
    case W::kMillisecond:
      i.micros -= i.micros % 1000;
      break;
    case W::kMicrosecond:
      break;
    case W::kWeek:
      throw base::SqlException(base::Error(base::sqlstate::kFeatureNotSupported,
                                           "unit \"week\" not supported for type interval")
                                   .detail("Months usually have fractional weeks."));
    default:
      fail_unit(word, types::kInterval, true);
  }
  return write_interval(i, context.arena);
}

constexpr FunctionRow kRows[] = {
    {6202, "extract(text, timestamp) numeric", of_timestamp<as_numeric>},
    {2021, "date_part(text, timestamp) float8", of_timestamp<as_float8>},
    {6203, "extract(text, timestamptz) numeric", of_timestamptz<as_numeric>, kStable},
    {1171, "date_part(text, timestamptz) float8", of_timestamptz<as_float8>, kStable},
    {6199, "extract(text, date) numeric", extract_date},
    {1384, "date_part(text, date) float8", date_part_date},
    {6200, "extract(text, time) numeric", of_time<as_numeric>},
    {1385, "date_part(text, time) float8", of_time<as_float8>},
    {6201, "extract(text, timetz) numeric", of_timetz<as_numeric>},
    {1273, "date_part(text, timetz) float8", of_timetz<as_float8>},
    {6204, "extract(text, interval) numeric", of_interval<as_numeric>},
    {1172, "date_part(text, interval) float8", of_interval<as_float8>},
    {2020, "date_trunc(text, timestamp) timestamp", trunc_timestamp},
    {1217, "date_trunc(text, timestamptz) timestamptz", trunc_timestamptz, kStable},
    {1284, "date_trunc(text, timestamptz, text) timestamptz", trunc_timestamptz_zone, kStable},
    {1218, "date_trunc(text, interval) interval", trunc_interval},
};

}  // namespace

const std::span<const FunctionRow> kDatetimeFields = kRows;

}  // namespace isolde::sql
