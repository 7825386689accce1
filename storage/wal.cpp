#include "storage/wal.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/clock.hpp"
#include "base/crc32c.hpp"
#include "base/log.hpp"

namespace isolde::storage {

using base::Error;
using base::Result;
using base::Status;

Wal::Wal(base::Env& env, std::string dir, WalOptions options, WalPosition at)
    : env_(env),
      dir_(std::move(dir)),
      options_(std::move(options)),
      incarnation_(at.incarnation),
      ring_(options_.buffer_size),
      insert_(at.end.value),
      written_(at.end.value),
      previous_(at.previous.value),
      redo_(at.redo.value),
      flushed_(at.end.value) {
  ISOLDE_CHECK(at.end.value % 8 == 0, "records begin at multiples of 8");
  first_unsynced_segment_ = at.end.value / options_.segment_size;
}

Result<std::unique_ptr<Wal>> Wal::open(base::Env& env, std::string dir, WalOptions options,
                                       WalPosition at) {
  std::unique_ptr<Wal> wal(new Wal(env, std::move(dir), std::move(options), at));
  auto names = env.list(wal->dir_);
  if (!names) return names.take_error();
  // Segments in one piece from the current one on are ready; others are spare parts.
  uint64_t next = at.end.value / wal->options_.segment_size;
  for (const std::string& name : *names) {
    if (name == segment_name(next)) ++next;
  }
  wal->ready_end_ = next * wal->options_.segment_size;
  wal->fresh_log_ = names->empty();
  if (Status s = wal->prepare_segments(at.end.value + 1); !s) return s.take_error();
  if (wal->options_.background_flusher)
    wal->flusher_ = std::thread([w = wal.get()] { w->run_flusher(); });
  return wal;
}

Wal::~Wal() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  work_.notify_all();
  if (flusher_.joinable()) flusher_.join();
}

void Wal::tune(const WalOptions& options) {
  std::lock_guard writer(writer_mutex_);
  std::lock_guard lock(mutex_);
  options_.fsync = options.fsync;
  options_.sync_method = options.sync_method;
  options_.full_page_writes = options.full_page_writes;
  options_.commit_delay_us = options.commit_delay_us;
  options_.commit_siblings = options.commit_siblings;
  options_.keep_bytes = options.keep_bytes;
}

// ---- appending

size_t Wal::bound(ByteSpan main, std::span<const BlockToLog> blocks) {
  size_t size = kWalHeaderSize + main.size() + 8;
  for (const BlockToLog& block : blocks)
    size += kWalBlockHeaderSize +
            (block.afresh ? block.changes.size() : std::max(block.changes.size(), kPageSize + 4));
  return size;
}

Status Wal::reserve(size_t bytes) {
  ISOLDE_CHECK(bytes <= ring_.size() / 2, "a log record is larger than wal_buffers allow");
  for (;;) {
    {
      std::lock_guard lock(mutex_);
      if (broken_by_) return broken_error();
      const uint64_t end = insert_ + reserved_ + bytes;
      if (end - written_ <= ring_.size() && end <= ready_end_) {
        reserved_ += bytes;
        return {};
      }
    }
    if (Status s = make_room(bytes); !s) return s;
  }
}

Status Wal::make_room(size_t bytes) {
  uint64_t end;
  bool ready, ring_has_room;
  {
    std::lock_guard lock(mutex_);
    end = insert_ + reserved_ + bytes;
    ready = end <= ready_end_;
    ring_has_room = end - written_ <= ring_.size();
  }
  if (!ready) {
    if (Status s = prepare_segments(end); !s) return s;
  }
  return ring_has_room ? Status() : write_out(0, false);
}

void Wal::release(size_t bytes) {
  std::lock_guard lock(mutex_);
  reserved_ -= bytes;
}

bool Wal::needs_image(const BlockToLog& block) const {
  if (block.afresh || !options_.full_page_writes) return false;
  if (options_.test_omit_image && options_.test_omit_image(block.id)) return false;
  return PageView(block.page).lsn().value <= redo_;
}

/// Copies a record's pieces into the ring and sums them up on the way.
class Wal::Assembler {
 public:
  Assembler(Wal& wal, uint64_t at) : wal_(wal), at_(at), crc_(wal_crc_seed(Lsn{at})) {}

