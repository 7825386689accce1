#pragma once

#include <chrono>
#include <cstdint>

namespace isolde::base {

/// For durations and deadlines: never jumps.
using SteadyTime = std::chrono::steady_clock::time_point;
inline constexpr SteadyTime kNever = SteadyTime::max();
inline SteadyTime steady_now() {
  return std::chrono::steady_clock::now();
}

/// Microseconds since 2000-01-01 00:00 UTC: PostgreSQL's timestamptz.
struct Timestamp {
  int64_t micros = 0;
  constexpr auto operator<=>(const Timestamp&) const = default;
};
inline constexpr int64_t kUnixToPostgresEpochSeconds = 946'684'800;

inline Timestamp wall_now() {
  using namespace std::chrono;
  auto unix_micros = duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
  return Timestamp{unix_micros - kUnixToPostgresEpochSeconds * 1'000'000};
}

}  // namespace isolde::base
