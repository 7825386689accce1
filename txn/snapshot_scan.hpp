#pragma once

#include <memory>

#include "txn/concurrency_control.hpp"
#include "txn/read_tracker.hpp"

// Scans that read versions by a snapshot and take no locks: the reads of every engine that keeps
// versions for readers.

namespace isolde::txn {

/// `tracker`, if there is one, hears of all that is read.
std::unique_ptr<Scan> make_snapshot_scan(Transaction& transaction, Table& table,
                                         const ScanSpec& spec, const Snapshot& snapshot,
                                         ReadTracker* tracker = nullptr);

/// The row of a version, without what engines keep in front of the payload.
Row row_of(const storage::VersionView& version, TupleId root);

/// The version of a chain (as Heap::read_chain gives it) that the snapshot sees, or null.
const storage::VersionView* visible_version(const Transaction& transaction,
                                            const Snapshot& snapshot, storage::Heap& heap,
                                            const storage::VersionBatch& chain);
/// The same for a tracker to hear of; `spare` is for a second look.
base::Result<const storage::VersionView*> tracked_version(const Transaction& transaction,
                                                          const Snapshot& snapshot, Table& table,
                                                          const storage::VersionBatch& chain,
                                                          ReadTracker& tracker,
                                                          storage::VersionBatch& spare);

}  // namespace isolde::txn
