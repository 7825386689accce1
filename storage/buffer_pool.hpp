#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "storage/file_store.hpp"
#include "storage/latch.hpp"
#include "storage/page.hpp"
#include "storage/wal.hpp"

// Pages in memory.
//
// A frame is pinned (it stays where it is) and, separately, latched (its bytes stay as they are, or
// are mine to change). Looking up a page that is there takes no lock at all in the common case:
//
//      hints_[hash(page)]  ->  frame 17?  ->  pin 17 (one compare-and-swap on its state)
//                                         ->  does 17 hold my page? yes: done
//
// A hint may be wrong, out of date or overwritten; then one of 64 partitions of the real table is
// asked under its mutex, and that decides.
//
// Invariants
//  1. state_ holds pins, usage and flags. A frame without kValid cannot be pinned by a hint, and
//     only a frame with kValid, one pin (the evictor's) and no kDirty loses kValid.
//  2. `page` of a frame changes only while it has no kValid and its one pin is the changer's.
//  3. A page goes to disk only after the log up to its LSN did.
//  4. Bytes change only under the exclusive latch, and kDirty is set before the log record of the
//     change is appended: a checkpoint that begins after the append sees the page as dirty.
//  5. A page stays dirty until a copy of it has been written that no change has overtaken
//     (kTouched), and two copies of one page are never on their way at once.
//  6. A page that was changed behind the end of the log is not taken: the log has lost its end.

namespace isolde::storage {

class BufferPool;

/// A few frames that a big scan uses over and over, instead of pushing everybody's pages out.
class ScanRing {
 public:
  static constexpr size_t kFrames = 32;

 private:
  friend class BufferPool;
  uint32_t frames_[kFrames] = {};  // frame + 1; 0 is none
  size_t next_ = 0;
};

/// A pinned page. Movable; unpins when it goes.
class PageRef {
 public:
  PageRef() = default;
  PageRef(PageRef&& other) noexcept
      : pool_(std::exchange(other.pool_, nullptr)), frame_(other.frame_) {}
  PageRef& operator=(PageRef&& other) noexcept {
    std::swap(pool_, other.pool_);
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~PageRef() { reset(); }

  void reset();
  explicit operator bool() const { return pool_ != nullptr; }
  const PageId& id() const;
  BlockNumber block() const { return id().block; }
  RwLatch& latch() const;
  /// Under the latch.
  PageView view() const;
  /// Under the exclusive latch, for bits that may be lost (hints): the page does not become dirty.
  PageEditor hint_editor() const;

 private:
  friend class BufferPool;
  friend class Change;
  PageRef(BufferPool* pool, uint32_t frame) : pool_(pool), frame_(frame) {}
  std::byte* bytes() const;

  BufferPool* pool_ = nullptr;
  uint32_t frame_ = 0;
};

/// A pinned page with its latch held.
template <bool kExclusive>
class LatchedPage {
 public:
  LatchedPage() = default;
  explicit LatchedPage(PageRef ref) : ref_(std::move(ref)) {
    if constexpr (kExclusive) {
      ref_.latch().lock();
    } else {
      ref_.latch().lock_shared();
    }
  }
  LatchedPage(LatchedPage&&) noexcept = default;
  LatchedPage& operator=(LatchedPage&& other) noexcept {
    std::swap(ref_, other.ref_);
    return *this;
  }
  ~LatchedPage() { unlatch(); }

  /// Empty when somebody else holds the latch.
  static LatchedPage try_latch(PageRef ref) requires kExclusive {
    if (!ref.latch().try_lock()) return {};
    return LatchedPage(std::move(ref), AlreadyLatched{});
  }

  explicit operator bool() const { return static_cast<bool>(ref_); }
  PageRef& ref() { return ref_; }
  const PageRef& ref() const { return ref_; }
  PageView view() const { return ref_.view(); }
  const PageView* operator->() const {
    view_ = ref_.view();
    return &view_;
  }
  BlockNumber block() const { return ref_.block(); }
  /// Gives the latch back and keeps the pin.
  PageRef unlatch() {
    if (!ref_) return {};
    if constexpr (kExclusive) {
      ref_.latch().unlock();
    } else {
      ref_.latch().unlock_shared();
    }
    return std::move(ref_);
  }

