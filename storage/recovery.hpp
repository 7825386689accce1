#pragma once

#include "storage/control_file.hpp"
#include "storage/txn_table.hpp"
#include "storage/wal_reader.hpp"

// After a crash: the log is replayed from the latest checkpoint's redo place to its end.
//
//      checkpoint began (redo)      its record         crash
//      |----------------------------|------------------|
//      replayed: everything from here on, each page change only if the page is older
//
// A page is older when its LSN is below the record's end. Its first change since redo came with a
// full image, so a page that the crash tore in the middle is never looked at: it is overwritten.
// Replaying twice, or half and then again from the start, gives the same pages: nothing in here
// depends on anything but the log and pages' LSNs, and the log is not written.

namespace isolde::storage {

struct RecoveryResult {
  CheckpointData state;  ///< as a checkpoint at the log's end would say; `redo` is of the old one
  WalPosition position;
  uint64_t records = 0;
  uint64_t bytes = 0;
};

/// Replays the log into the pool's pages and removes the files of transactions that never
/// committed, of committed drops, and of creations that the log does not know.
base::Result<RecoveryResult> recover(base::Env& env, const std::string& wal_dir,
                                     const ControlFile& control, BufferPool& pool);

}  // namespace isolde::storage
