#pragma once

#include "storage/vacuum.hpp"
#include "txn/transaction_manager.hpp"

namespace isolde::txn {

/// For counting rows: what a version is now, whoever may see it.
storage::VersionLife version_life(TransactionManager& manager,
                                  const storage::VersionHeader& version);

}  // namespace isolde::txn
