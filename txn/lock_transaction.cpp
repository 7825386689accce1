#include "txn/lock_manager.hpp"

// Waiting for the end of a transaction.
//
// In PostgreSQL a transaction locks its own id when it gets one, and who waits for its end asks for
// that lock. Few transactions are ever waited for, so here the lock is put there by the first who
// waits, in the owner's name:
//
//      waiter                                    owner, at its end
//      ------                                    -----------------
//   1. puts the owner's lock into the table   a. is no longer named by TransactionOwners
//   2. awaited := true                        b. was awaited true?
//   3. is the owner still named? no: undo     c. then transaction_ended(id): removes the lock,
//   which
//   4. asks for the lock, and waits              wakes all who wait for it
//
// Either 3 comes after a, and the waiter sees the end itself, or 2 comes before b, and the owner
// sees the waiter: no wake-up is lost. 1 to 3 happen under the mutex of the lock's partition, so
// nobody sees a lock in the name of somebody who has gone.

namespace isolde::txn {

namespace {

Hold* materialised_hold(Lock* lock) {
  for (Hold* hold = lock->holds.front(); hold != nullptr; hold = lock->holds.next(hold)) {
    if (hold->materialised) return hold;
  }
  return nullptr;
}

uint64_t hash_of(TxnId txn) {
  return LockTable::hash(LockTag::of_transaction(txn), LockMethodId::kTable);
}

}  // namespace

/// False when the transaction has ended.
bool LockManager::materialise(TxnId txn, TransactionOwners& owners) {
  const uint64_t hash = hash_of(txn);
  LockPartition& partition = table_.partition(hash);
  std::lock_guard guard(partition.mutex);
  Lock* lock = partition.find_or_add(hash, LockTag::of_transaction(txn), LockMethodId::kTable);
  Hold* hold = materialised_hold(lock);
  while (Locker* owner = owners.owner_if_running(txn)) {
    if (hold == nullptr) {
      hold = partition.hold_pool.take();
      hold->count = 1;
      hold->mode = table_mode::kExclusive.index;
      hold->materialised = true;
      lock->add(hold);
    }
    hold->owner = &owner->core_;
    owner->core_.awaited.store(true);
    if (owners.owner_if_running(txn) == owner) return true;
  }
  if (hold != nullptr) {
    partition.release(hold);
  } else {
    partition.drop_if_unused(lock);
  }
  return false;
}

base::Result<Granted> LockManager::wait_for_transaction(Locker& locker, TxnId txn,
                                                        TransactionOwners& owners,
                                                        const AcquireOptions& options) {
  ISOLDE_ASSERT(owners.owner_if_running(txn) != &locker, "a transaction waits for itself");
  if (!materialise(txn, owners)) return Granted::kNew;
  if (!options.wait) return Granted::kNotAvailable;
  const LockTag tag = LockTag::of_transaction(txn);
  auto granted = acquire(locker, tag, table_mode::kShare, options);
  if (granted) release(locker, tag, table_mode::kShare, options.scope);
  return granted;
}

void LockManager::transaction_ended(TxnId txn) {
  const uint64_t hash = hash_of(txn);
  LockPartition& partition = table_.partition(hash);
  std::lock_guard guard(partition.mutex);
  Lock* lock = partition.find(hash, LockTag::of_transaction(txn), LockMethodId::kTable);
  if (lock == nullptr) return;
  if (Hold* hold = materialised_hold(lock)) partition.release(hold);
}

/// Whoever waits for the transaction waits for its new owner.
void LockManager::hand_over(TxnId txn, LockerCore& owner) {
  const uint64_t hash = hash_of(txn);
  LockPartition& partition = table_.partition(hash);
  std::lock_guard guard(partition.mutex);
  Lock* lock = partition.find(hash, LockTag::of_transaction(txn), LockMethodId::kTable);
  if (lock == nullptr) return;
  if (Hold* hold = materialised_hold(lock)) hold->owner = &owner;
}

}  // namespace isolde::txn
