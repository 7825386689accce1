#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "txn/lock_method.hpp"
#include "txn/lock_tag.hpp"

namespace isolde::txn {

/// One step of a cycle: `session` waits for `mode` on `tag`, which `blocked_by` has, or asked for
/// first.
struct DeadlockStep {
  SessionId session;
  LockTag tag;
  LockMode mode;
  SessionId blocked_by;
  std::string label;      ///< of the lock waited for, where it has one
  std::string statement;  ///< what the session executes
};

/// A cycle of waits; each step is blocked by the next one's session, the last by the first's.
struct DeadlockReport {
  SessionId victim;
  Oid database;
  std::vector<DeadlockStep> steps;
};

/// Hears what happens to locks. Called by the session concerned, with nothing latched. Must not
/// wait.
class LockObserver {
 public:
  virtual ~LockObserver() = default;
  virtual void granted(SessionId session, const LockTag& tag, LockMode mode) = 0;
  /// It has begun to wait.
  virtual void waiting(SessionId session, const LockTag& tag, LockMode mode) = 0;
  /// After a wait; `granted` is false when it gave up.
  virtual void waited(SessionId session, const LockTag& tag, LockMode mode, bool granted,
                      std::chrono::microseconds time) = 0;
  virtual void deadlock(const DeadlockReport& report) = 0;
};

}  // namespace isolde::txn
