#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "base/result.hpp"
#include "txn/lock_table.hpp"

namespace isolde::txn {

/// What to do where a request would have to wait.
enum class DeadlockPolicy : uint8_t {
  kDetect,     ///< wait, and look for a cycle after deadlock_timeout
  kWaitDie,    ///< wait for younger transactions only; else end with 40P01
  kWoundWait,  ///< younger transactions in the way are told to end; wait for all
  kNoWait,     ///< end with 40P01
};

/// How a session waits for locks, and how many it takes; it writes them when its settings change.
struct LockSettings {
  std::chrono::microseconds lock_timeout{0};  ///< 0: none
  std::chrono::microseconds deadlock_timeout{1'000'000};
  /// Look for a deadlock when a wait begins, too: for engines that have many of them.
  bool deadlocks_at_once = false;
  bool log_lock_waits = false;
  /// For engines whose readers take locks: they pass it on with each request.
  DeadlockPolicy deadlock_policy = DeadlockPolicy::kDetect;
  /// Row locks of one page (one table) after which an engine that escalates locks the page (the
  /// table); 0: never.
  uint32_t rows_before_page_lock = 64;
  uint32_t rows_before_table_lock = 5000;
};

/// A point in the order of a locker's acquisitions; see LockManager::release_since.
struct LockMark {
  uint64_t sequence = 0;
};

/// Whoever holds locks: a session, a background worker, a prepared transaction. Opened and closed
/// by the LockManager. Only its own task uses it, except where a function says otherwise.
class Locker {
 public:
  SessionId session() const { return core_.session; }
  Oid database() const { return core_.database; }
  /// The transaction id of a prepared transaction, else 0.
  TxnId prepared() const { return core_.prepared; }
  LockSettings& settings() { return settings_; }
  const LockSettings& settings() const { return settings_; }

  /// The place of its transaction in the order of starts, for wait_die and wound_wait: whoever has
  /// the smaller one is older. Keep it when the transaction is tried again, so that it grows old.
  void set_age(uint64_t start_sequence) { core_.age.store(start_sequence); }
  uint64_t age() const { return core_.age.load(); }

  LockMark mark() const { return {core_.sequence}; }

  /// True once after somebody may have begun to wait for one of its transaction ids; ask it when
  /// they no longer count as running, and if so call LockManager::transaction_ended for each.
  bool take_awaited() { return core_.awaited.exchange(false); }
  /// The same, without forgetting it: for a subtransaction that ends alone.
  bool awaited() const { return core_.awaited.load(); }

  /// 40P01 when an older transaction has asked this one to go (wound_wait). Every acquire looks;
  /// long statements and commit should, too. release_transaction forgets it.
  base::Status check_wounded() const {
    if (!core_.wounded.load(std::memory_order_relaxed)) [[likely]]
      return {};
    return wound_error();
  }

  /// How many modes of locks it holds.
  size_t held_count() const { return core_.index.size(); }

 private:
  friend class LockManager;

  base::Status wound_error() const;

  LockerCore core_;
  LockSettings settings_;
};

}  // namespace isolde::txn
