#pragma once

#include <absl/container/flat_hash_map.h>

#include <mutex>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "txn/lock_observer.hpp"

namespace isolde::txn {
class LockManager;
class TransactionManager;
}  // namespace isolde::txn

namespace isolde::sql {

/// A deadlock, and what was known of its members when it was found.
struct LoggedDeadlock {
  struct Member {
    base::TxnId transaction;  ///< 0: it had none yet
    /// What it had of the lock that the one before it in the circle waited for; none when it had
    /// only asked first, or was not looked at.
    std::vector<txn::LockMode> had;
  };
  base::Timestamp at;
  txn::DeadlockReport report;
  std::vector<Member> members;  ///< by step
};

/// Remembers the last deadlock of each database. Thread safe.
///
/// What the members held is read off a picture of the whole lock table. Where deadlocks are many
/// and locks too, that is left out, so that it takes no more than a hundredth of the time.
class DeadlockLog final : public txn::LockObserver {
 public:
  DeadlockLog(txn::LockManager& locks, txn::TransactionManager& transactions)
      : locks_(locks), transactions_(transactions) {}

  /// Begins to listen to a server's locks, until forget().
  static void open(txn::LockManager& locks, txn::TransactionManager& transactions);
  static void forget(const txn::LockManager& locks);
  /// The log of these locks; null when nobody listens.
  static const DeadlockLog* of(const txn::LockManager& locks);

  std::optional<LoggedDeadlock> last(base::Oid database) const;

  void granted(base::SessionId, const txn::LockTag&, txn::LockMode) override {}
  void waiting(base::SessionId, const txn::LockTag&, txn::LockMode) override {}
  void waited(base::SessionId, const txn::LockTag&, txn::LockMode, bool,
              std::chrono::microseconds) override {}
  void deadlock(const txn::DeadlockReport& report) override;

 private:
  bool may_look(base::SteadyTime now);
  void note_locks(LoggedDeadlock& deadlock);

  txn::LockManager& locks_;
  txn::TransactionManager& transactions_;
  mutable std::mutex mutex_;  // guards what follows
  absl::flat_hash_map<base::Oid, LoggedDeadlock> last_;
  base::SteadyTime next_look_{};
};

}  // namespace isolde::sql
