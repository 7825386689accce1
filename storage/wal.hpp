#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/env.hpp"
#include "base/task.hpp"
#include "storage/wal_record.hpp"

namespace isolde::storage {

struct WalOptions {
  uint64_t segment_size = uint64_t{16} << 20;
  size_t buffer_size = size_t{4} << 20;  ///< wal_buffers
  bool fsync = true;
  base::SyncMethod sync_method = base::SyncMethod::kFdatasync;
  bool full_page_writes = true;
  int commit_delay_us = 0;
  int commit_siblings = 5;
  /// Old segments kept for reuse: max_wal_size.
  uint64_t keep_bytes = uint64_t{1} << 30;
  /// A thread that writes and syncs for everybody. Without it each flush is done by who asks for
  /// it, which makes tests repeatable.
  bool background_flusher = true;
  /// Tests of the crash tests: pages for which the full-page image is left out.
  std::function<bool(const PageId&)> test_omit_image;
};

/// Where a log goes on.
struct WalPosition {
  Lsn end;       ///< the next record's place
  Lsn previous;  ///< the last record's place
  Lsn redo;      ///< pages not changed since get a full image on their first change
  uint16_t incarnation = 1;
};

inline constexpr base::WaitEvent kWaitWalSync{"IO", "WALSync"};

/// The write-ahead log. Records go into a ring in memory; a flush writes and syncs all that is
/// there, so one fdatasync serves every task that waits (group commit). Tasks that were served
/// mostly come back soon: the next flush waits for them, but only a quarter of a flush's time.
///
///      ring:      ...written | appended, not yet written | free...
///                            ^written_                   ^insert_
///      flushed_ <= written_ <= insert_ <= ready_end_ (end of the segments that exist)
///
/// Invariants
///  1. append() cannot fail: reserve() before it made sure of ring space and of segments on disk.
///  2. A full disk fails reserve() with 53100, before anything was changed; a later one succeeds.
///  3. After a failed write or sync the log is broken for good: what the disk holds is unknown.
///     reserve() and all waits for more fail from then on.
///
/// Thread safe. Lock order: writer_mutex_, then mutex_; no page latch is taken under either.
class Wal {
 public:
  static base::Result<std::unique_ptr<Wal>> open(base::Env& env, std::string dir,
                                                 WalOptions options, WalPosition at);
  ~Wal();
  Wal(const Wal&) = delete;
  Wal& operator=(const Wal&) = delete;

  /// Takes over what may change while running: all but the sizes and the flusher.
  void tune(const WalOptions& options);

  base::Status reserve(size_t bytes);
  void release(size_t bytes);
  /// Appends and returns the record's end, the new LSN of the pages. Uses up `reserved` bytes.
  Lsn append(size_t reserved, RecordKind kind, TxnId txn, ByteSpan main,
             std::span<const BlockToLog> blocks);
  size_t largest_record() const { return std::min(kMaxWalRecord, ring_.size() / 2); }
  /// Upper bound of a record's size.
  static size_t bound(ByteSpan main, std::span<const BlockToLog> blocks);

  /// Returns when everything up to `lsn` is durable. Blocks the thread.
  base::Status flush(Lsn lsn);
  /// The same, but suspends the task. Not interruptible: the record is in the log already.
  base::Status wait_flushed(base::Task& task, Lsn lsn);

  Lsn insert_lsn() const;
  Lsn last_record() const;
  Lsn flushed_lsn() const { return Lsn{flushed_.load(std::memory_order_acquire)}; }
  Lsn redo_lsn() const;
  /// From now on pages get full images again; returns the place from which recovery will start.
  Lsn begin_checkpoint();
  /// Segments wholly before `lsn` may be used again or removed.
  base::Status recycle_before(Lsn lsn);
  /// No more changes; reads go on. The first error stays.
  void break_for_good(const base::Error& cause);
  bool broken() const { return broken_.load(std::memory_order_acquire); }
  uint16_t incarnation() const { return incarnation_; }
  uint64_t syncs() const { return syncs_.load(std::memory_order_relaxed); }

 private:
  struct Waiter {
    base::Task* task;
    uint64_t lsn;
    bool done = false;
    Waiter* next = nullptr;
  };
  class Assembler;

  Wal(base::Env& env, std::string dir, WalOptions options, WalPosition at);
  bool needs_image(const BlockToLog& block) const;
  base::Status make_room(size_t bytes);
  base::Status write_out(uint64_t target, bool sync);
  base::Status write_range(uint64_t from, uint64_t to);
  base::Status sync_files(uint64_t to);
  base::Status prepare_segments(uint64_t up_to);
  base::Status prepare_segments_locked(uint64_t up_to);
  base::Status create_segment(uint64_t number);
  base::Result<base::File*> segment_file(uint64_t number);
  base::Status broken_error() const;
  void wake_waiters();
  void run_flusher();
  void gather(std::unique_lock<std::mutex>& lock, std::chrono::nanoseconds last_flush);
  bool flusher_has_work() const;

  base::Env& env_;
  const std::string dir_;
  WalOptions options_;  // what tune() changes: under writer_mutex_ and mutex_, read under either
  const uint16_t incarnation_;

  mutable std::mutex mutex_;  // guards up to the next blank line
  std::vector<std::byte> ring_;
  uint64_t insert_, written_;
  uint64_t reserved_ = 0;
  uint64_t previous_;
  uint64_t redo_;
  uint64_t ready_end_ = 0;
  uint64_t flush_wanted_ = 0;
  int waiting_ = 0;
  int wake_at_ = 1;   // so many waiters are worth waking the flusher
  int expected_ = 0;  // so many waited for the last flush or came during it
  Waiter* waiters_ = nullptr;
  std::optional<base::Error> broken_by_;
  bool stop_ = false;
  std::condition_variable work_;

  std::mutex writer_mutex_;  // one writer of files at a time; guards up to the next blank line
  std::map<uint64_t, std::unique_ptr<base::File>> files_;
  uint64_t first_unsynced_segment_ = 0;
  std::vector<uint64_t> recyclable_;
  bool fresh_log_ = false;

  std::atomic<uint64_t> flushed_;
  std::atomic<uint64_t> syncs_{0};
  std::atomic<bool> broken_{false};
  std::thread flusher_;
};

}  // namespace isolde::storage