 private:
  friend class BufferPool;
  struct AlreadyLatched {};
  LatchedPage(PageRef ref, AlreadyLatched /*tag*/) : ref_(std::move(ref)) {}

  PageRef ref_;
  mutable PageView view_{nullptr};
};
using SharedPage = LatchedPage<false>;
using ExclusivePage = LatchedPage<true>;

struct BufferStats {
  uint64_t hits = 0, misses = 0, evictions = 0, writes = 0;
};

/// "block 7 of relation base/1/16384 was changed at 0/2000, but the write-ahead log ends at 0/1000"
base::Error page_ahead_of_log(const PageId& id, Lsn changed, Lsn end);

class BufferPool {
 public:
  /// `bytes` is shared_buffers; at least 16 pages.
  BufferPool(FileStore& files, size_t bytes);
  ~BufferPool();
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  /// Until a log is attached (during recovery) pages are written without asking it.
  void attach_wal(Wal* wal) { wal_ = wal; }

  base::Result<PageRef> fetch(const PageId& id, ScanRing* ring = nullptr);
  /// For a page whose old content does not matter: a damaged one comes back as zeros, and the file
  /// grows to hold it.
  base::Result<PageRef> fetch_to_overwrite(const PageId& id);
  /// A new page at the end of the fork, zero, latched.
  base::Result<ExclusivePage> extend(RelationId relation, Fork fork);

  /// Before the bytes of an exclusively latched page change.
  void mark_dirty(const PageRef& page);

  /// Writes up to `limit` dirty pages; returns how many it wrote.
  base::Result<size_t> write_back(size_t limit = SIZE_MAX);
  /// Forgets the pages of a relation from `from` on, dirty or not. Nobody uses them any more.
  void discard(RelationId relation, Fork fork, BlockNumber from = BlockNumber{0});
  void discard(RelationId relation);

  FileStore& files() { return files_; }
  BufferStats stats() const;
  /// During recovery: the page with the greatest LSN of those that were read.
  const std::pair<Lsn, PageId>& newest_read() const { return newest_read_; }
  size_t frame_count() const { return frame_count_; }

 private:
  friend class PageRef;
  struct alignas(64) Frame {
    std::atomic<uint32_t> state{0};
    RwLatch latch;
    PageId page;
  };
  struct Partition;
  enum class Missing : uint8_t { kFail, kZero };

  std::byte* bytes_of(uint32_t frame) const { return pages_ + size_t{frame} * kPageSize; }
  void unpin(uint32_t frame);
  bool try_pin_valid(uint32_t frame);
  bool pin_hinted(const PageId& id, size_t hash, uint32_t& frame);
  base::Result<PageRef> fetch_slowly(const PageId& id, size_t hash, ScanRing* ring,
                                     Missing missing);
  base::Result<PageRef> load(const PageId& id, size_t hash, uint32_t frame, Missing missing);
  base::Status read_page(const PageId& id, std::byte* into, Missing missing);
  base::Status check_lsn(const PageId& id, Lsn lsn);
  base::Result<uint32_t> find_victim(ScanRing* ring);
  base::Result<uint32_t> sweep(bool may_flush_log);
  bool try_claim(uint32_t frame);
  base::Result<bool> empty_claimed(uint32_t frame, bool may_flush_log);
  base::Status write_frame(uint32_t frame);
  void forget(uint32_t frame);
  template <typename Wanted>
  void discard_if(Wanted wanted);
  Partition& partition_of(size_t hash);

  FileStore& files_;
  Wal* wal_ = nullptr;
  std::pair<Lsn, PageId> newest_read_;  // without a log, so by one thread
  const uint32_t frame_count_;
  std::byte* pages_;
  std::unique_ptr<Frame[]> frames_;
  std::unique_ptr<std::atomic<uint32_t>[]> hints_;  // frame + 1
  size_t hint_mask_;
  std::unique_ptr<Partition[]> partitions_;
  std::unique_ptr<std::mutex[]> write_locks_;
  std::atomic<uint32_t> hand_{0};
  std::atomic<uint32_t> write_hand_{0};
  std::atomic<uint64_t> misses_{0}, evictions_{0}, writes_{0};
};

}  // namespace isolde::storage
