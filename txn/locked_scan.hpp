#pragma once

#include "txn/current_transaction.hpp"

// Scans that show rows as they are now: locked first, then read. What is locked for how long is a
// ReadRule; how, are the hooks of CurrentTransaction.
//
//      next()     lock the row's root ... may wait ... read its newest version
//      verdict()  give the lock back if the level does not keep it and the statement not want it
//
// While a scan waits, rows move. An update that changes an indexed column or leaves the page gives
// the row a new root, before or behind where the scan is; for the scan to see it once:
//
//      table scan   follows a row to its new root, and passes over new roots that an update made
//                   since it began: their rows have stood in its way before, or will
//      index scan   looks again at the entries with this key; a row whose key has changed is seen
//                   at its new key, if that comes later

namespace isolde::txn {

struct ReadRule {
  bool locks = true;
  RowUse use = RowUse::kRead;
  bool wait = true;
  bool skips = false;  ///< with wait = false: passes over rows that it cannot have; else 55P03
  /// What is still locked when the row has been shown: only with `locks`.
  bool keeps = true;
  /// A row that nobody is at work on needs no lock: it would be given back at once.
  bool peeks = false;
  /// What others have not committed is shown (without locks).
  Dirty dirty = Dirty::kNo;
  /// A row that is locked by others is shown as it was last committed; if the statement wants to
  /// change that one it will wait then (InnoDB's semi-consistent read).
  bool shows_committed = false;
  /// Gaps are locked too, or the whole table.
  bool ranges = false;
  /// Of a range that can have only one row, none if the row is there.
  bool point_needs_no_gap = true;
};

std::unique_ptr<Scan> make_locked_scan(CurrentTransaction& transaction, Table& table,
                                       const ScanSpec& spec, const ReadRule& rule);

}  // namespace isolde::txn
