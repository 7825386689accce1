#include <algorithm>

#include "txn/lock_request.hpp"

namespace isolde::txn {

using std::chrono::microseconds;

/// Its place in the queue is taken; waits until it is granted, or gives up.
base::Result<Granted> LockManager::wait_in_queue(const Request& request) {
  base::Task& task = *request.me.task;
  const base::WaitEvent& event = lock_wait_event(request.tag.kind);
  const base::SteadyTime began = base::steady_now();
  const microseconds limit =
      request.options.lock_timeout.value_or(request.locker.settings().lock_timeout);
  const base::SteadyTime give_up_at = limit.count() > 0 ? began + limit : base::kNever;
  if (observer_ != nullptr) observer_->waiting(request.locker.session(), request.tag, request.mode);
  for (;;) {
    const base::Wake wake = task.wait(event, give_up_at);
    {
      std::lock_guard guard(table_.partition(request.hash).mutex);
      if (request.me.wait.granted) break;
    }
    if (wake == base::Wake::kInterrupted) {
      give_up(request);
      if (base::Status why = task.take_interrupt(); !why) return why.take_error();
    } else if (wake == base::Wake::kDeadline) {
      give_up(request);
      return base::Error(base::sqlstate::kLockNotAvailable,
                         "canceling statement due to lock timeout");
    }
  }
  put_away(request.me, request.me.wait.hold);
  if (observer_ != nullptr) {
    observer_->waited(request.locker.session(), request.tag, request.mode, true,
                      std::chrono::duration_cast<microseconds>(base::steady_now() - began));
  }
  return Granted::kNew;
}

/// Out of the queue; what was granted in the meantime goes back.
void LockManager::give_up(const Request& request) {
  LockPartition& partition = table_.partition(request.hash);
  std::lock_guard guard(partition.mutex);
  LockWaitState& wait = request.me.wait;
  if (wait.granted) {
    partition.release(wait.hold);
    return;
  }
  Lock* lock = wait.lock;
  lock->dequeue(&request.me);
  partition.hold_pool.give_back(wait.hold);
  if (!lock->queue.empty()) lock->wake_waiters();
  partition.drop_if_unused(lock);
}

base::Status Locker::wound_error() const {
  return base::Error(base::sqlstate::kTRDeadlockDetected,
                     "transaction gives way to an older one that waits for it");
}

}  // namespace isolde::txn
