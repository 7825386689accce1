#include <algorithm>

#include "txn/lock_manager.hpp"

// Looking into the lock table from outside.

namespace isolde::txn {

namespace {

template <typename F>
void for_each_mode(LockModeSet modes, F&& f) {
  for (unsigned rest = modes; rest != 0; rest &= rest - 1)
    f(static_cast<uint8_t>(__builtin_ctz(rest)));
}

LockView view_of(const Lock& lock, const LockerCore& locker, uint8_t mode) {
  LockView view;
  view.tag = lock.tag;
  view.mode = {lock.method, mode};
  view.session = locker.session;
  view.prepared = locker.prepared;
  return view;
}

/// What one locker has of a lock.
struct Share {
  LockModeSet modes = 0;
  const Hold* first = nullptr;
};

void add_holders(const Lock& lock, std::vector<LockView>& views) {
  absl::flat_hash_map<const LockerCore*, Share> shares;
  std::vector<const LockerCore*> in_order;
  for (const Hold* hold = lock.holds.front(); hold != nullptr; hold = lock.holds.next(hold)) {
    Share& share = shares[hold->owner];
    if (share.first == nullptr) {
      share.first = hold;
      in_order.push_back(hold->owner);
    }
    share.modes |= static_cast<LockModeSet>(1U << hold->mode);
  }
  for (const LockerCore* locker : in_order) {
    const Share& share = shares[locker];
    for_each_mode(lock_method(lock.method).shown(share.modes), [&](uint8_t mode) {
      LockView view = view_of(lock, *locker, mode);
      view.granted = true;
      view.scope = share.first->scope;
      view.materialised = share.first->materialised;
      if (share.first->label != nullptr) view.label = *share.first->label;
      views.push_back(std::move(view));
    });
  }
}

void add_waiters(const Lock& lock, std::vector<LockView>& views) {
  for (const LockerCore* waiter = lock.queue.front(); waiter != nullptr;
       waiter = lock.queue.next(waiter)) {
    LockView view = view_of(lock, *waiter, waiter->wait.mode);
    view.scope = waiter->wait.hold->scope;
    view.wait_start = waiter->wait.since;
    if (waiter->wait.hold->label != nullptr) view.label = *waiter->wait.hold->label;
    views.push_back(std::move(view));
  }
}

}  // namespace

std::vector<LockView> LockManager::snapshot() {
  std::vector<LockView> views;
  LockTable::Standstill standstill(table_);
  table_.for_each_lock([&](const Lock& lock) {
    add_holders(lock, views);
    add_waiters(lock, views);
  });
  return views;
}

/// Calls f(waiting core) with the mutex of its partition held, if the session waits.
template <typename F>
void LockManager::with_waiter(SessionId session, F&& f) {
  std::lock_guard registry(registry_mutex_);
  auto found = by_session_.find(session);
  if (found == by_session_.end()) return;
  const LockerCore& core = found->second->core_;
  const int number = core.waits_in.load(std::memory_order_relaxed);
  if (number < 0) return;
  std::lock_guard guard(table_.numbered(number).mutex);
  if (core.waits_in.load(std::memory_order_relaxed) == number) f(core);
}

std::vector<SessionId> LockManager::blocking_pids(SessionId session) {
  std::vector<SessionId> pids;
  with_waiter(session, [&](const LockerCore& core) {
    core.wait.lock->for_each_blocker(&core, core.wait.mode, &core, [&](LockerCore& blocker) {
      if (std::find(pids.begin(), pids.end(), blocker.session) == pids.end())
        pids.push_back(blocker.session);
    });
  });
  return pids;
}

bool LockManager::is_waiting(SessionId session) {
  bool waits = false;
  with_waiter(session, [&](const LockerCore&) { waits = true; });
  return waits;
}

uint64_t LockManager::deadlocks(Oid database) const {
  std::lock_guard guard(registry_mutex_);
  auto found = deadlocks_.find(database);
  return found == deadlocks_.end() ? 0 : found->second;
}

}  // namespace isolde::txn
