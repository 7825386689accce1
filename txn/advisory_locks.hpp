#pragma once

#include "txn/lock_manager.hpp"

// Advisory locks: locks on numbers that mean something to the application alone. What the functions
// pg_advisory_lock and so on do; their SQL is elsewhere.
//
//      level        lock                     released by
//      session      pg_advisory_lock         pg_advisory_unlock, as often as it was locked, or the
//      end of
//                                            the session; the end of a transaction changes nothing
//      transaction  pg_advisory_xact_lock    the end of the transaction, or of its savepoint
//
// A session never waits for itself, whatever the levels.

namespace isolde::txn {

/// What is locked: one bigint or two ints. The two forms never meet.
class AdvisoryKey {
 public:
  explicit AdvisoryKey(int64_t key) : wide_(key) {}
  AdvisoryKey(int32_t key1, int32_t key2) : first_(key1), second_(key2), pair_(true) {}

  LockTag tag(Oid database) const {
    return pair_ ? LockTag::of_advisory(database, first_, second_)
                 : LockTag::of_advisory(database, wide_);
  }

 private:
  int64_t wide_ = 0;
  int32_t first_ = 0, second_ = 0;
  bool pair_ = false;
};

enum class AdvisoryStrength : uint8_t { kShared, kExclusive };

/// Waits until it is granted; fails as LockManager::acquire does.
base::Status lock_advisory(LockManager& locks, Locker& locker, AdvisoryKey key,
                           AdvisoryStrength strength, LockScope scope);

/// False when it would have to wait.
base::Result<bool> try_lock_advisory(LockManager& locks, Locker& locker, AdvisoryKey key,
                                     AdvisoryStrength strength, LockScope scope);

/// Of the session level. False when it does not hold that; the session then warns the client with
/// not_held_warning().
bool unlock_advisory(LockManager& locks, Locker& locker, AdvisoryKey key,
                     AdvisoryStrength strength);

/// All of the session level.
void unlock_all_advisory(LockManager& locks, Locker& locker);

/// "you don't own a lock of type ExclusiveLock", as PostgreSQL warns.
base::Error not_held_warning(AdvisoryStrength strength);

}  // namespace isolde::txn
