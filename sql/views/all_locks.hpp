#pragma once

#include <string>
#include <vector>

#include "txn/lock_manager.hpp"
#include "txn/transaction_manager.hpp"

namespace isolde::sql {

class Instance;

/// "session/number": what a transaction is called that has no id.
std::string virtual_id(base::SessionId session, uint64_t number);

/// The lock table at one moment, with what it leaves out: the lock that every transaction holds on
/// its own number, and the one on its virtual number.
struct AllLocks {
  std::vector<txn::LockView> locks;
  std::vector<txn::TransactionView> transactions;

  explicit AllLocks(Instance& instance);

  /// Null when it holds its locks without a transaction.
  const txn::TransactionView* transaction_of(const txn::LockView& lock) const;
  /// pg_locks.virtualtransaction.
  std::string owner_of(const txn::LockView& lock) const;

 private:
  void add_own();
};

}  // namespace isolde::sql
