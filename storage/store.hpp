#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "storage/control_file.hpp"
#include "storage/index_pages.hpp"
#include "storage/txn_table.hpp"

namespace isolde::storage {

struct StoreOptions {
  size_t shared_buffers = size_t{128} << 20;
  WalOptions wal;
  uint64_t max_wal_size = uint64_t{1} << 30;
  int checkpoint_timeout_s = 300;
  /// A thread that writes dirty pages back and takes checkpoints.
  bool background_writer = true;
  bool take_lock = true;  ///< false: who opens the directory has locked it already
  std::string lock_text;  ///< what the lock file says, for people: the process id
};

/// A data directory, open: files, pages, log and transactions. Everything else in this folder
/// (heaps, indexes) works on top of these four.
///
///   auto store = Store::open(env, "/var/lib/isolde", options);   // creates or recovers
///   auto txn = store->txns().begin();
///   ... Heap, Btree ...
///   store->txns().commit(task, *txn, {});
class Store {
 public:
  static base::Result<std::unique_ptr<Store>> open(base::Env& env, const std::string& data_dir,
                                                   StoreOptions options);
  /// Stops at once, as a crash would, if close() was not called.
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  FileStore& files() { return *files_; }
  BufferPool& pool() { return *pool_; }
  Wal& wal() { return *wal_; }
  TxnTable& txns() { return *txns_; }
  /// Shared by all who insert into this relation.
  std::shared_ptr<FreeSpace> free_space(RelationId relation);
  FreeBlocks& free_overflow(RelationId relation);
  std::shared_ptr<IndexPages> index_pages(RelationId relation);
  /// Cuts a fork's end off, for good. Nobody uses those pages any more.
  base::Status truncate(RelationId relation, Fork fork, BlockNumber blocks);

  /// Takes over what may change while running: all but the sizes of memory and the threads.
  void tune(const StoreOptions& options);

  /// Everything up to now is on disk in its pages when this returns; the log before may go.
  /// Blocks the thread; sessions ask request_checkpoint() instead.
  base::Status checkpoint();
  /// A last checkpoint; nothing may be going on.
  base::Status close();
  /// How the last start went: 0 when it was after a clean stop or in a new directory.
  uint64_t replayed_records() const { return replayed_records_; }

 private:
  Store(base::Env& env, std::string data_dir, StoreOptions options);
  base::Status prepare_directory();
  base::Status create_new();
  base::Status start_existing();
  base::Status remove_leftovers();
  base::Status sync_leftovers();
  base::Status open_log(const WalPosition& at, const CheckpointData& state);
  base::Status checkpoint_locked(bool clean);
  void run_background();
  void stop_background();
  bool checkpoint_is_due(base::SteadyTime last) const;

  base::Env& env_;
  const std::string data_dir_;
  const std::string wal_dir_;
  const StoreOptions options_;  // as opened; what tune() changes is below and in the log
  std::atomic<uint64_t> max_wal_size_;
  std::atomic<int> checkpoint_timeout_s_;
  std::atomic<bool> fsync_;
  std::unique_ptr<base::FileLock> lock_;
  ControlFile control_;
  std::unique_ptr<FileStore> files_;
  std::unique_ptr<BufferPool> pool_;
  std::unique_ptr<Wal> wal_;
  std::unique_ptr<TxnTable> txns_;
  uint64_t replayed_records_ = 0;
  std::mutex free_spaces_mutex_;
  std::unordered_map<RelationId, std::shared_ptr<FreeSpace>> free_spaces_;
  std::unordered_map<RelationId, std::unique_ptr<FreeBlocks>> free_overflows_;
  std::unordered_map<RelationId, std::shared_ptr<IndexPages>> index_pages_;

  std::mutex checkpoint_mutex_;
  std::mutex background_mutex_;
  std::condition_variable background_wake_;
  bool stop_ = false;
  std::thread background_;
};

}  // namespace isolde::storage