  void add(ByteSpan bytes) {
    crc_ = base::crc32c(bytes, crc_);
    copy(bytes);
  }
  template <typename T>
  void add_value(T value) {
    add(std::as_bytes(std::span(&value, 1)));
  }
  void copy(ByteSpan bytes) {
    put(at_, bytes);
    at_ += bytes.size();
  }
  void put(uint64_t at, ByteSpan bytes) {
    size_t begin = at % wal_.ring_.size();
    size_t first = std::min(bytes.size(), wal_.ring_.size() - begin);
    if (first > 0) std::memcpy(wal_.ring_.data() + begin, bytes.data(), first);
    if (bytes.size() > first)
      std::memcpy(wal_.ring_.data(), bytes.data() + first, bytes.size() - first);
  }
  void add_block(const BlockToLog& block, bool image) {
    std::byte header[kWalBlockHeaderSize];
    store(header, block.id.relation.space);
    store(header + 4, block.id.relation.number);
    store(header + 8, block.id.block.value);
    store(header + 12, static_cast<uint8_t>(block.id.fork));
    store(header + 13, static_cast<uint8_t>(image ? kBlockImage : block.afresh ? kBlockAfresh : 0));
    store(header + 14, static_cast<uint16_t>(body_size(block, image)));
    add(header);
    if (!image) {
      add(block.changes);
      return;
    }
    PageView page(block.page);
    add_value(page.lower());
    add_value(static_cast<uint16_t>(hole(page)));
    add({block.page, page.lower()});
    add({block.page + page.lower() + hole(page), kPageSize - page.lower() - hole(page)});
  }
  static size_t hole(PageView page) {
    return page.special() > kPageHeaderSize ? page.free_bytes() : 0;
  }
  static size_t body_size(const BlockToLog& block, bool image) {
    return image ? 4 + kPageSize - hole(PageView(block.page)) : block.changes.size();
  }
  uint32_t crc() const { return crc_; }

 private:
  Wal& wal_;
  uint64_t at_;
  uint32_t crc_;
};

Lsn Wal::append(size_t reserved, RecordKind kind, TxnId txn, ByteSpan main,
                std::span<const BlockToLog> blocks) {
  ISOLDE_CHECK(blocks.size() <= kMaxWalBlocks, "too many pages in one log record");
  std::unique_lock lock(mutex_);
  bool images[kMaxWalBlocks] = {};
  size_t length = kWalHeaderSize + main.size();
  for (size_t i = 0; i < blocks.size(); ++i) {
    images[i] = needs_image(blocks[i]);
    length += kWalBlockHeaderSize + Assembler::body_size(blocks[i], images[i]);
  }
  ISOLDE_CHECK(aligned(length) <= reserved, "a log record outgrew its reservation");

  const uint64_t at = insert_;
  Assembler out(*this, at);
  std::byte header[kWalHeaderSize];
  store(header, static_cast<uint32_t>(length));
  store(header + 4, uint32_t{0});
  store(header + 8, previous_);
  store(header + 16, txn.value);
  store(header + 24, static_cast<uint8_t>(kind));
  store(header + 25, static_cast<uint8_t>(blocks.size()));
  store(header + 26, incarnation_);
  store(header + 28, static_cast<uint32_t>(main.size()));
  out.copy(ByteSpan(header).first(8));
  out.add(ByteSpan(header).subspan(8));
  out.add(main);
  for (size_t i = 0; i < blocks.size(); ++i) out.add_block(blocks[i], images[i]);
  const std::byte padding[8] = {};
  out.copy(ByteSpan(padding).first(aligned(length) - length));
  const uint32_t crc = out.crc();
  out.put(at + 4, std::as_bytes(std::span(&crc, 1)));

  insert_ = at + aligned(length);
  previous_ = at;
  reserved_ -= reserved;
  const Lsn end{insert_};
  const bool wake = flusher_.joinable() && insert_ - written_ > ring_.size() / 4;
  lock.unlock();
  if (wake) work_.notify_one();
  return end;
}

// ---- flushing

Status Wal::flush(Lsn lsn) {
  if (flushed_lsn() >= lsn) return {};
  return write_out(lsn.value, true);
}

Status Wal::wait_flushed(base::Task& task, Lsn lsn) {
  if (flushed_lsn() >= lsn) return {};
  if (!options_.background_flusher) return flush(lsn);
  base::Task::InterruptHold hold(task);
  Waiter me{&task, lsn.value};
  std::unique_lock lock(mutex_);
  if (broken_by_) return broken_error();
  if (flushed_.load(std::memory_order_relaxed) >= lsn.value) return {};
  me.next = waiters_;
  waiters_ = &me;
  ++waiting_;
  flush_wanted_ = std::max(flush_wanted_, lsn.value);
  if (waiting_ >= wake_at_) work_.notify_one();
  while (!me.done) {
    lock.unlock();
    task.wait(kWaitWalSync);
    lock.lock();
  }
  return flushed_.load(std::memory_order_relaxed) >= lsn.value ? Status() : broken_error();
}

