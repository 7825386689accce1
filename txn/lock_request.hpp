#pragma once

#include "txn/lock_manager.hpp"

namespace isolde::txn {

/// One acquire under way; on the stack of the task that makes it.
struct LockManager::Request {
  Locker& locker;
  LockerCore& me;
  LockTag tag;
  LockMode mode;
  const AcquireOptions& options;
  uint64_t hash = 0;

  /// What the locker holds of this lock already.
  Hold* same = nullptr;  ///< the same mode and scope
  LockModeSet own_modes = 0;
  std::array<uint8_t, kMaxLockModes> own{};

  Request(Locker& the_locker, LockerCore& core, const LockTag& the_tag, LockMode the_mode,
          const AcquireOptions& the_options);

  DeadlockStep as_step() const { return {me.session, tag, mode, {}, {}, {}}; }

  bool covered() const {
    return own_modes != 0 && (own_modes & lock_method(mode.method).covered_by(mode)) != 0;
  }
};

/// Why a request may not even wait.
struct LockManager::Refusal {
  enum class Why : uint8_t {
    kDeadlock,  ///< the blocker waits for us on the same lock
    kNoWait,    ///< isolde.deadlock_policy is no_wait
    kYounger,   ///< it is wait_die, and the blocker is older
  };
  Why why;
  SessionId blocker;
  LockMode blocker_wants;  ///< with kDeadlock
};

}  // namespace isolde::txn
