#pragma once

#include <absl/container/flat_hash_map.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "txn/lock_observer.hpp"
#include "txn/locker.hpp"

// The lock manager: one service for all engines, table locks, advisory locks and waits for the end
// of transactions. See README.md for the tables of modes.
//
//      session                                     another session
//      acquire(tag, mode)
//        nothing conflicts: granted
//        else: into the queue, Task::wait ........ release(): grants to the first in the queue
//        granted <................................ that can have it, signals its task
//
//   1. The queue is fair: a request waits behind earlier requests that it conflicts with, unless it
//   holds
//      a part of the lock already for which one of those waits (then it goes before that one).
//   2. After deadlock_timeout (and at once, for engines that want it) a waiter looks for a cycle
//   that it is part of (deadlock.hpp): it
//      re-orders queues where that helps, else ends with 40P01.
//   3. Whoever leaves a queue without the lock (cancel, time-outs, deadlock) leaves nothing behind.
//   4. No mutex is held across Task::wait.

namespace isolde::txn {

enum class Granted : uint8_t {
  kNew,
  kHeldAlready,   ///< it held the same or a stronger mode; this one is counted too
  kNotAvailable,  ///< only with wait = false
};

struct AcquireOptions {
  bool wait = true;
  LockScope scope = LockScope::kTransaction;
  DeadlockPolicy policy = DeadlockPolicy::kDetect;
  /// For views: a key's values. Kept with the lock when it is new.
  std::string_view label = {};
  /// Instead of the locker's own lock_timeout.
  std::optional<std::chrono::microseconds> lock_timeout = {};
};

/// Who runs a transaction. Implemented by whoever begins and ends them.
class TransactionOwners {
 public:
  virtual ~TransactionOwners() = default;
  /// Null when the transaction (or subtransaction) has ended, or never began. Any thread, called
  /// with a mutex of the lock table held: must neither wait nor call the lock manager.
  ///
  /// Whoever ends a transaction first makes this answer null, then looks at Locker::take_awaited.
  virtual Locker* owner_if_running(TxnId txn) = 0;
};

class LockManager;
struct HeldLock;  // txn/prepared_state.hpp

/// Closes a Locker when it goes, and releases what it holds: the end of a session.
struct LockerCloser {
  LockManager* manager = nullptr;
  void operator()(Locker* locker) const;
};
using LockerPtr = std::unique_ptr<Locker, LockerCloser>;

/// A row of pg_locks.
struct LockView {
  LockTag tag;
  LockMode mode;
  SessionId session;
  TxnId prepared;  ///< of a prepared transaction
  bool granted = false;
  LockScope scope = LockScope::kTransaction;
  /// A transaction's lock on its own id, there because somebody waits for it.
  bool materialised = false;
  std::optional<base::Timestamp> wait_start;
  std::string label;
};

class LockManager {
 public:
  LockManager();
  ~LockManager();
  LockManager(const LockManager&) = delete;
  LockManager& operator=(const LockManager&) = delete;

  // --- Lockers. Any thread.
  LockerPtr open(base::Task& task, SessionId session, Oid database);
  /// For a prepared transaction: holds locks and never waits.
  LockerPtr open_prepared(TxnId txn, Oid database);

  // --- Locks. By the locker's own task.

  /// May wait, without anything latched. Fails with 40P01, 55P03 (lock_timeout) or a pending
  /// interrupt's error; then nothing was acquired.
  base::Result<Granted> acquire(Locker& locker, const LockTag& tag, LockMode mode,
                                const AcquireOptions& options = {});
  /// Undoes one acquire; false when it does not hold that mode in that scope.
  bool release(Locker& locker, const LockTag& tag, LockMode mode,
               LockScope scope = LockScope::kTransaction);
  /// Whether nobody else holds what such a request would have to wait for; queues do not matter.
  /// May be asked under a page's latch.
  bool is_free(Locker& locker, const LockTag& tag, LockMode mode);
  /// Whether it holds this mode or one that covers it, in any scope.
  bool holds(const Locker& locker, const LockTag& tag, LockMode mode) const;

