#pragma once

#include <atomic>
#include <cstdint>

#include "storage/free_space.hpp"

namespace isolde::storage {

/// What all who work on one index share: which of its pages are free, and a count of those that
/// came back into use.
///
/// A link to a page (a downlink, a sibling's link) is read under one latch and followed under
/// another. In between, the page may have left the tree, which it says itself, with a link to where
/// its range went; but it may also have come back elsewhere in the tree, and that nobody could
/// tell. So whoever follows a link looks at the count before reading it and after latching where it
/// leads to; if the count has moved, he starts from the top again. Readers thus wait for nobody and
/// write nothing, and pages can be used again at once.
class IndexPages {
 public:
  explicit IndexPages(BufferPool& pool, RelationId relation) : space_(pool, relation) {}

  /// Before a link is read.
  uint64_t reuses() const { return reuses_.load(std::memory_order_acquire); }
  /// Under the exclusive latch of the page that is about to be filled anew.
  void note_reuse() { reuses_.fetch_add(1, std::memory_order_acq_rel); }

  /// A free page, perhaps: the page itself knows. kNoBlock when none is known.
  base::Result<BlockNumber> find_free() { return space_.find(kWholePage); }
  base::Status record(BlockNumber block, bool free) {
    return space_.record(block, free ? kWholePage : 0);
  }

  /// One vacuum at a time takes pages out of the tree. False: another is at it.
  bool try_start_vacuum() { return !vacuuming_.exchange(true, std::memory_order_acquire); }
  void end_vacuum() { vacuuming_.store(false, std::memory_order_release); }

 private:
  static constexpr size_t kWholePage = 8000;

  FreeSpace space_;
  std::atomic<uint64_t> reuses_{0};
  std::atomic<bool> vacuuming_{false};
};

}  // namespace isolde::storage
