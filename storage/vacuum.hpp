#pragma once

#include <span>

#include "base/task.hpp"
#include "storage/btree.hpp"
#include "storage/heap.hpp"

namespace isolde::storage {

struct VacuumOptions {
  /// Cut empty pages off the table's end. Only when the caller keeps everyone else away.
  bool truncate = false;
  /// Dead rows remembered before the indexes are gone through: bounds memory.
  size_t max_dead_rows = size_t{1} << 22;
};

struct VacuumStats {
  uint64_t pages = 0;
  uint64_t pages_skipped = 0;  ///< all visible already
  uint64_t versions_removed = 0;
  uint64_t index_entries_removed = 0;
  uint64_t index_pages_removed = 0;
  uint64_t rows_released = 0;  ///< line pointers that can be filled again
  BlockNumber blocks_left;
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

}  // namespace isolde::storage
