#include <fmt/format.h>

#include <cstdlib>
#include <iterator>

#include "sql/types/datetime.hpp"

// The four ways to write an interval. Signs are where they differ most.

namespace isolde::sql {

namespace {

struct Parts {
  int64_t years, months, days, hours, minutes, seconds, micros;
  explicit Parts(const Interval& i)
      : years(i.months / 12),
        months(i.months % 12),
        days(i.days),
        hours(i.micros / kMicrosPerHour),
        minutes(i.micros / kMicrosPerMinute % 60),
        seconds(i.micros / kMicrosPerSecond % 60),
        micros(i.micros % kMicrosPerSecond) {}
  bool has_time() const { return (hours | minutes | seconds | micros) != 0; }
  bool time_is_negative() const { return hours < 0 || minutes < 0 || seconds < 0 || micros < 0; }
};

template <typename... Args>
void print(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

void append_seconds(std::string& out, const Parts& p, bool two_digits) {
  print(out, "{:0{}}", std::abs(p.seconds), two_digits ? 2 : 1);
  if (p.micros == 0) return;
  print(out, ".{:06}", std::abs(p.micros));
  while (out.back() == '0') out.pop_back();
}

/// "1 year 2 mons -3 days +04:05:06": after a negative field, a plus marks a positive one.
void append_postgres(std::string& out, const Parts& p) {
  bool empty = true;
  bool after_negative = false;
  auto field = [&](int64_t value, const char* unit) {
    if (value == 0) return;
    print(out, "{}{}{} {}{}", empty ? "" : " ", after_negative && value > 0 ? "+" : "", value, unit,
          value != 1 ? "s" : "");
    after_negative = value < 0;
    empty = false;
  };
  field(p.years, "year");
  field(p.months, "mon");
  field(p.days, "day");
  if (!empty && !p.has_time()) return;
  print(out, "{}{}{:02}:{:02}:", empty ? "" : " ",
        p.time_is_negative() ? "-"
        : after_negative     ? "+"
                             : "",
        std::abs(p.hours), std::abs(p.minutes));
  append_seconds(out, p, true);
}

/// "@ 1 year 2 mons ago": the first field's sign is the interval's.
void append_verbose(std::string& out, const Parts& p) {
  bool empty = true;
  bool ago = false;
  auto field = [&](int64_t value, const char* unit) {
    if (value == 0) return;
    if (empty) ago = value < 0;
    if (ago) value = -value;
    print(out, " {} {}{}", value, unit, value == 1 ? "" : "s");
    empty = false;
  };
  out += '@';
  field(p.years, "year");
  field(p.months, "mon");
  field(p.days, "day");
  field(p.hours, "hour");
  field(p.minutes, "min");
  if (p.seconds != 0 || p.micros != 0) {
    bool negative = p.seconds < 0 || p.micros < 0;
    if (empty) ago = negative;
    out += negative != ago ? " -" : " ";
    append_seconds(out, p, false);
    print(out, " sec{}", std::abs(p.seconds) != 1 || p.micros != 0 ? "s" : "");
    empty = false;
  }
  if (empty) out += " 0";
  if (ago) out += " ago";
}

void append_iso(std::string& out, const Parts& p) {
  size_t begin = out.size();
  out += 'P';
  auto field = [&](int64_t value, char unit) {
    if (value != 0) print(out, "{}{}", value, unit);
  };
  field(p.years, 'Y');
  field(p.months, 'M');
  field(p.days, 'D');
  if (p.has_time()) out += 'T';
  field(p.hours, 'H');
  field(p.minutes, 'M');
  if (p.seconds != 0 || p.micros != 0) {
    if (p.seconds < 0 || p.micros < 0) out += '-';
    append_seconds(out, p, false);
    out += 'S';
  }
  if (out.size() == begin + 1) out += "T0S";
}

void append_sql(std::string& out, const Interval& interval) {
  Parts p(interval);
  bool negative = interval.months < 0 || interval.days < 0 || interval.micros < 0;
  bool positive = interval.months > 0 || interval.days > 0 || interval.micros > 0;
  bool has_day_time = interval.days != 0 || interval.micros != 0;
  if (!negative && !positive) {
    out += '0';
    return;
  }
  bool standard = !(negative && positive) && !(interval.months != 0 && has_day_time);
  if (!standard) {
    print(out, "{}{}-{} {}{} {}{}:{:02}:", interval.months < 0 ? '-' : '+', std::abs(p.years),
          std::abs(p.months), p.days < 0 ? '-' : '+', std::abs(p.days),
          p.time_is_negative() ? '-' : '+', std::abs(p.hours), std::abs(p.minutes));
    append_seconds(out, p, true);
    return;
  }
  if (negative) out += '-';
  if (interval.months != 0) {
    print(out, "{}-{}", std::abs(p.years), std::abs(p.months));
    return;
  }
  if (p.days != 0) print(out, "{} ", std::abs(p.days));
  print(out, "{}:{:02}:", std::abs(p.hours), std::abs(p.minutes));
  append_seconds(out, p, true);
}

}  // namespace

void append_interval(std::string& out, const Interval& interval, IntervalStyle style) {
  switch (style) {
    case IntervalStyle::kPostgres:
      return append_postgres(out, Parts(interval));
    case IntervalStyle::kPostgresVerbose:
      return append_verbose(out, Parts(interval));
    case IntervalStyle::kSqlStandard:
      return append_sql(out, interval);
    case IntervalStyle::kIso8601:
      return append_iso(out, Parts(interval));
  }
}

}  // namespace isolde::sql
