#include "storage/buffer_pool.hpp"

#include <absl/container/flat_hash_map.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "base/log.hpp"

namespace isolde::storage {

using base::Error;
using base::Result;
using base::Status;

namespace {

constexpr uint32_t kPinMask = (1U << 18) - 1;
constexpr uint32_t kUsageOne = 1U << 18;
constexpr uint32_t kUsageMask = 7U << 18;
constexpr uint32_t kMaxUsage = 5U << 18;
constexpr uint32_t kTouched = 1U << 29;  // made dirty since the last copy for writing
constexpr uint32_t kValid = 1U << 30;
constexpr uint32_t kDirty = 1U << 31;
constexpr size_t kPartitions = 64;
constexpr size_t kWriteLocks = 64;

/// Looking up pages at random costs as many misses of the TLB as of the cache: huge pages, where
/// the system has some to give, halve that.
std::byte* allocate_pages(size_t bytes) {
  constexpr size_t kHuge = size_t{2} << 20;
  const size_t alignment = bytes >= 2 * kHuge ? kHuge : 4096;
  bytes = (bytes + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, bytes);
  ISOLDE_CHECK(memory != nullptr, "no memory for shared_buffers");
  if (alignment == kHuge) ::madvise(memory, bytes, MADV_HUGEPAGE);
  return static_cast<std::byte*>(memory);
}

Error invalid_page(const PageId& id) {
  return {base::sqlstate::kDataCorrupted, "invalid page in block " +
                                              std::to_string(id.block.value) + " of relation " +
                                              relation_path(id.relation, id.fork)};
}

}  // namespace

Error page_ahead_of_log(const PageId& id, Lsn changed, Lsn end) {
  return Error(base::sqlstate::kDataCorrupted,
               "block " + std::to_string(id.block.value) + " of relation " +
                   relation_path(id.relation, id.fork) + " was changed at " + lsn_text(changed) +
                   ", but the write-ahead log ends at " + lsn_text(end))
      .hint("The last segments of the log are missing or damaged. Restore them, or a backup.");
}

struct alignas(64) BufferPool::Partition {
  std::mutex mutex;
  absl::flat_hash_map<PageId, uint32_t, std::hash<PageId>> table;
};

// ---- pins

void PageRef::reset() {
  if (pool_ != nullptr) std::exchange(pool_, nullptr)->unpin(frame_);
}
const PageId& PageRef::id() const {
  return pool_->frames_[frame_].page;
}
RwLatch& PageRef::latch() const {
  return pool_->frames_[frame_].latch;
}
PageView PageRef::view() const {
  return PageView(bytes());
}
PageEditor PageRef::hint_editor() const {
  return PageEditor(bytes());
}
std::byte* PageRef::bytes() const {
  return pool_->bytes_of(frame_);
}

BufferPool::BufferPool(FileStore& files, size_t bytes)
    : files_(files),
      frame_count_(static_cast<uint32_t>(std::max<size_t>(bytes / kPageSize, 16))),
      pages_(allocate_pages(size_t{frame_count_} * kPageSize)),
      frames_(std::make_unique<Frame[]>(frame_count_)),
      hint_mask_(std::bit_ceil(size_t{frame_count_} * 2) - 1),
      partitions_(std::make_unique<Partition[]>(kPartitions)),
      write_locks_(std::make_unique<std::mutex[]>(kWriteLocks)) {
  hints_ = std::make_unique<std::atomic<uint32_t>[]>(hint_mask_ + 1);
}

BufferPool::~BufferPool() {
  for (uint32_t f = 0; f < frame_count_; ++f)
    ISOLDE_ASSERT((frames_[f].state.load() & kPinMask) == 0, "a page is still pinned");
  std::free(pages_);
}

void BufferPool::unpin(uint32_t frame) {
  uint32_t before = frames_[frame].state.fetch_sub(1, std::memory_order_acq_rel);
  static_cast<void>(before);
  ISOLDE_ASSERT((before & kPinMask) > 0, "unpinned more often than pinned");
}

bool BufferPool::try_pin_valid(uint32_t frame) {
  std::atomic<uint32_t>& state = frames_[frame].state;
  uint32_t seen = state.load(std::memory_order_relaxed);
  while ((seen & kValid) != 0) {
    uint32_t wanted = seen + 1;
    if ((seen & kUsageMask) < kMaxUsage) wanted += kUsageOne;
    if (state.compare_exchange_weak(seen, wanted, std::memory_order_acq_rel)) return true;
  }
  return false;
}

bool BufferPool::pin_hinted(const PageId& id, size_t hash, uint32_t& frame) {
  uint32_t hint = hints_[hash & hint_mask_].load(std::memory_order_relaxed);
  if (hint == 0 || !try_pin_valid(hint - 1)) return false;
  frame = hint - 1;
  if (frames_[frame].page == id) return true;
  unpin(frame);
  return false;
}

BufferPool::Partition& BufferPool::partition_of(size_t hash) {
  return partitions_[(hash >> 40) % kPartitions];
}

// ---- looking up

Result<PageRef> BufferPool::fetch(const PageId& id, ScanRing* ring) {
  const size_t hash = hash_value(id);
  uint32_t frame;
  if (pin_hinted(id, hash, frame)) [[likely]]
    return PageRef(this, frame);
  return fetch_slowly(id, hash, ring, Missing::kFail);
}

Result<PageRef> BufferPool::fetch_to_overwrite(const PageId& id) {
  Status s = files_.extend_to(id.relation, id.fork, BlockNumber{id.block.value + 1});
  if (!s) return s.take_error();
  const size_t hash = hash_value(id);
  uint32_t frame;
  if (pin_hinted(id, hash, frame)) return PageRef(this, frame);
  return fetch_slowly(id, hash, nullptr, Missing::kZero);
}

Result<PageRef> BufferPool::fetch_slowly(const PageId& id, size_t hash, ScanRing* ring,
                                         Missing missing) {
  Partition& partition = partition_of(hash);
  uint32_t spare = UINT32_MAX;  // a claimed, empty frame
  for (;;) {
    std::unique_lock lock(partition.mutex);
    auto at = partition.table.find(id);
    if (at != partition.table.end()) {
      const uint32_t frame = at->second;
      frames_[frame].state.fetch_add(1, std::memory_order_acq_rel);
      lock.unlock();
      if (spare != UINT32_MAX) unpin(spare);
      spare = UINT32_MAX;
      PageRef ref(this, frame);
      if ((frames_[frame].state.load(std::memory_order_acquire) & kValid) == 0) {
        frames_[frame].latch.lock_shared();  // wait for whoever is loading it
        frames_[frame].latch.unlock_shared();
      }
      if ((frames_[frame].state.load(std::memory_order_acquire) & kValid) == 0) continue;
      hints_[hash & hint_mask_].store(frame + 1, std::memory_order_relaxed);
      return ref;
    }
    if (spare != UINT32_MAX) {
      frames_[spare].page = id;
      frames_[spare].latch.lock();
      partition.table.emplace(id, spare);
      lock.unlock();
      return load(id, hash, spare, missing);
    }
    lock.unlock();
    auto victim = find_victim(ring);
    if (!victim) return victim.take_error();
    spare = *victim;
  }
}

/// Fills a frame that the table already names; others who want the page wait for its latch.
Result<PageRef> BufferPool::load(const PageId& id, size_t hash, uint32_t frame, Missing missing) {
  misses_.fetch_add(1, std::memory_order_relaxed);
  PageRef ref(this, frame);
  Status status = read_page(id, bytes_of(frame), missing);
  if (status) {
    frames_[frame].state.fetch_or(kValid | kUsageOne, std::memory_order_release);
    hints_[hash & hint_mask_].store(frame + 1, std::memory_order_relaxed);
  } else {
    Partition& partition = partition_of(hash);
    std::lock_guard lock(partition.mutex);
    partition.table.erase(id);
  }
  frames_[frame].latch.unlock();
  if (!status) return status.take_error();
  return ref;
}

Status BufferPool::read_page(const PageId& id, std::byte* into, Missing missing) {
  Status status = files_.read(id, {into, kPageSize});
  if (status && !page_checksum_ok(into, id)) status = invalid_page(id);
  if (status) status = check_lsn(id, PageView(into).lsn());
  if (status || missing == Missing::kFail) return status;
  std::memset(into, 0, kPageSize);
  return {};
}

/// What was written was durable in the log before.
Status BufferPool::check_lsn(const PageId& id, Lsn lsn) {
  if (wal_ == nullptr) {
    if (newest_read_.first < lsn) newest_read_ = {lsn, id};
    return {};
  }
  const Lsn durable = wal_->flushed_lsn();
  return lsn <= durable ? Status() : page_ahead_of_log(id, lsn, durable);
}

Result<ExclusivePage> BufferPool::extend(RelationId relation, Fork fork) {
  auto victim = find_victim(nullptr);
  if (!victim) return victim.take_error();
  const uint32_t frame = *victim;
  auto block = files_.extend(relation, fork);
  if (!block) {
    unpin(frame);
    return block.take_error();
  }
  const PageId id{relation, fork, *block};
  const size_t hash = hash_value(id);
  Partition& partition = partition_of(hash);
  std::unique_lock lock(partition.mutex);
  if (partition.table.contains(id)) {  // a scan ran ahead of us to the new page
    lock.unlock();
    unpin(frame);
    auto ref = fetch(id);
    if (!ref) return ref.take_error();
    return ExclusivePage(std::move(*ref));
  }
  frames_[frame].page = id;
  frames_[frame].latch.lock();
  partition.table.emplace(id, frame);
  lock.unlock();
  std::memset(bytes_of(frame), 0, kPageSize);
  frames_[frame].state.fetch_or(kValid | kUsageOne, std::memory_order_release);
  hints_[hash & hint_mask_].store(frame + 1, std::memory_order_relaxed);
  return ExclusivePage(PageRef(this, frame), ExclusivePage::AlreadyLatched{});
}

void BufferPool::mark_dirty(const PageRef& page) {
  frames_[page.frame_].state.fetch_or(kDirty | kTouched, std::memory_order_acq_rel);
}

// ---- making room

bool BufferPool::try_claim(uint32_t frame) {
  std::atomic<uint32_t>& state = frames_[frame].state;
  uint32_t seen = state.load(std::memory_order_relaxed);
  return (seen & kPinMask) == 0 &&
         state.compare_exchange_strong(seen, seen + 1, std::memory_order_acq_rel);
}

/// Empties a frame that we alone have pinned. False, and unpinned, when somebody else wants it.
Result<bool> BufferPool::empty_claimed(uint32_t frame, bool may_flush_log) {
  Frame& f = frames_[frame];
  if ((f.state.load(std::memory_order_acquire) & kDirty) != 0) {
    Lsn lsn;
    {
      f.latch.lock_shared();
      lsn = PageView(bytes_of(frame)).lsn();
      f.latch.unlock_shared();
    }
    if (!may_flush_log && wal_ != nullptr && wal_->flushed_lsn() < lsn) {
      unpin(frame);
      return false;
    }
    if (Status s = write_frame(frame); !s) {
      unpin(frame);
      return s.take_error();
    }
  }
  if ((f.state.load(std::memory_order_acquire) & kValid) == 0) return true;
  Partition& partition = partition_of(hash_value(f.page));
  std::lock_guard lock(partition.mutex);
  uint32_t seen = f.state.load(std::memory_order_acquire);
  const bool only_mine = (seen & kPinMask) == 1 && (seen & kDirty) == 0;
  if (!only_mine || !f.state.compare_exchange_strong(seen, 1, std::memory_order_acq_rel)) {
    unpin(frame);
    return false;
  }
  partition.table.erase(f.page);
  evictions_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

Result<uint32_t> BufferPool::find_victim(ScanRing* ring) {
  uint32_t* seat = nullptr;
  if (ring != nullptr) {
    seat = &ring->frames_[ring->next_++ % ScanRing::kFrames];
    if (*seat != 0 && try_claim(*seat - 1)) {
      // A page that others use too has left the ring for good.
      const bool popular = (frames_[*seat - 1].state.load() & kUsageMask) > kUsageOne;
      if (popular) {
        unpin(*seat - 1);
      } else {
        auto emptied = empty_claimed(*seat - 1, true);
        if (!emptied) return emptied.take_error();
        if (*emptied) return *seat - 1;
      }
    }
  }
  auto found = sweep(false);
  if (found && *found == UINT32_MAX) found = sweep(true);
  if (!found) return found;
  if (*found == UINT32_MAX)
    return Error(base::sqlstate::kInsufficientResources, "no unpinned buffers available")
        .hint("Raise shared_buffers.");
  if (seat != nullptr) *seat = *found + 1;
  return found;
}

/// The clock. Without `may_flush_log` it passes over pages whose log is not on disk yet.
Result<uint32_t> BufferPool::sweep(bool may_flush_log) {
  for (uint64_t tries = 0; tries < uint64_t{frame_count_} * 7; ++tries) {
    const uint32_t frame = hand_.fetch_add(1, std::memory_order_relaxed) % frame_count_;
    std::atomic<uint32_t>& state = frames_[frame].state;
    uint32_t seen = state.load(std::memory_order_relaxed);
    if ((seen & kPinMask) != 0) continue;
    if ((seen & kUsageMask) != 0) {
      state.compare_exchange_weak(seen, seen - kUsageOne, std::memory_order_relaxed);
      continue;
    }
    if (!try_claim(frame)) continue;
    auto emptied = empty_claimed(frame, may_flush_log);
    if (!emptied) return emptied.take_error();
    if (*emptied) return frame;
  }
  return UINT32_MAX;
}

// ---- writing

/// Writes a pinned frame if it is dirty. One writer a frame at a time: an older copy must not
/// arrive after a newer one, and a checkpoint must not pass a page that is still on its way.
Status BufferPool::write_frame(uint32_t frame) {
  alignas(64) std::array<std::byte, kPageSize> copy;
  Frame& f = frames_[frame];
  std::lock_guard writing(write_locks_[frame % kWriteLocks]);
  if ((f.state.load(std::memory_order_acquire) & kDirty) == 0) return {};
  f.latch.lock_shared();
  f.state.fetch_and(~kTouched, std::memory_order_acq_rel);
  std::memcpy(copy.data(), bytes_of(frame), kPageSize);
  f.latch.unlock_shared();
  set_page_checksum(copy.data(), f.page);
  Status status = wal_ == nullptr ? Status() : wal_->flush(PageView(copy.data()).lsn());
  if (status) status = files_.write(f.page, copy);
  if (!status) return status;
  writes_.fetch_add(1, std::memory_order_relaxed);
  uint32_t seen = f.state.load(std::memory_order_acquire);
  while ((seen & kTouched) == 0 &&
         !f.state.compare_exchange_weak(seen, seen & ~kDirty, std::memory_order_acq_rel)) {
  }
  return {};
}

Result<size_t> BufferPool::write_back(size_t limit) {
  const bool all = limit == SIZE_MAX;
  size_t written = 0;
  for (uint32_t n = 0; n < frame_count_ && written < limit; ++n) {
    const uint32_t frame = all ? n : write_hand_.fetch_add(1) % frame_count_;
    uint32_t seen = frames_[frame].state.load(std::memory_order_acquire);
    if ((seen & kDirty) == 0) continue;
    // A pin without adding to its usage: being written is not being used.
    bool pinned = false;
    while ((seen & kValid) != 0 && !pinned)
      pinned =
          frames_[frame].state.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel);
    if (!pinned) continue;
    Status s = write_frame(frame);
    unpin(frame);
    if (!s) return s.take_error();
    ++written;
  }
  return written;
}

// ---- forgetting

void BufferPool::forget(uint32_t frame) {
  Frame& f = frames_[frame];
  for (;;) {
    Partition& partition = partition_of(hash_value(f.page));
    {
      std::lock_guard lock(partition.mutex);
      uint32_t seen = f.state.load(std::memory_order_acquire) & ~kPinMask;
      if (f.state.compare_exchange_strong(seen |= 1, 0, std::memory_order_acq_rel)) {
        partition.table.erase(f.page);
        return;
      }
    }
    std::this_thread::yield();  // the background writer has it pinned for one write
  }
}

template <typename Wanted>
void BufferPool::discard_if(Wanted wanted) {
  for (uint32_t frame = 0; frame < frame_count_; ++frame) {
    uint32_t seen = frames_[frame].state.load(std::memory_order_acquire);
    bool pinned = false;
    while ((seen & kValid) != 0 && !pinned)
      pinned =
          frames_[frame].state.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel);
    if (!pinned) continue;
    if (wanted(frames_[frame].page)) {
      forget(frame);
    } else {
      unpin(frame);
    }
  }
}

void BufferPool::discard(RelationId relation, Fork fork, BlockNumber from) {
  discard_if([&](const PageId& page) {
    return page.relation == relation && page.fork == fork && page.block >= from;
  });
}
void BufferPool::discard(RelationId relation) {
  discard_if([&](const PageId& page) { return page.relation == relation; });
}

BufferStats BufferPool::stats() const {
  BufferStats stats;
  stats.misses = misses_.load(std::memory_order_relaxed);
  stats.evictions = evictions_.load(std::memory_order_relaxed);
  stats.writes = writes_.load(std::memory_order_relaxed);
  return stats;
}

}  // namespace isolde::storage
