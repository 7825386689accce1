#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "storage/buffer_pool.hpp"

namespace isolde::storage {

/// Where a relation has room: one byte a page, in units of 32 bytes, in a fork of its own. Only a
/// hint: it is not logged, may be out of date, and a damaged page of it counts as empty. Whoever
/// is sent to a page that turns out full says so with record(), and asks again.
class FreeSpace {
 public:
  FreeSpace(BufferPool& pool, RelationId relation) : pool_(pool), relation_(relation) {}

  /// A page that may have this many bytes free; kNoBlock when none is known.
  base::Result<BlockNumber> find(size_t bytes);
  /// What a page has free, seen under its latch a moment ago.
  base::Status record(BlockNumber block, size_t free_bytes);
  /// The page that inserters fill at present: asked first, without looking at
  /// the map. kNoBlock at first.
  BlockNumber target() const { return BlockNumber{target_.load(std::memory_order_relaxed)}; }
  void set_target(BlockNumber block) { target_.store(block.value, std::memory_order_relaxed); }
  /// Pages from here on are gone.
  base::Status truncate(BlockNumber blocks);

 private:
  base::Result<PageRef> map_page(BlockNumber heap_block);

  BufferPool& pool_;
  const RelationId relation_;
  std::atomic<uint32_t> target_{UINT32_MAX};
  std::atomic<uint32_t> next_search_{0};
  std::atomic<uint32_t> nothing_above_{UINT32_MAX};  ///< a search for this many units found nothing
};

/// Blocks of an overflow fork that are free: those that vacuum found, and, from a start until the
/// next vacuum, those that a hand which goes over the fork once may come to. In memory alone.
class FreeBlocks {
 public:
  /// kNoBlock when none is left.
  BlockNumber take();
  void replace(std::vector<BlockNumber> blocks);
  /// The next block that nobody has looked at since the start, of the `blocks` that there are.
  BlockNumber next_unseen(BlockNumber blocks);

 private:
  std::mutex mutex_;
  std::vector<BlockNumber> blocks_;
  uint32_t hand_ = 0;
  uint32_t unseen_end_ = UINT32_MAX;  // as many blocks as there were at the first question
};

}  // namespace isolde::storage
