#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace isolde::sql {

/// The rules of one time zone. Immutable; lives as long as the process.
class TimeZone {
 public:
  struct Rules;
  explicit TimeZone(std::string name, std::unique_ptr<Rules> rules);
  ~TimeZone();

  /// As it is written back by SHOW: "Europe/Berlin", "<+03>-03".
  const std::string& name() const { return name_; }

  struct Offset {
    int32_t seconds;  ///< east of Greenwich
    bool daylight;
    std::string_view abbreviation;  ///< "CEST"
  };
  /// In force at a moment, in microseconds from 2000-01-01 UTC.
  Offset offset_at(int64_t utc_micros) const;
  /// In force at a wall clock's time. One that a change skips or repeats is read as standard time.
  Offset offset_for_local(int64_t local_micros) const;

 private:
  std::string name_;
  std::unique_ptr<Rules> rules_;
};

/// By name in any case ("europe/berlin", "UTC"), by POSIX rule ("EST5EDT", "<+03>-3"); null for an
/// unknown one. May read files the first time that a name is used.
const TimeZone* find_time_zone(std::string_view name);
/// A zone a fixed distance east of Greenwich, as SET TIME ZONE 3 makes it.
const TimeZone* fixed_time_zone(int32_t seconds_east);
const TimeZone& utc_time_zone();

/// An abbreviation as timestamps use it ("EST", "CEST", "Z"); false for an unknown one.
bool find_zone_abbreviation(std::string_view name, int32_t& seconds_east, bool& daylight);

}  // namespace isolde::sql