void Wal::wake_waiters() {
  const uint64_t durable = flushed_.load(std::memory_order_relaxed);
  expected_ = waiting_;  // those who go, and those who came during the flush
  for (Waiter** at = &waiters_; *at != nullptr;) {
    Waiter* waiter = *at;
    if (waiter->lsn > durable && !broken_by_) {
      at = &waiter->next;
      continue;
    }
    *at = waiter->next;
    --waiting_;
    waiter->done = true;
    waiter->task->signal();
  }
}

Status Wal::write_out(uint64_t target, bool sync) {
  std::lock_guard writer(writer_mutex_);
  if (sync && flushed_.load(std::memory_order_acquire) >= target) return {};
  uint64_t from, to;
  {
    std::lock_guard lock(mutex_);
    if (broken_by_) return broken_error();
    from = written_;
    to = insert_;
  }
  Status status = write_range(from, to);
  if (status) {
    std::lock_guard lock(mutex_);
    written_ = to;
  }
  if (status && sync) status = sync_files(to);
  if (!status) {
    break_for_good(status.error());
    std::lock_guard lock(mutex_);
    return broken_error();
  }
  if (!sync) return {};
  std::lock_guard lock(mutex_);
  flushed_.store(to, std::memory_order_release);
  wake_waiters();
  return {};
}

Status Wal::write_range(uint64_t from, uint64_t to) {
  while (from < to) {
    const uint64_t in_segment = from % options_.segment_size;
    const uint64_t in_ring = from % ring_.size();
    uint64_t n = std::min({to - from, options_.segment_size - in_segment, ring_.size() - in_ring});
    auto file = segment_file(from / options_.segment_size);
    if (!file) return file.take_error();
    if (Status s = (*file)->write_at(in_segment, {ring_.data() + in_ring, n}); !s) return s;
    from += n;
  }
  return {};
}

Status Wal::sync_files(uint64_t to) {
  const uint64_t last = to / options_.segment_size;
  for (auto& [number, file] : files_) {
    if (number < first_unsynced_segment_ || number > last || !options_.fsync) continue;
    if (Status s = file->sync(options_.sync_method); !s) return s;
    syncs_.fetch_add(1, std::memory_order_relaxed);
  }
  first_unsynced_segment_ = last;
  while (!files_.empty() && files_.begin()->first < last) files_.erase(files_.begin());
  return {};
}

void Wal::break_for_good(const Error& cause) {
  std::lock_guard lock(mutex_);
  if (broken_by_) return;
  broken_by_ = cause;
  broken_.store(true, std::memory_order_release);
  base::log(base::Severity::kPanic,
            "the write-ahead log failed, changes are refused from now on: {}", cause.message());
  wake_waiters();
}

Status Wal::broken_error() const {
  return Error(broken_by_->state(),
               "the write-ahead log failed; the server no longer takes changes")
      .detail(broken_by_->message())
      .hint("Reading still works. Restart the server when the disk is sound again.");
}

bool Wal::flusher_has_work() const {
  return stop_ || (!broken_by_ && (flush_wanted_ > flushed_.load(std::memory_order_relaxed) ||
                                   insert_ - written_ > ring_.size() / 4));
}

void Wal::run_flusher() {
  using namespace std::chrono_literals;
  std::unique_lock lock(mutex_);
  std::chrono::nanoseconds last_flush{};
  while (!stop_) {
    // Without work, every 200 ms: for commits that did not wait (synchronous_commit = off).
    work_.wait_for(lock, 200ms, [this] { return flusher_has_work(); });
    if (stop_ || broken_by_) continue;
    if (options_.commit_delay_us > 0 && waiting_ > options_.commit_siblings)
      work_.wait_for(lock, std::chrono::microseconds(options_.commit_delay_us),
                     [this] { return stop_; });
    gather(lock, last_flush);
    const uint64_t target = insert_;
    const bool segment_ahead = ready_end_ - insert_ < options_.segment_size / 2;
    lock.unlock();
    const auto began = base::steady_now();
    if (target > flushed_.load(std::memory_order_relaxed))
      static_cast<void>(write_out(target, true));  // a failure is kept in broken_by_
    last_flush = base::steady_now() - began;
    if (segment_ahead) static_cast<void>(prepare_segments(target + options_.segment_size));
    lock.lock();
  }
}

