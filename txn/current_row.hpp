#pragma once

#include "txn/version_rules.hpp"

// What a row is now, whatever any snapshot says: for engines that lock rows and then work on their
// newest versions.
//
// A row is known by its root: the place where its chain of versions begins on a page, which is what
// index entries name and what locks are taken on. An update that has to leave the page, or changes
// an indexed column, ends the chain; the row goes on elsewhere under a root of its own:
//
//      [3]: v1 -> [7]: v2     => root 3
//              \ moved
//               [page 9, 1]: v3   => root (9,1)

namespace isolde::txn {

struct CurrentRow {
  enum class State : uint8_t {
    kAbsent,   ///< nothing, or nothing but what was rolled back
    kPresent,  ///< `version`
    kBusy,     ///< `by`, another transaction in progress, has written it; `version` is the newest
               ///< version that is not its work, or null
    kMoved,    ///< `by` has put it to `next`
    kDeleted,  ///< by `by`
  };
  State state = State::kAbsent;
  const storage::VersionView* version = nullptr;  ///< of the batch it was read into
  TxnId by;
  TupleId next;
};

enum class Dirty : bool { kNo, kYes };

/// As commands before `command` of the transaction left the row. Dirty: what others have written
/// counts as done, so that nothing is ever busy.
base::Result<CurrentRow> read_current(const Transaction& transaction, CommandId command,
                                      Table& table, TupleId root, storage::VersionBatch& chain,
                                      Dirty dirty = Dirty::kNo);

/// The same for one version by itself; kMoved and kDeleted say only how it ended.
CurrentRow judge_version(const Transaction& transaction, CommandId command,
                         const storage::VersionView& version, Dirty dirty);

}  // namespace isolde::txn
