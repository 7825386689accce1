#pragma once

#include <memory>

#include "txn/concurrency_control.hpp"
#include "txn/snapshot.hpp"

namespace isolde::txn {

/// For engines whose transactions read by a snapshot and write over the newest version, which the
/// snapshot need not show:
///
///      10            in the snapshot          a plain snapshot scan shows this row twice,
///      +-- 11        of somebody else          as 10 and as 100
///          +-- 100   of this transaction
///
/// What a transaction has written itself it sees: of such a row only that, and nothing when it was
/// deleted.
std::unique_ptr<Scan> with_own_writes(Transaction& transaction, Table& table, const ScanSpec& spec,
                                      CommandId command, std::unique_ptr<Scan> snapshot_scan);

/// Does the transaction see a later version of the row, or know it deleted? Of a version that its
/// snapshot shows.
base::Result<bool> is_overwritten(const Transaction& transaction, Table& table,
                                  const storage::VersionHeader& header, CommandId command);

}  // namespace isolde::txn
