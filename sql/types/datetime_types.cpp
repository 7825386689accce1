#include <fmt/format.h>

#include "sql/types/arena.hpp"
#include "sql/types/builtin_types.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/datetime.hpp"
#include "sql/types/hash.hpp"

// date, time, timetz, timestamp, timestamptz and interval as types.

namespace isolde::sql {

namespace {

std::strong_ordering compare_ints(const Type&, Datum a, Datum b) {
  return a.as_int() <=> b.as_int();
}
uint64_t hash_int(const Type&, Datum value) {
  return hash_integer(static_cast<uint64_t>(value.as_int()));
}

template <typename Integer>
int64_t read_one(std::string_view bytes) {
  BinaryReader reader(bytes);
  auto value = reader.read<Integer>();
  reader.finish();
  return value;
}

// --- date

Datum date_from_text(const Type&, std::string_view text, int32_t, Arena&,
                     const OutputStyle& style) {
  return Datum::of_int(parse_date(text, style));
}
void date_to_text(const Type&, Datum value, std::string& out, const OutputStyle& style) {
  append_date(out, value.as_int(), style);
}
Datum date_from_binary(const Type&, std::string_view bytes, int32_t, Arena&) {
  int64_t days = read_one<int32_t>(bytes);
  if (is_finite_date(days) && !is_valid_date(days)) {
    fail(base::sqlstate::kDatetimeFieldOverflow, "date out of range");
  }
  return Datum::of_int(days);
}
void date_to_binary(const Type&, Datum value, std::string& out) {
  append_network(out, static_cast<int32_t>(value.as_int()));
}

// --- time

Datum time_from_text(const Type&, std::string_view text, int32_t typmod, Arena&,
                     const OutputStyle& style) {
  return Datum::of_int(round_to_precision(parse_time(text, style), typmod));
}
void time_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  append_time(out, value.as_int());
}
int64_t check_time(int64_t micros) {
  if (micros < 0 || micros > kMicrosPerDay) {
    fail(base::sqlstate::kDatetimeFieldOverflow, "time out of range");
  }
  return micros;
}
Datum time_from_binary(const Type&, std::string_view bytes, int32_t typmod, Arena&) {
  return Datum::of_int(round_to_precision(check_time(read_one<int64_t>(bytes)), typmod));
}
void time_to_binary(const Type&, Datum value, std::string& out) {
  append_network(out, value.as_int());
}

// --- timetz

Datum timetz_from_text(const Type&, std::string_view text, int32_t typmod, Arena& arena,
                       const OutputStyle& style) {
  TimeTz time = parse_timetz(text, style);
  time.micros = round_to_precision(time.micros, typmod);
  return write_timetz(time, arena);
}
void timetz_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  append_timetz(out, read_timetz(value));
}
Datum timetz_from_binary(const Type&, std::string_view bytes, int32_t typmod, Arena& arena) {
  BinaryReader reader(bytes);
  TimeTz time;
  time.micros = round_to_precision(check_time(reader.read<int64_t>()), typmod);
  time.west = reader.read<int32_t>();
  reader.finish();
  constexpr int32_t kLimit = 16 * 3600;
  if (time.west <= -kLimit || time.west >= kLimit) {
    fail(base::sqlstate::kInvalidTimeZoneDisplacementValue, "time zone displacement out of range");
  }
  return write_timetz(time, arena);
}
void timetz_to_binary(const Type&, Datum value, std::string& out) {
  TimeTz time = read_timetz(value);
  append_network(out, time.micros);
  append_network(out, time.west);
}
/// By the moment in UTC, then by zone.
std::strong_ordering compare_timetz(const Type&, Datum a, Datum b) {
  TimeTz x = read_timetz(a);
  TimeTz y = read_timetz(b);
  auto utc = [](const TimeTz& t) { return t.micros + t.west * kMicrosPerSecond; };
  if (auto order = utc(x) <=> utc(y); order != 0) return order;
  return x.west <=> y.west;
}
uint64_t hash_timetz(const Type&, Datum value) {
  TimeTz t = read_timetz(value);
  return combine_hashes(static_cast<uint64_t>(t.micros), static_cast<uint64_t>(t.west));
}

