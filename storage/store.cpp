#include "storage/store.hpp"

#include <algorithm>
#include <chrono>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "storage/recovery.hpp"

namespace isolde::storage {

using base::Error;
using base::Result;
using base::Status;

namespace {
constexpr const char* kLockFile = "isolde.lock";
}  // namespace

Store::Store(base::Env& env, std::string data_dir, StoreOptions options)
    : env_(env),
      data_dir_(std::move(data_dir)),
      wal_dir_(base::join_path(data_dir_, "wal")),
      options_(std::move(options)),
      max_wal_size_(options_.max_wal_size),
      checkpoint_timeout_s_(options_.checkpoint_timeout_s),
      fsync_(options_.wal.fsync) {}

Store::~Store() {
  stop_background();
}

Result<std::unique_ptr<Store>> Store::open(base::Env& env, const std::string& data_dir,
                                           StoreOptions options) {
  std::unique_ptr<Store> store(new Store(env, data_dir, std::move(options)));
  if (Status s = store->prepare_directory(); !s) return s.take_error();
  store->files_ = std::make_unique<FileStore>(env, data_dir);
  store->pool_ = std::make_unique<BufferPool>(*store->files_, store->options_.shared_buffers);
  auto existing = env.exists(base::join_path(data_dir, "control"));
  if (!existing) return existing.take_error();
  Status started = *existing ? store->start_existing() : store->create_new();
  if (!started) return started.take_error();
  if (store->options_.background_writer)
    store->background_ = std::thread([s = store.get()] { s->run_background(); });
  return store;
}

Status Store::prepare_directory() {
  auto there = env_.exists(data_dir_);
  if (!there) return there.take_error();
  if (!*there) {
    if (Status s = env_.create_dir(data_dir_); !s) return s;
  }
  if (Status s = check_layout(env_, data_dir_); !s) return s;
  if (!options_.take_lock) return {};
  auto lock = env_.lock_file(base::join_path(data_dir_, kLockFile), options_.lock_text);
  if (!lock) return lock.take_error();
  lock_ = std::move(*lock);
  return {};
}

/// What a creation that did not finish has left: without a control file nothing was ever stored.
Status Store::remove_leftovers() {
  auto names = env_.list(wal_dir_);
  if (!names) return names.take_error();
  for (const std::string& name : *names) {
    if (Status s = env_.remove(base::join_path(wal_dir_, name)); !s) return s;
  }
  auto relations = files_->relations();
  if (!relations) return relations.take_error();
  for (RelationId relation : *relations) {
    if (Status s = files_->remove(relation); !s) return s;
  }
  return {};
}

Status Store::create_new() {
  if (Status s = env_.create_dir(wal_dir_); !s) return s;
  if (Status s = remove_leftovers(); !s) return s;
  if (Status s = env_.sync_dir(data_dir_); !s) return s;
  control_.system_id = static_cast<uint64_t>(base::wall_now().micros);
  control_.segment_size = options_.wal.segment_size;
  control_.incarnation = 1;
  // The log begins in segment 1: LSN 0 is "never changed".
  WalPosition at{Lsn{control_.segment_size}, Lsn{}, Lsn{}, 1};
  if (Status s = open_log(at, CheckpointData{}); !s) return s;
  return checkpoint_locked(false);
}

Status Store::start_existing() {
  auto control = read_control_file(env_, data_dir_);
  if (!control) return control.take_error();
  control_ = *control;
  if (!control_.clean)
    base::log(base::Severity::kLog,
              "database system was interrupted; replaying the write-ahead log");
  if (!control_.clean) {
    if (Status s = sync_leftovers(); !s) return s;
  }
  auto began = base::steady_now();
  auto found = recover(env_, wal_dir_, control_, *pool_);
  if (!found) return found.take_error();
  if (!control_.clean) {
    replayed_records_ = found->records;
    std::chrono::duration<double> took = base::steady_now() - began;
    base::log(base::Severity::kLog, "redo done at {}: {} records, {} bytes in {:.2f} s",
              lsn_text(found->position.end), found->records, found->bytes, took.count());
  }
  // On disk before the first record that carries it: see wal_record.hpp.
  found->position.incarnation = ++control_.incarnation;
  control_.clean = false;
  if (Status s = write_control_file(env_, data_dir_, control_); !s) return s;
  found->position.redo = found->position.end;
  if (Status s = open_log(found->position, found->state); !s) return s;
  return checkpoint_locked(false);
}

/// A process that was killed may have left the log's end and pages in the system's cache. Recovery
/// builds upon them as if they were on disk, so first they come there: the log before the pages.
Status Store::sync_leftovers() {
  if (!fsync_.load()) return {};
  auto names = env_.list(wal_dir_);
  if (!names) return names.take_error();
  for (const std::string& name : *names) {
    auto file = env_.open(base::join_path(wal_dir_, name), base::OpenMode::kReadWrite);
    if (!file) return file.take_error();
    if (Status s = (*file)->sync(); !s) return s;
  }
  if (Status s = env_.sync_dir(wal_dir_); !s) return s;
  return files_->sync_what_is_there();
}

Status Store::open_log(const WalPosition& at, const CheckpointData& state) {
  WalOptions options = options_.wal;
  options.segment_size = control_.segment_size;
  options.keep_bytes = options_.max_wal_size;
  auto wal = Wal::open(env_, wal_dir_, std::move(options), at);
  if (!wal) return wal.take_error();
  wal_ = std::move(*wal);
  pool_->attach_wal(wal_.get());
  txns_ = std::make_unique<TxnTable>(*pool_, *wal_, state);
  return {};
}

std::shared_ptr<FreeSpace> Store::free_space(RelationId relation) {
  std::lock_guard lock(free_spaces_mutex_);
  auto& space = free_spaces_[relation];
  if (space == nullptr) space = std::make_shared<FreeSpace>(*pool_, relation);
  return space;
}

FreeBlocks& Store::free_overflow(RelationId relation) {
  std::lock_guard lock(free_spaces_mutex_);
  auto& blocks = free_overflows_[relation];
  if (blocks == nullptr) blocks = std::make_unique<FreeBlocks>();
  return *blocks;
}

std::shared_ptr<IndexPages> Store::index_pages(RelationId relation) {
  std::lock_guard lock(free_spaces_mutex_);
  auto& pages = index_pages_[relation];
  if (pages == nullptr) pages = std::make_shared<IndexPages>(*pool_, relation);
  return pages;
}

Status Store::truncate(RelationId relation, Fork fork, BlockNumber blocks) {
  // No checkpoint may begin between the record and the deed.
  std::lock_guard lock(checkpoint_mutex_);
  Bytes main;
  append(main, relation.space);
  append(main, relation.number);
  append(main, static_cast<uint8_t>(fork));
  append(main, blocks.value);
  const size_t bound = Wal::bound(main, {});
  if (Status s = wal_->reserve(bound); !s) return s;
  const Lsn end = wal_->append(bound, RecordKind::kTruncate, TxnId{}, main, {});
  // On disk first: pages that are gone cannot take the changes that the log has for them.
  if (Status s = wal_->flush(end); !s) return s;
  pool_->discard(relation, fork, blocks);
  return files_->truncate(relation, fork, blocks);
}

void Store::tune(const StoreOptions& options) {
  max_wal_size_.store(options.max_wal_size);
  checkpoint_timeout_s_.store(options.checkpoint_timeout_s);
  fsync_.store(options.wal.fsync);
  WalOptions wal = options.wal;
  wal.keep_bytes = options.max_wal_size;
  wal_->tune(wal);
}

Status Store::checkpoint() {
  std::lock_guard lock(checkpoint_mutex_);
  return checkpoint_locked(false);
}

Status Store::checkpoint_locked(bool clean) {
  auto begun = txns_->begin_checkpoint();
  if (!begun) return begun.take_error();
  const CheckpointData& data = *begun;
  auto written = pool_->write_back();
  if (!written) return written.take_error();
  if (Status s = files_->sync_all(fsync_.load()); !s) {
    // The kernel may have dropped the pages that it could not write: they are lost in memory too
    // unless the log is replayed.
    wal_->break_for_good(s.error());
    return s;
  }
  const Bytes main = data.encode();
  const size_t bound = Wal::bound(main, {});
  if (Status s = wal_->reserve(bound); !s) return s;
  const Lsn end = wal_->append(bound, RecordKind::kCheckpoint, TxnId{}, main, {});
  const Lsn place{end.value - aligned(kWalHeaderSize + main.size())};
  if (Status s = wal_->flush(end); !s) return s;
  control_.checkpoint = place;
  control_.clean = clean;
  if (Status s = write_control_file(env_, data_dir_, control_); !s) return s;
  return wal_->recycle_before(data.redo);
}

Status Store::close() {
  stop_background();
  std::lock_guard lock(checkpoint_mutex_);
  return checkpoint_locked(true);
}

// ---- background work

void Store::stop_background() {
  {
    std::lock_guard lock(background_mutex_);
    stop_ = true;
  }
  background_wake_.notify_all();
  if (background_.joinable()) background_.join();
}

bool Store::checkpoint_is_due(base::SteadyTime last) const {
  const uint64_t since = wal_->insert_lsn().value - wal_->redo_lsn().value;
  // Half of max_wal_size: the log from before the last checkpoint is still there meanwhile.
  if (since > max_wal_size_.load() / 2) return true;
  const bool timeout =
      base::steady_now() - last > std::chrono::seconds(checkpoint_timeout_s_.load());
  return timeout && since > 1024;
}

void Store::run_background() {
  using namespace std::chrono_literals;
  auto last = base::steady_now();
  for (;;) {
    {
      std::unique_lock lock(background_mutex_);
      if (background_wake_.wait_for(lock, 200ms, [this] { return stop_; })) return;
    }
    if (wal_->broken()) continue;
    if (checkpoint_is_due(last)) {
      if (Status s = checkpoint(); !s)
        base::log(base::Severity::kError, "checkpoint failed: {}", s.error().message());
      last = base::steady_now();
    } else if (auto written = pool_->write_back(100); !written) {
      base::log(base::Severity::kError, "background writer: {}", written.error().message());
    }
  }
}

}  // namespace isolde::storage
