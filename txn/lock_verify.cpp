#include <fmt/format.h>

#include "txn/lock_manager.hpp"

// The structure checker: lists against counts, and that nobody waits who could go on.

namespace isolde::txn {

namespace {

using Problems = std::vector<std::string>;

LockModeSet modes_counted(const std::array<uint16_t, kMaxLockModes>& counts) {
  LockModeSet modes = 0;
  for (int mode = 0; mode < kMaxLockModes; ++mode) {
    if (counts[mode] != 0) modes |= static_cast<LockModeSet>(1U << mode);
  }
  return modes;
}

void verify_holds(const Lock& lock, Problems& problems) {
  std::array<uint16_t, kMaxLockModes> counts{};
  for (const Hold* hold = lock.holds.front(); hold != nullptr; hold = lock.holds.next(hold)) {
    ++counts[hold->mode];
    if (hold->lock != &lock || hold->hash != lock.hash)
      problems.push_back("a hold is in another lock's list: " + describe(lock.tag));
    if (hold->materialised && lock.tag.kind != LockKind::kTransaction)
      problems.push_back("only transactions are materialised: " + describe(lock.tag));
    for (const Hold* other = lock.holds.next(hold); other != nullptr;
         other = lock.holds.next(other)) {
      const LockMode one{lock.method, hold->mode}, two{lock.method, other->mode};
      if (hold->owner != other->owner && lock_modes_conflict(one, two) &&
          lock_modes_conflict(two, one)) {
        problems.push_back(fmt::format("{} and {} are both granted on {}", lock_mode_name(one),
                                       lock_mode_name(two), describe(lock.tag)));
      }
    }
  }
  if (counts != lock.granted || modes_counted(counts) != lock.granted_modes)
    problems.push_back("counts of granted modes are wrong: " + describe(lock.tag));
}

void verify_queue(const Lock& lock, Problems& problems) {
  std::array<uint16_t, kMaxLockModes> counts{};
  LockModeSet ahead = 0;
  for (const LockerCore* waiter = lock.queue.front(); waiter != nullptr;
       waiter = lock.queue.next(waiter)) {
    const LockWaitState& wait = waiter->wait;
    ++counts[wait.mode];
    if (wait.lock != &lock || wait.granted || wait.hold == nullptr ||
        waiter->waits_in.load() != LockTable::number_of(lock.hash)) {
      problems.push_back("a waiter does not know that it waits: " + describe(lock.tag));
    }
    if ((lock.conflicts_of(wait.mode) & ahead) == 0 &&
        !lock.conflicts_with_granted(wait.mode, wait.own)) {
      problems.push_back(fmt::format("process {} waits for nothing on {}", waiter->session.value,
                                     describe(lock.tag)));
    }
    ahead |= static_cast<LockModeSet>(1U << wait.mode);
  }
  if (counts != lock.waiting || modes_counted(counts) != lock.waiting_modes)
    problems.push_back("counts of waiting modes are wrong: " + describe(lock.tag));
}

}  // namespace

Problems LockManager::verify() {
  Problems problems;
  LockTable::Standstill standstill(table_);
  for (int number = 0; number < LockTable::kPartitions; ++number) {
    LockPartition& partition = table_.numbered(number);
    size_t locks = 0, holds = 0;
    partition.locks.for_each([&](const Lock& lock) {
      ++locks;
      if (lock.unused()) problems.push_back("an unused lock stays: " + describe(lock.tag));
      if (LockTable::number_of(lock.hash) != number)
        problems.push_back("a lock is in the wrong partition: " + describe(lock.tag));
      verify_holds(lock, problems);
      verify_queue(lock, problems);
      for (const Hold* hold = lock.holds.front(); hold != nullptr; hold = lock.holds.next(hold))
        ++holds;
      holds += lock.waiters().size();  // what they wait for is there already
    });
    if (locks != partition.locks.size() || locks != partition.lock_pool.out())
      problems.push_back(fmt::format("partition {} has lost a lock", number));
    if (holds != partition.hold_pool.out())
      problems.push_back(fmt::format("partition {} has lost a hold", number));
  }
  return problems;
}

Problems LockManager::verify(const Locker& locker) {
  Problems problems;
  const LockerCore& me = locker.core_;
  size_t held = 0;
  for (const HoldList* list : {&me.transaction_holds, &me.session_holds}) {
    uint64_t sequence = 0;
    for (const Hold* hold = list->front(); hold != nullptr; hold = HoldList::next(hold)) {
      ++held;
      if (hold->owner != &me || hold->count == 0 || hold->sequence <= sequence)
        problems.push_back("a hold is not in order: " + describe(hold->lock->tag));
      sequence = hold->sequence;
    }
  }
  if (held != me.index.size()) problems.push_back("the index has not what the lists have");
  return problems;
}

}  // namespace isolde::txn
