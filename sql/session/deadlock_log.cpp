#include "sql/session/deadlock_log.hpp"

#include <memory>

#include "txn/transaction_manager.hpp"

namespace isolde::sql {

namespace {

/// Of all servers of the process: one, but in tests.
struct OpenLogs {
  std::mutex mutex;
  absl::flat_hash_map<const txn::LockManager*, std::unique_ptr<DeadlockLog>> logs;
};

OpenLogs& open_logs() {
  static OpenLogs logs;
  return logs;
}

}  // namespace

void DeadlockLog::open(txn::LockManager& locks, txn::TransactionManager& transactions) {
  auto log = std::make_unique<DeadlockLog>(locks, transactions);
  locks.set_observer(log.get());
  OpenLogs& open = open_logs();
  std::lock_guard lock(open.mutex);
  open.logs[&locks] = std::move(log);
}

void DeadlockLog::forget(const txn::LockManager& locks) {
  OpenLogs& open = open_logs();
  std::lock_guard lock(open.mutex);
  open.logs.erase(&locks);
}

const DeadlockLog* DeadlockLog::of(const txn::LockManager& locks) {
  OpenLogs& open = open_logs();
  std::lock_guard lock(open.mutex);
  auto found = open.logs.find(&locks);
  return found == open.logs.end() ? nullptr : found->second.get();
}

std::optional<LoggedDeadlock> DeadlockLog::last(base::Oid database) const {
  std::lock_guard lock(mutex_);
  auto found = last_.find(database);
  if (found == last_.end()) return std::nullopt;
  return found->second;
}

/// The next one may look when this one has told how long it took.
bool DeadlockLog::may_look(base::SteadyTime now) {
  std::lock_guard lock(mutex_);
  if (now < next_look_) return false;
  next_look_ = base::kNever;
  return true;
}

void DeadlockLog::note_locks(LoggedDeadlock& deadlock) {
  const std::vector<txn::DeadlockStep>& steps = deadlock.report.steps;
  for (const txn::LockView& lock : locks_.snapshot()) {
    if (!lock.granted) continue;
    for (size_t i = 0; i < steps.size(); ++i) {
      const txn::DeadlockStep& before = steps[(i + steps.size() - 1) % steps.size()];
      if (lock.session == steps[i].session && lock.tag == before.tag &&
          lock.mode.method == before.mode.method) {
        deadlock.members[i].had.push_back(lock.mode);
      }
    }
  }
}

void DeadlockLog::deadlock(const txn::DeadlockReport& report) {
  LoggedDeadlock deadlock{base::wall_now(), report, {}};
  deadlock.members.resize(report.steps.size());
  for (const txn::TransactionView& one : transactions_.views()) {
    for (size_t i = 0; i < report.steps.size(); ++i) {
      if (report.steps[i].session == one.session) deadlock.members[i].transaction = one.id;
    }
  }
  const base::SteadyTime began = base::steady_now();
  const bool looks = may_look(began);
  if (looks) note_locks(deadlock);
  const base::SteadyTime now = base::steady_now();
  std::lock_guard lock(mutex_);
  if (looks) next_look_ = now + 100 * (now - began);
  last_.insert_or_assign(report.database, std::move(deadlock));
}

}  // namespace isolde::sql