/// One task alone never waits here.
void Wal::gather(std::unique_lock<std::mutex>& lock, std::chrono::nanoseconds last_flush) {
  constexpr auto kLongest = std::chrono::milliseconds(1);
  if (expected_ < 2 || waiting_ >= expected_) return;
  wake_at_ = expected_;
  work_.wait_for(lock, std::min<std::chrono::nanoseconds>(last_flush / 4, kLongest),
                 [this] { return stop_ || waiting_ >= wake_at_; });
  wake_at_ = 1;
}

// ---- segments

Result<base::File*> Wal::segment_file(uint64_t number) {
  auto& file = files_[number];
  if (file == nullptr) {
    auto opened =
        env_.open(base::join_path(dir_, segment_name(number)), base::OpenMode::kReadWrite);
    if (!opened) return opened.take_error();
    file = std::move(*opened);
  }
  return file.get();
}

Status Wal::prepare_segments(uint64_t up_to) {
  std::lock_guard writer(writer_mutex_);
  return prepare_segments_locked(up_to);
}

Status Wal::prepare_segments_locked(uint64_t up_to) {
  for (;;) {
    uint64_t ready;
    {
      std::lock_guard lock(mutex_);
      ready = ready_end_;
    }
    if (ready >= up_to) return {};
    if (Status s = create_segment(ready / options_.segment_size); !s) return s;
    std::lock_guard lock(mutex_);
    ready_end_ += options_.segment_size;
  }
}

/// A segment's space is on disk before anything relies on it, so later writes cannot run out.
Status Wal::create_segment(uint64_t number) {
  const std::string path = base::join_path(dir_, segment_name(number));
  if (!recyclable_.empty()) {
    const std::string old = base::join_path(dir_, segment_name(recyclable_.front()));
    if (Status s = env_.rename(old, path); !s) return s;
    recyclable_.erase(recyclable_.begin());
    return env_.sync_dir(dir_);
  }
  const std::string draft = base::join_path(dir_, "new_segment");
  auto file = env_.open(draft, base::OpenMode::kCreate);
  if (!file) return file.take_error();
  Status status = (*file)->truncate(0);
  if (status) status = (*file)->allocate(0, options_.segment_size);
  // Zeros written now spare every later fdatasync the marking of blocks as in use. Not for the
  // very first segment: an empty server starts in milliseconds.
  std::vector<std::byte> zeros(fresh_log_ ? 0 : std::min<uint64_t>(options_.segment_size, 1 << 18));
  for (uint64_t at = 0; status && !zeros.empty() && at < options_.segment_size; at += zeros.size())
    status = (*file)->write_at(at, zeros);
  if (status && options_.fsync) status = (*file)->sync(base::SyncMethod::kFsync);
  if (!status) {
    static_cast<void>(env_.remove(draft));
    return status;
  }
  fresh_log_ = false;
  if (Status s = env_.rename(draft, path); !s) return s;
  return env_.sync_dir(dir_);
}

Status Wal::recycle_before(Lsn lsn) {
  std::lock_guard writer(writer_mutex_);
  auto names = env_.list(dir_);
  if (!names) return names.take_error();
  const std::string keep_from = segment_name(lsn.value / options_.segment_size);
  for (const std::string& name : *names) {
    if (name.size() != keep_from.size() || name >= keep_from) continue;
    uint64_t number = std::strtoull(name.c_str(), nullptr, 16);
    if (std::find(recyclable_.begin(), recyclable_.end(), number) != recyclable_.end()) continue;
    if ((recyclable_.size() + 1) * options_.segment_size <= options_.keep_bytes) {
      recyclable_.push_back(number);
    } else if (Status s = env_.remove(base::join_path(dir_, name)); !s) {
      return s;
    }
  }
  return {};
}

// ---- positions

Lsn Wal::insert_lsn() const {
  std::lock_guard lock(mutex_);
  return Lsn{insert_};
}
Lsn Wal::last_record() const {
  std::lock_guard lock(mutex_);
  return Lsn{previous_};
}
Lsn Wal::redo_lsn() const {
  std::lock_guard lock(mutex_);
  return Lsn{redo_};
}
Lsn Wal::begin_checkpoint() {
  std::lock_guard lock(mutex_);
  redo_ = insert_;
  return Lsn{redo_};
}

}  // namespace isolde::storage
