#include "txn/advisory_locks.hpp"

#include <fmt/format.h>

namespace isolde::txn {

namespace {

LockMode mode_of(AdvisoryStrength strength) {
  return strength == AdvisoryStrength::kShared ? table_mode::kShare : table_mode::kExclusive;
}

}  // namespace

base::Status lock_advisory(LockManager& locks, Locker& locker, AdvisoryKey key,
                           AdvisoryStrength strength, LockScope scope) {
  auto granted =
      locks.acquire(locker, key.tag(locker.database()), mode_of(strength), {.scope = scope});
  if (!granted) return granted.take_error();
  return {};
}

base::Result<bool> try_lock_advisory(LockManager& locks, Locker& locker, AdvisoryKey key,
                                     AdvisoryStrength strength, LockScope scope) {
  auto granted = locks.acquire(locker, key.tag(locker.database()), mode_of(strength),
                               {.wait = false, .scope = scope});
  if (!granted) return granted.take_error();
  return *granted != Granted::kNotAvailable;
}

bool unlock_advisory(LockManager& locks, Locker& locker, AdvisoryKey key,
                     AdvisoryStrength strength) {
  return locks.release(locker, key.tag(locker.database()), mode_of(strength), LockScope::kSession);
}

void unlock_all_advisory(LockManager& locks, Locker& locker) {
  locks.release_session(locker, LockKind::kAdvisory);
}

base::Error not_held_warning(AdvisoryStrength strength) {
  return base::Error(base::sqlstate::kWarning, fmt::format("you don't own a lock of type {}",
                                                           lock_mode_name(mode_of(strength))))
      .severity(base::Severity::kWarning);
}

}  // namespace isolde::txn
