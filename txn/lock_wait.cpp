#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/log.hpp"
#include "txn/deadlock.hpp"
#include "txn/deadlock_report.hpp"
#include "txn/lock_request.hpp"

namespace isolde::txn {

using base::Severity;
using base::SteadyTime;
using std::chrono::duration_cast;
using std::chrono::microseconds;

namespace {

microseconds since(SteadyTime began) {
  return duration_cast<microseconds>(base::steady_now() - began);
}

SteadyTime after(SteadyTime began, microseconds time) {
  return time.count() > 0 ? began + time : base::kNever;
}

void log_wait(const DeadlockStep& step, const char* what, const char* how, SteadyTime began,
              const std::string& detail = {}) {
  const auto us = since(began).count();
  base::log_session(step.session, Severity::kLog, "process {} {} {} on {}{} after {}.{:03} ms{}",
                    step.session.value, what, lock_mode_name(step.mode), describe(step.tag), how,
                    us / 1000, us % 1000, detail);
}

/// Whom a waiter sees in front of itself, for the log.
std::string holders_and_queue(const Lock& lock) {
  std::vector<int32_t> holders, waiters;
  for (Hold* hold = lock.holds.front(); hold != nullptr; hold = lock.holds.next(hold)) {
    const int32_t pid = hold->owner->session.value;
    if (std::find(holders.begin(), holders.end(), pid) == holders.end()) holders.push_back(pid);
  }
  for (const LockerCore* waiter : lock.waiters()) waiters.push_back(waiter->session.value);
  return fmt::format("\nDETAIL:  {} holding the lock: {}. Wait queue: {}.",
                     holders.size() == 1 ? "Process" : "Processes", fmt::join(holders, ", "),
                     fmt::join(waiters, ", "));
}

DeadlockReport report_of(const LockerCore& victim, const DeadlockSearch& search) {
  DeadlockReport report{victim.session, victim.database, {}};
  for (const DeadlockSearch::Edge& edge : search.cycle()) {
    const LockWaitState& wait = edge.waiter->wait;
    report.steps.push_back({edge.waiter->session,
                            wait.lock->tag,
                            LockMode{wait.lock->method, wait.mode},
                            edge.blocker->session,
                            wait.hold->label != nullptr ? *wait.hold->label : std::string(),
                            {}});
  }
  return report;
}

}  // namespace

/// Its place in the queue is taken; waits until it is granted, or gives up.
base::Result<Granted> LockManager::wait_in_queue(const Request& request) {
  const LockSettings& settings = request.locker.settings();
  const SteadyTime began = base::steady_now();
  const SteadyTime give_up_at =
      after(began, request.options.lock_timeout.value_or(settings.lock_timeout));
  SteadyTime look_at = began;
  bool first_look = settings.deadlocks_at_once;
  if (!first_look) look_at += settings.deadlock_timeout;
  bool long_wait = false;
  if (observer_ != nullptr) observer_->waiting(request.me.session, request.tag, request.mode);
  base::Wake wake = base::Wake::kSignalled;
  while (!is_granted(request)) {
    if (base::Status fine = request.locker.check_wounded(); !fine)
      return give_up(request, fine.take_error(), began);
    if (wake == base::Wake::kInterrupted) {
      if (base::Status fine = request.me.task->take_interrupt(); !fine)
        return give_up(request, fine.take_error(), began);
    }
    const SteadyTime now = base::steady_now();
    if (now >= look_at && look_at <= give_up_at) {
      long_wait = !first_look;
      look_at = first_look ? began + settings.deadlock_timeout : base::kNever;
      first_look = false;
      const bool log = settings.log_lock_waits && long_wait;
      if (base::Status fine = look_for_deadlock(request, began, log); !fine) {
        note_end_of_wait(request, false, began);
        return fine.take_error();
      }
      wake = base::Wake::kSignalled;
      continue;
    }
    if (now >= give_up_at) {
      return give_up(
          request,
          base::Error(base::sqlstate::kLockNotAvailable, "canceling statement due to lock timeout"),
          began);
    }
    wake = request.me.task->wait(lock_wait_event(request.tag.kind), std::min(give_up_at, look_at));
  }
  put_away(request.me, request.me.wait.hold);
  if (long_wait && settings.log_lock_waits) log_wait(request.as_step(), "acquired", "", began);
  note_end_of_wait(request, true, began);
  return Granted::kNew;
}

bool LockManager::is_granted(const Request& request) {
  std::lock_guard guard(table_.partition(request.hash).mutex);
  return request.me.wait.granted;
}

base::Error LockManager::give_up(const Request& request, base::Error why, SteadyTime began) {
  LockPartition& partition = table_.partition(request.hash);
  {
    std::lock_guard guard(partition.mutex);
    partition.give_up(&request.me);
  }
  note_end_of_wait(request, false, began);
  return why;
}

void LockManager::note_end_of_wait(const Request& request, bool granted, SteadyTime began) {
  if (observer_ == nullptr) return;
  observer_->waited(request.me.session, request.tag, request.mode, granted, since(began));
}

/// Fails, and has left the queue, when this request is to be the victim.
base::Status LockManager::look_for_deadlock(const Request& request, SteadyTime began, bool log) {
  using Outcome = DeadlockSearch::Outcome;
  Outcome outcome = Outcome::kNone;
  DeadlockReport report;
  std::string detail;
  bool granted = false;
  {
    LockTable::Standstill standstill(table_);
    if (request.me.wait.granted) return {};
    const Lock& lock = *request.me.wait.lock;
    if (log) detail = holders_and_queue(lock);
    DeadlockSearch search(table_);
    outcome = search.run(&request.me);
    if (outcome == Outcome::kDeadlock) {
      report = report_of(request.me, search);
      table_.partition(request.hash).give_up(&request.me);
    }
    granted = request.me.wait.granted;
  }
  const DeadlockStep step = request.as_step();
  if (outcome == Outcome::kResolved && log)
    log_wait(step, "avoided deadlock for", " by rearranging queue order", began, detail);
  if (outcome == Outcome::kDeadlock) {
    if (log) log_wait(step, "detected deadlock while waiting for", "", began, detail);
    return report_deadlock(std::move(report));
  }
  if (log && !granted) log_wait(step, "still waiting for", "", began, detail);
  return {};
}

base::Error LockManager::report_deadlock(DeadlockReport report) {
  if (statement_of_) {
    for (DeadlockStep& step : report.steps) step.statement = statement_of_(step.session);
  }
  base::log_session(report.victim, Severity::kLog, "{}", deadlock_log_text(report));
  {
    std::lock_guard guard(registry_mutex_);
    ++deadlocks_[report.database];
  }
  if (observer_ != nullptr) observer_->deadlock(report);
  return deadlock_error(report);
}

}  // namespace isolde::txn
