#pragma once

#include <cstddef>

namespace isolde::txn {

/// How much is remembered of what serializable transactions read. None is ever refused: where there
/// is no room, details are forgotten, and more conflicts are seen than there are.
struct PredicateLimits {
  /// Of one transaction, and the same times this for all. As PostgreSQL's settings of these names.
  size_t max_locks_per_transaction = 64;
  int max_locks_per_relation = -2;  ///< negative: max_locks_per_transaction divided by it
  int max_locks_per_page = 2;
  size_t max_locks = size_t{64} * 100;
  /// Transactions that are remembered one by one, running or over.
  size_t max_transactions = 1000;

  size_t per_relation() const;
};

}  // namespace isolde::txn
