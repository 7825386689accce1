#include <fmt/format.h>

#include "txn/lock_request.hpp"

// What is done about a request that would have to wait, before it waits: two who upgrade the same
// lock are told apart at once, and the policies that prevent deadlocks have their say.
//
// wait_die and wound_wait go by age (Rosenkrantz, Stearns, Lewis: System level concurrency control
// for distributed database systems, 1978). Under the first an older transaction may wait for a
// younger one, under the second a younger one for an older one, so there is never a cycle among
// them. Locks taken under `detect` take no part in that; so whoever waits looks for cycles under
// every policy.

namespace isolde::txn {

namespace {

constexpr const char* kTryAgain = "The transaction might succeed if retried.";

bool older(const LockerCore& one, const LockerCore& other) {
  return one.age.load(std::memory_order_relaxed) < other.age.load(std::memory_order_relaxed);
}

}  // namespace

std::optional<LockManager::Refusal> LockManager::refuse(Lock& lock, const Request& request,
                                                        const Lock::Place& place) {
  using Why = Refusal::Why;
  if (const LockerCore* other = place.deadlock_with) {
    return Refusal{Why::kDeadlock, other->session, LockMode{lock.method, other->wait.mode}};
  }
  const DeadlockPolicy policy = request.options.policy;
  if (policy == DeadlockPolicy::kDetect) return {};
  std::optional<Refusal> refusal;
  lock.for_each_blocker(&request.me, request.mode.index, place.before, [&](LockerCore& blocker) {
    if (policy == DeadlockPolicy::kNoWait) {
      if (!refusal) refusal = Refusal{Why::kNoWait, blocker.session, {}};
    } else if (policy == DeadlockPolicy::kWaitDie) {
      if (!refusal && older(blocker, request.me))
        refusal = Refusal{Why::kYounger, blocker.session, {}};
    } else if (older(request.me, blocker)) {
      wound(blocker, request.me.session);
    }
  });
  return refusal;
}

base::Error LockManager::refused(const Request& request, const Refusal& refusal) {
  using Why = Refusal::Why;
  const SessionId me = request.me.session;
  if (refusal.why == Why::kDeadlock) {
    const std::string label(request.options.label);
    return report_deadlock(
        {me,
         request.me.database,
         {{me, request.tag, request.mode, refusal.blocker, label, {}},
          {refusal.blocker, request.tag, refusal.blocker_wants, me, label, {}}}});
  }
  const bool no_wait = refusal.why == Why::kNoWait;
  return base::Error(base::sqlstate::kTRDeadlockDetected,
                     no_wait ? "transaction may not wait for a lock"
                             : "transaction may not wait for an older one")
      .detail(fmt::format("Process {} asks for {} on {}; blocked by process {}. "
                          "isolde.deadlock_policy is {}.",
                          me.value, lock_mode_name(request.mode), describe(request.tag),
                          refusal.blocker.value, no_wait ? "no_wait" : "wait_die"))
      .hint(kTryAgain);
}

/// The victim holds a part of a lock whose mutex is held, or waits for it, so its task is there.
void LockManager::wound(LockerCore& victim, SessionId by) {
  if (victim.task == nullptr || victim.wounded.load()) return;
  victim.wounded_by = by.value;
  victim.wounded = true;
  victim.task->signal();
  if (on_wound_) on_wound_(victim.session);
}

base::Status Locker::wound_error() const {
  return base::Error(base::sqlstate::kTRDeadlockDetected,
                     "transaction gives way to an older one that waits for it")
      .detail(fmt::format("Process {} waits for process {} and is older. "
                          "isolde.deadlock_policy is wound_wait.",
                          core_.wounded_by.load(), core_.session.value))
      .hint(kTryAgain);
}

}  // namespace isolde::txn
