#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <future>
#include <optional>
#include <random>
#include <string>
#include <thread>

#include "base/log.hpp"
#include "base/thread_task.hpp"
#include "txn/lock_manager.hpp"

namespace isolde::txn {

inline constexpr Oid kDatabase{5};
inline const LockTag kTable = LockTag::of_relation(kDatabase, Oid{16384});

inline LockTag table_tag(uint32_t number) {
  return LockTag::of_relation(kDatabase, Oid{number});
}

/// Another one each time; ISOLDE_TEST_SEED=n repeats one that failed.
inline uint64_t random_seed() {
  const char* given = std::getenv("ISOLDE_TEST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

/// A session of a test: acquires in a thread of its own when it may have to wait.
class LockSession {
 public:
  LockSession(LockManager& locks, int pid)
      : locks_(locks), pid_(pid), locker_(locks.open(task_, SessionId{pid}, kDatabase)) {
    base::configure_log({.threshold = base::Severity::kFatal, .file = {}});
    locker_->settings().deadlock_timeout = std::chrono::hours(1);
  }
  ~LockSession() {
    if (running_.joinable()) {  // a test that failed
      task_.interrupt(base::Interrupt::kCancel);
      running_.join();
    }
  }
  LockSession(const LockSession&) = delete;
  LockSession& operator=(const LockSession&) = delete;

  Locker& locker() { return *locker_; }
  base::ThreadTask& task() { return task_; }
  SessionId pid() const { return SessionId{pid_}; }
  LockSettings& settings() { return locker_->settings(); }

  /// At once, or not at all.
  bool try_lock(const LockTag& tag, LockMode mode) {
    auto granted = locks_.acquire(*locker_, tag, mode, {.wait = false});
    return granted && *granted != Granted::kNotAvailable;
  }
  /// What must not wait.
  void lock(const LockTag& tag, LockMode mode, AcquireOptions options = {}) {
    options.wait = false;
    auto granted = locks_.acquire(*locker_, tag, mode, options);
    ASSERT_TRUE(granted) << granted.error().message();
    ASSERT_NE(*granted, Granted::kNotAvailable) << "has to wait for " << describe(tag);
  }
  bool unlock(const LockTag& tag, LockMode mode) { return locks_.release(*locker_, tag, mode); }
  void end() { locks_.release_transaction(*locker_); }
  bool holds(const LockTag& tag, LockMode mode) { return locks_.holds(*locker_, tag, mode); }

  /// Begins to acquire in a thread, and comes back when that waits or is through.
  void start(const LockTag& tag, LockMode mode, const AcquireOptions& options = {}) {
    start_with([this, tag, mode, options] { return locks_.acquire(*locker_, tag, mode, options); });
  }
  template <typename F>
  void start_with(F&& acquire) {
    std::packaged_task<base::Result<Granted>()> work(std::forward<F>(acquire));
    result_ = work.get_future();
    done_ = false;
    running_ = std::thread([this, work = std::move(work)]() mutable {
      work();
      done_ = true;
    });
    while (!done_ && !waits()) std::this_thread::yield();
  }
  bool waits() { return locks_.is_waiting(SessionId{pid_}); }
  /// The outcome of start().
  base::Result<Granted> finish() {
    running_.join();
    return result_.get();
  }
  /// The SQLSTATE with which start() ended; "" when it was granted.
  std::string finish_code() {
    auto granted = finish();
    return granted ? "" : std::string(granted.error().state().code());
  }

 private:
  LockManager& locks_;
  const int pid_;
  base::ThreadTask task_;
  LockerPtr locker_;
  std::thread running_;
  std::atomic<bool> done_{false};
  std::future<base::Result<Granted>> result_;
};

inline void expect_sound(LockManager& locks) {
  for (const std::string& problem : locks.verify()) ADD_FAILURE() << problem;
}

}  // namespace isolde::txn
