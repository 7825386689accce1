#pragma once

#include "storage/change.hpp"

namespace isolde::storage {

/// One bit a heap page: "every version on it is visible to everybody, now and until it changes".
/// Lets index-only scans and vacuum pass a page by. Logged together with the heap page's flag
/// kPageAllVisible, so that the two agree: the bit is never set without the flag.
class VisibilityMap {
 public:
  VisibilityMap(BufferPool& pool, Wal& wal, RelationId relation)
      : pool_(pool), wal_(wal), relation_(relation) {}

  base::Result<bool> all_visible(BlockNumber heap_block);
  /// The map page of a heap page, made if missing, latched. Taken after the heap page's latch.
  base::Result<ExclusivePage> latch_for(BlockNumber heap_block);
  /// Adds the setting or clearing of the bits of heap pages, all of this map page, to a change.
  static void put(Change& change, const ExclusivePage& map_page,
                  std::span<const BlockNumber> heap_blocks, bool bit);
  /// Do both have their bits on one map page?
  static bool same_page(BlockNumber a, BlockNumber b);

 private:
  PageId page_of(BlockNumber heap_block) const;

  BufferPool& pool_;
  Wal& wal_;
  const RelationId relation_;
};

}  // namespace isolde::storage
