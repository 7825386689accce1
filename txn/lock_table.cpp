#include "txn/lock_table.hpp"

namespace isolde::txn {

namespace {

template <size_t N>
void count_up(std::array<uint16_t, N>& counts, LockModeSet& modes, uint8_t mode) {
  ISOLDE_CHECK(counts[mode] < UINT16_MAX, "more than 65535 lockers at one lock");
  ++counts[mode];
  modes |= static_cast<LockModeSet>(1U << mode);
}

template <size_t N>
void count_down(std::array<uint16_t, N>& counts, LockModeSet& modes, uint8_t mode) {
  ISOLDE_ASSERT(counts[mode] > 0, "counts of a lock are wrong");
  if (--counts[mode] == 0) modes &= static_cast<LockModeSet>(~(1U << mode));
}

}  // namespace

bool Lock::conflicts_with_granted(uint8_t mode,
                                  const std::array<uint8_t, kMaxLockModes>& own) const {
  const unsigned candidates = conflicts_of(mode) & granted_modes;
  for (unsigned rest = candidates; rest != 0; rest &= rest - 1) {
    const int held = __builtin_ctz(rest);
    if (granted[held] > own[held]) return true;
  }
  return false;
}

Lock::Place Lock::place_for(uint8_t mode, LockModeSet own_modes,
                            const std::array<uint8_t, kMaxLockModes>& own) const {
  const LockModeSet conflicts = conflicts_of(mode);
  const bool blocked = conflicts_with_granted(mode, own);
  if (!blocked && (conflicts & waiting_modes) == 0) return {.now = true};
  if (own_modes == 0) return {};
  // Whoever waits for what we hold waits until we are through: go before the first such waiter.
  LockModeSet ahead = 0;
  for (LockerCore* waiter = queue.front(); waiter != nullptr; waiter = queue.next(waiter)) {
    if ((conflicts_of(waiter->wait.mode) & own_modes) != 0) {
      if ((conflicts & waiter->wait.own_modes) != 0) return {.deadlock_with = waiter};
      return {.now = !blocked && (conflicts & ahead) == 0, .before = waiter};
    }
    ahead |= static_cast<LockModeSet>(1U << waiter->wait.mode);
  }
  return {};
}

void Lock::add(Hold* hold) {
  hold->lock = this;
  hold->hash = hash;
  holds.push_back(hold);
  count_up(granted, granted_modes, hold->mode);
}

void Lock::remove(Hold* hold) {
  holds.remove(hold);
  count_down(granted, granted_modes, hold->mode);
}

void Lock::enqueue(LockerCore* waiter, LockerCore* before) {
  waiter->wait.lock = this;
  queue.insert_before(before, waiter);
  count_up(waiting, waiting_modes, waiter->wait.mode);
  waiter->waits_in.store(LockTable::number_of(hash), std::memory_order_relaxed);
}

void Lock::dequeue(LockerCore* waiter) {
  queue.remove(waiter);
  count_down(waiting, waiting_modes, waiter->wait.mode);
  waiter->wait.lock = nullptr;
  waiter->waits_in.store(-1, std::memory_order_relaxed);
}

void Lock::grant(LockerCore* waiter) {
  dequeue(waiter);
  add(waiter->wait.hold);
  waiter->wait.granted = true;
  waiter->task->signal();
}

std::vector<LockerCore*> Lock::waiters() const {
  std::vector<LockerCore*> all;
  for (LockerCore* waiter = queue.front(); waiter != nullptr; waiter = queue.next(waiter))
    all.push_back(waiter);
  return all;
}

void Lock::wake_waiters() {
  LockModeSet ahead = 0;
  for (LockerCore* waiter = queue.front(); waiter != nullptr;) {
    LockerCore* next = queue.next(waiter);
    const uint8_t mode = waiter->wait.mode;
    if ((conflicts_of(mode) & ahead) == 0 && !conflicts_with_granted(mode, waiter->wait.own)) {
      grant(waiter);
    } else {
      ahead |= static_cast<LockModeSet>(1U << mode);
      if (all_wait_behind(ahead)) return;
    }
    waiter = next;
  }
}

bool Lock::all_wait_behind(LockModeSet ahead) const {
  for (unsigned rest = waiting_modes; rest != 0; rest &= rest - 1) {
    if ((conflicts_of(static_cast<uint8_t>(__builtin_ctz(rest))) & ahead) == 0) return false;
  }
  return true;
}

Lock* LockPartition::find(uint64_t hash, const LockTag& tag, LockMethodId method) const {
  for (Lock* lock = locks.first(hash); lock != nullptr; lock = lock->next_in_bucket) {
    if (lock->hash == hash && lock->tag == tag && lock->method == method) return lock;
  }
  return nullptr;
}

Lock* LockPartition::find_or_add(uint64_t hash, const LockTag& tag, LockMethodId method) {
  if (Lock* lock = find(hash, tag, method)) return lock;
  Lock* lock = lock_pool.take();
  lock->tag = tag;
  lock->method = method;
  lock->hash = hash;
  locks.insert(lock);
  return lock;
}

void LockPartition::drop_if_unused(Lock* lock) {
  if (!lock->unused()) return;
  locks.remove(lock);
  lock_pool.give_back(lock);
  locks.trim();
}

void LockPartition::release(Hold* hold) {
  Lock* lock = hold->lock;
  lock->remove(hold);
  hold_pool.give_back(hold);
  if (!lock->queue.empty()) lock->wake_waiters();
  drop_if_unused(lock);
}

void LockPartition::give_up(LockerCore* waiter) {
  LockWaitState& wait = waiter->wait;
  if (wait.granted) return release(wait.hold);
  Lock* lock = wait.lock;
  lock->dequeue(waiter);
  hold_pool.give_back(wait.hold);
  if (!lock->queue.empty()) lock->wake_waiters();
  drop_if_unused(lock);
}

uint64_t LockTable::hash(const LockTag& tag, LockMethodId method) {
  constexpr uint64_t kOdd1 = 0x9e3779b97f4a7c15U, kOdd2 = 0xd6e8feb86659fd93U;
  const uint64_t kinds = (static_cast<uint64_t>(tag.kind) << 8) | static_cast<uint64_t>(method);
  const uint64_t where = (uint64_t{tag.database.value} << 32) | tag.relation.value;
  uint64_t x = (tag.word0 + kinds) * kOdd1;
  x = (x ^ (x >> 32) ^ tag.word1) * kOdd2;
  x = (x ^ (x >> 32) ^ where) * kOdd1;
  return x ^ (x >> 29);
}

}  // namespace isolde::txn