  /// What the transaction holds, in the order in which it was taken.
  std::vector<HeldLock> held(const Locker& locker) const;
  /// Releases what the transaction holds, and forgets a wound.
  void release_transaction(Locker& locker);
  /// Releases what the transaction did not hold at the mark. What it held then it keeps, however
  /// often it was counted since.
  void release_since(Locker& locker, LockMark mark);
  /// Releases the locks of the session level, all or those of one kind. Answers how many modes.
  size_t release_session(Locker& locker, std::optional<LockKind> kind = {});
  /// PREPARE TRANSACTION: all locks of the transaction change hands, and whoever waits for one of
  /// its `ids` now waits for `to`, whom TransactionOwners must name already. 0A000, with nothing
  /// moved, when a lock is held at session level too, as in PostgreSQL.
  base::Status transfer_transaction(Locker& from, Locker& to, std::span<const TxnId> ids);

  // --- The end of transactions

  /// Waits until a transaction (or subtransaction) has ended. Of the options, `scope`, `label` and
  /// `policy` do not matter. The answer is kNew, or kNotAvailable with wait = false.
  base::Result<Granted> wait_for_transaction(Locker& locker, TxnId txn, TransactionOwners& owners,
                                             const AcquireOptions& options = {});
  /// Wakes those who wait for it. Any thread; see Locker::take_awaited.
  void transaction_ended(TxnId txn);

  // --- Looking in. Any thread.
  std::vector<LockView> snapshot();
  /// As pg_blocking_pids: who holds what the session waits for, then who waits for it in front of
  /// it. A prepared transaction is 0.
  std::vector<SessionId> blocking_pids(SessionId session);
  bool is_waiting(SessionId session);
  uint64_t deadlocks(Oid database) const;
  /// The structure checker of tests: what is wrong with the table's lists and counts, or nothing.
  std::vector<std::string> verify();
  /// The same for a locker's own books; by its own task.
  std::vector<std::string> verify(const Locker& locker);

  // --- Set up before the first locker is opened.
  void set_observer(LockObserver* observer) { observer_ = observer; }
  /// What a session executes now, for the log. Any thread.
  void set_statement_lookup(std::function<std::string(SessionId)> lookup);
  /// Called when a session is to end its transaction because an older one asks (wound_wait), from
  /// any thread, with a mutex of the lock table held: must neither wait nor call the lock manager.
  void set_wound_handler(std::function<void(SessionId)> handler);

 private:
  friend struct LockerCloser;
  struct Request;
  struct Refusal;

  LockerPtr open(base::Task* task, SessionId session, Oid database, TxnId prepared);
  void close(Locker* locker);

  Hold* new_hold(LockPartition& partition, const Request& request);
  void enqueue(Lock& lock, LockPartition& partition, const Request& request, LockerCore* before);
  base::Result<Granted> wait_in_queue(const Request& request);
  bool is_granted(const Request& request);
  base::Error give_up(const Request& request, base::Error why, base::SteadyTime began);
  void note_end_of_wait(const Request& request, bool granted, base::SteadyTime began);
  base::Status look_for_deadlock(const Request& request, base::SteadyTime began, bool log);
  base::Error report_deadlock(DeadlockReport report);

  std::optional<Refusal> refuse(Lock& lock, const Request& request, const Lock::Place& place);
  base::Error refused(const Request& request, const Refusal& refusal);
  void wound(LockerCore& victim, SessionId by);

  template <typename F>
  void with_waiter(SessionId session, F&& f);

  void put_away(LockerCore& me, Hold* hold);
  void release_hold(LockerCore& me, Hold* hold);
  bool materialise(TxnId txn, TransactionOwners& owners);
  void hand_over(TxnId txn, LockerCore& owner);

  LockTable table_;
  LockObserver* observer_ = nullptr;
  std::function<std::string(SessionId)> statement_of_;
  std::function<void(SessionId)> on_wound_;

  mutable std::mutex registry_mutex_;  // guards what follows; taken before any mutex of the table
  std::vector<std::unique_ptr<Locker>> lockers_;
  std::vector<Locker*> closed_;
  absl::flat_hash_map<SessionId, Locker*> by_session_;
  absl::flat_hash_map<Oid, uint64_t> deadlocks_;
};

}  // namespace isolde::txn
