#pragma once

#include "txn/snapshot.hpp"
#include "txn/table.hpp"

namespace isolde::txn {

/// Hears what a snapshot scan reads, for a transaction that must know who writes there meanwhile.
/// Each call comes *before* what it names is read, except saw() and took(), which come after.
class ReadTracker {
 public:
  virtual ~ReadTracker() = default;
  /// Every row of the table.
  virtual base::Status reads_table(const Table& table) = 0;
  /// Every row of a page, by its index entries alone.
  virtual base::Status reads_page(const Table& table, storage::BlockNumber block) = 0;
  /// Every entry of a range, those to come too. The answer names the note, for reads_less().
  virtual base::Result<uint64_t> reads_range(const Table& table, const Index& index,
                                             const KeyRange& range) = 0;
  /// The scan ended early: nothing outside of this part of the range was read.
  virtual void reads_less(uint64_t note, const KeyRange& part) = 0;
  /// A version was looked at, and belongs to what `snapshot` sees, or not.
  virtual base::Status saw(const storage::VersionHeader& header, const Snapshot& snapshot,
                           bool seen) = 0;
  /// This version is what the scan has found. True: what was known of the version's header may have
  /// changed before the note was made, so look at it once more, with saw().
  virtual base::Result<bool> took(const Table& table, const storage::VersionView& version) = 0;
};

}  // namespace isolde::txn
