#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace isolde::server {

enum class ActivityState : uint8_t {
  kStarting,
  kIdle,
  kActive,
  kIdleInTransaction,
  kIdleInFailedTransaction,
};

/// What one session is doing, for pg_stat_activity. Written by its session, read by any.
class Activity {
 public:
  struct Snapshot {
    ActivityState state = ActivityState::kStarting;
    std::string query;
    std::string application_name;
    base::Timestamp query_start;
    base::Timestamp state_change;
    base::Timestamp transaction_start;  ///< 0: none
  };

  /// A statement begins; text beyond track_activity_query_size is cut off.
  void begin_query(std::string_view text);
  void end_query(ActivityState state);
  void set_application_name(std::string_view name);

  Snapshot read() const;

 private:
  static constexpr size_t kQueryBytes = 1023;

  mutable std::mutex mutex_;
  Snapshot now_;  // guarded by mutex_
};

}  // namespace isolde::server
