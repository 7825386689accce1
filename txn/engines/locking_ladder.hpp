#pragma once

#include <absl/container/flat_hash_map.h>

#include <vector>

#include "txn/current_transaction.hpp"
#include "txn/lock_manager.hpp"

// Locking at several granularities (Gray and others: Granularity of Locks and Degrees of
// Consistency in a Shared Data Base, 1976): what one transaction holds on the way from the database
// down to rows.
//
//      database        IX
//      table           IX        one who wants S on the whole table meets this
//      page            IX
//      row   (0,3)     X
//
// Before a row is locked S its page, table and database are locked IS; before U or X, IX. Who holds
// many row locks of a page gets one of the page instead, who holds many of a table one of the table
// (escalation), if that can be had without waiting; otherwise it is tried again later.

namespace isolde::txn {

class LockLadder {
 public:
  explicit LockLadder(Transaction& transaction) : transaction_(transaction) {}

  /// S, U or X for what one wants the row for. kNew: a row lock that was not held.
  base::Result<Granted> lock_row(const Table& table, TupleId root, RowUse use, bool wait);
  void release_row(const Table& table, TupleId root, RowUse use);
  /// U becomes S.
  base::Status weaken_row(const Table& table, TupleId root);
  base::Status lock_table(const Table& table, LockMode mode);
  /// What a writer needs above rows.
  base::Status enter_table(const Table& table);
  /// Waits while others have locked the page or the table as a whole against readers.
  base::Status pass_page(const Table& table, storage::BlockNumber block);
  /// Whether a lock on the whole table makes others unnecessary for this use.
  bool covers_table(Oid table, RowUse use) const;
  /// Gives back what says no more than that something was being read, if nothing is held below.
  void done_reading(const Table& table);

 private:
  struct HeldRow {
    storage::Slot slot;
    LockModeSet modes;
  };
  struct HeldPage {
    LockModeSet modes = 0;
    std::vector<HeldRow> rows;
  };
  struct HeldTable {
    LockModeSet modes = 0;
    uint32_t rows = 0;      ///< locks on rows, also on those of pages that are locked as a whole
    uint32_t next_try = 0;  ///< how many it takes to try to lock the table
    RowUse strongest = RowUse::kRead;
    absl::flat_hash_map<uint32_t, HeldPage> pages;
  };

  LockManager& locks() { return transaction_.manager().locks(); }
  base::Result<bool> acquire(const LockTag& tag, LockMode mode, LockModeSet& held, bool wait);
  void release_all(const LockTag& tag, LockModeSet& held);
  base::Result<bool> enter(const Table& table, HeldTable& held, LockMode intent, bool wait);
  void escalate(const Table& table, HeldTable& held, uint32_t block, HeldPage& page);
  void escalate_table(const Table& table, HeldTable& held);
  void release_rows(const Table& table, uint32_t block, HeldPage& page);
  LockTag table_tag(const Table& table) const;
  LockTag page_tag(const Table& table, uint32_t block) const;
  LockTag row_tag(const Table& table, TupleId root) const;

  Transaction& transaction_;
  LockModeSet database_ = 0;
  absl::flat_hash_map<uint32_t, HeldTable> tables_;
};

}  // namespace isolde::txn