// --- timestamp, timestamptz

Datum timestamp_from_text(const Type&, std::string_view text, int32_t typmod, Arena&,
                          const OutputStyle& style) {
  int64_t t = parse_timestamp(text, style);
  return Datum::of_int(is_finite_timestamp(t) ? round_to_precision(t, typmod) : t);
}
void timestamp_to_text(const Type&, Datum value, std::string& out, const OutputStyle& style) {
  append_timestamp(out, value.as_int(), style);
}
Datum timestamptz_from_text(const Type&, std::string_view text, int32_t typmod, Arena&,
                            const OutputStyle& style) {
  int64_t t = parse_timestamptz(text, style);
  return Datum::of_int(is_finite_timestamp(t) ? round_to_precision(t, typmod) : t);
}
void timestamptz_to_text(const Type&, Datum value, std::string& out, const OutputStyle& style) {
  append_timestamptz(out, value.as_int(), style);
}
Datum timestamp_from_binary(const Type&, std::string_view bytes, int32_t typmod, Arena&) {
  int64_t t = read_one<int64_t>(bytes);
  if (!is_finite_timestamp(t)) return Datum::of_int(t);
  if (!is_valid_timestamp(t)) fail_timestamp_range();
  return Datum::of_int(round_to_precision(t, typmod));
}

// --- interval

Datum interval_from_text(const Type&, std::string_view text, int32_t typmod, Arena& arena,
                         const OutputStyle& style) {
  return write_interval(fit_interval(parse_interval(text, typmod, style), typmod), arena);
}
void interval_to_text(const Type&, Datum value, std::string& out, const OutputStyle& style) {
  append_interval(out, read_interval(value), style.interval_style);
}
Datum interval_from_binary(const Type&, std::string_view bytes, int32_t typmod, Arena& arena) {
  BinaryReader reader(bytes);
  Interval interval;
  interval.micros = reader.read<int64_t>();
  interval.days = reader.read<int32_t>();
  interval.months = reader.read<int32_t>();
  reader.finish();
  return write_interval(fit_interval(interval, typmod), arena);
}
void interval_to_binary(const Type&, Datum value, std::string& out) {
  Interval interval = read_interval(value);
  append_network(out, interval.micros);
  append_network(out, interval.days);
  append_network(out, interval.months);
}
std::strong_ordering compare_intervals(const Type&, Datum a, Datum b) {
  __int128 x = interval_length(read_interval(a));
  __int128 y = interval_length(read_interval(b));
  return x < y   ? std::strong_ordering::less
         : x > y ? std::strong_ordering::greater
                 : std::strong_ordering::equal;
}
uint64_t hash_interval(const Type&, Datum value) {
  auto length = static_cast<unsigned __int128>(interval_length(read_interval(value)));
  return combine_hashes(static_cast<uint64_t>(length), static_cast<uint64_t>(length >> 64));
}

}  // namespace

const TypeFunctions kDateFunctions{date_from_text, date_to_text, date_from_binary,
                                   date_to_binary, compare_ints, hash_int};
const TypeFunctions kTimeFunctions{time_from_text, time_to_text, time_from_binary,
                                   time_to_binary, compare_ints, hash_int};
const TypeFunctions kTimetzFunctions{timetz_from_text, timetz_to_text, timetz_from_binary,
                                     timetz_to_binary, compare_timetz, hash_timetz};
const TypeFunctions kTimestampFunctions{timestamp_from_text,   timestamp_to_text,
                                        timestamp_from_binary, time_to_binary,
                                        compare_ints,          hash_int};
const TypeFunctions kTimestamptzFunctions{timestamptz_from_text, timestamptz_to_text,
                                          timestamp_from_binary, time_to_binary,
                                          compare_ints,          hash_int};
const TypeFunctions kIntervalFunctions{interval_from_text, interval_to_text,  interval_from_binary,
                                       interval_to_binary, compare_intervals, hash_interval};

}  // namespace isolde::sql
