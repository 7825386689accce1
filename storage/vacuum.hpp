#pragma once

#include <chrono>
#include <functional>
#include <span>

#include "base/task.hpp"
#include "storage/btree.hpp"
#include "storage/heap.hpp"

namespace isolde::storage {

/// Is a version a row of the table, for those who count?
enum class VersionLife : uint8_t {
  kLive,    ///< committed; whoever is deleting it may yet fail
  kEnded,   ///< replaced, deleted or aborted, even if somebody still sees it
  kUnborn,  ///< its maker has not committed: it counts when it does
};

struct VacuumOptions {
  /// Cut empty pages off the table's end. Only when the caller keeps everyone else away.
  bool truncate = false;
  /// Dead rows remembered before the indexes are gone through: bounds memory.
  size_t max_dead_rows = size_t{1} << 22;
  /// Pages that are visible to all are passed by where so many follow each other; 0: never. Rows
  /// of pages passed by are not counted.
  uint32_t skip_runs_of = 32;
  /// A nap after each so much work, so that others get at the disk; 0: none. A page read costs 2,
  /// one changed 20 more.
  std::chrono::microseconds nap{0};
  uint32_t work_before_nap = 200;
  /// Without it nothing is counted.
  std::function<VersionLife(const VersionHeader&)> life;
};

struct VacuumStats {
  uint64_t pages = 0;
  uint64_t pages_skipped = 0;      ///< all visible already, and not looked at
  uint64_t pages_all_visible = 0;  ///< in the end
  uint64_t rows = 0;               ///< live ones on the pages looked at
  uint64_t ended = 0;              ///< versions there that are dead, but still needed by somebody
  uint64_t versions_removed = 0;
  uint64_t index_entries_removed = 0;
  uint64_t index_pages_removed = 0;
  uint64_t rows_released = 0;  ///< line pointers that can be filled again
  BlockNumber blocks_left;
  BlockNumber blocks_in_use;  ///< behind the last page that holds something
};

/// Removes from a table and its indexes what the heap's judge calls dead:
///
///   1. prune page after page; roots of dead chains stay as dead line pointers;
///   2. remove the index entries that name them;
///   3. release the line pointers.
///
/// One page is latched at a time, so readers and writers wait for no more than that.
base::Result<VacuumStats> vacuum(base::Task& task, Heap& heap, std::span<Btree* const> indexes,
                                 const VacuumOptions& options);

/// Frees the overflow chains that no version names; answers how many pages of the fork are free.
/// A chain of an old value can move to a version on a page that was looked at before, but only
/// while the version that had it stays where it is: so the caller holds a snapshot, by which no
/// version goes that is needed now, and every transaction before `over_below` was over when it was
/// taken.
base::Result<uint64_t> vacuum_overflow(base::Task& task, Heap& heap, TxnId over_below);

}  // namespace isolde::storage
