#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/env.hpp"

namespace isolde::base {

/// A file system in memory that can lose what was not synced: the whole Env of crash tests.
///
///   FaultEnv env;
///   env.crash_at(17);                        // the 17th change from now fails, and all after it
///   ... run the program until it gives up ...
///   env.restart(AfterCrash::kTearLast, seed) // drops what was not durable
///   ... open the files again, look at what is left ...
///
/// It keeps env.hpp's rules to the letter: a file's new bytes are durable after its sync, a new,
/// removed or renamed name after the sync of its directory, nothing else. After a failed sync the
/// bytes that it should have saved are lost at the next crash, even if a later sync succeeds, as on
/// Linux. Thread safe.
class FaultEnv final : public Env {
 public:
  enum class Op : uint8_t {
    kCreate,
    kWrite,
    kSync,
    kTruncate,
    kAllocate,
    kRemove,
    kRename,
    kSyncDir,
    kCreateDir
  };

  /// What happens to unsynced changes when the machine stops.
  enum class AfterCrash : uint8_t {
    kDropUnsynced,  ///< all are lost
    kKeepAll,       ///< all happened to reach the disk
    kTearLast,      ///< all but the last write, of which some sectors arrived
    kRandomSubset,  ///< any subset of writes, each perhaps torn; a prefix of the name changes
    kKillProcess,   ///< none: the process alone has gone, and nothing more is durable than before
  };

  static constexpr size_t kSector = 512;

  FaultEnv();
  ~FaultEnv() override;

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Status remove(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;
  Result<std::vector<std::string>> list(const std::string& dir) override;
  Status create_dir(const std::string& path) override;
  Status remove_dir(const std::string& path) override;
  Status sync_dir(const std::string& path) override;
  Result<bool> exists(const std::string& path) override;
  Result<std::unique_ptr<FileLock>> lock_file(const std::string& path,
                                              std::string_view content) override;

  /// Changes (every Op) since the beginning, and those of one kind.
  uint64_t changes() const;
  uint64_t count(Op op) const;

  /// The n-th change from now (1 is the next) and everything after it fails. 0 disarms.
  void crash_at(uint64_t n);
  /// Everything fails from now on.
  void crash_now();
  bool crashed() const;
  /// Decides what survived, and works again. Files opened before stay dead; locks are gone.
  void restart(AfterCrash what, uint64_t seed);

  /// The n-th sync from now fails (1 is the next); 0 disarms.
  void fail_sync(uint64_t n);
  /// Every sync of a file whose path satisfies this reports success and does nothing: a planted
  /// bug, for tests of the tests. Empty: none.
  void skip_syncs_of(std::function<bool(const std::string&)> whose);
  /// The n-th write from now writes half of its bytes and fails.
  void short_write(uint64_t n);
  /// Writes that would make all files together larger than this fail with "No space left on
  /// device". UINT64_MAX: no limit.
  void set_capacity(uint64_t bytes);
  uint64_t used() const;
  /// Any change fails with "Read-only file system".
  void set_read_only(bool read_only);
  /// Flips bits of a stored byte, durable content included.
  void corrupt(const std::string& path, uint64_t offset, uint8_t mask);

 private:
  struct Inode;
  class MemoryFile;
  class MemoryLock;
  /// One change of names: each path now means this inode (null: nothing).
  struct NameChange {
    std::string dir;
    std::vector<std::pair<std::string, std::shared_ptr<Inode>>> entries;
  };
  using Names = std::map<std::string, std::shared_ptr<Inode>>;

  Status change(Op op, const std::string& what);
  Status write(Inode& inode, const std::string& path, uint64_t offset,
               std::span<const std::byte> from);
  Status sync(Inode& inode, const std::string& path);
  Status resize(Inode& inode, const std::string& path, uint64_t size, Op op);
  Status make_room(const Inode& inode, uint64_t new_size, const std::string& what);
  Status change_names(Op op, const std::string& what, NameChange change);
  static void apply(Names& names, const NameChange& change);

  mutable std::mutex mutex_;
  Names names_, durable_names_;
  std::vector<NameChange> pending_names_;
  std::set<std::string> dirs_;  // directories are durable at once: no test depends on more
  std::set<std::string> locks_;
  uint64_t epoch_ = 0;  // of open files
  uint64_t write_order_ = 0;
  uint64_t changes_ = 0;
  uint64_t counts_[9] = {};
  uint64_t crash_in_ = 0, fail_sync_in_ = 0, short_write_in_ = 0;
  bool crashed_ = false;
  bool read_only_ = false;
  uint64_t capacity_ = UINT64_MAX;
  uint64_t used_ = 0;
  std::function<bool(const std::string&)> skip_sync_;
};

}  // namespace isolde::base
