#pragma once

#include "txn/transaction.hpp"

namespace isolde::txn {

struct SsiTransaction;

/// A prepared transaction that a restart has found in the log: its ids run again, its locks are
/// held, and what it has written is there. Of a serializable one nobody knows any more what it has
/// read, so it has read every table that it holds a lock on, and its conflicts are assumed.
class RecoveredTransaction final : public Transaction {
 public:
  RecoveredTransaction(TransactionContext context, const PreparedState& state);

 protected:
  void ended(bool committed) override;

 private:
  void recover_reads(const PreparedState& state);

  SsiTransaction* reads_ = nullptr;
};

}  // namespace isolde::txn
