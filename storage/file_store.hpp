#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>

#include "base/env.hpp"
#include "storage/bytes.hpp"
#include "storage/ids.hpp"
#include "storage/page.hpp"

namespace isolde::storage {

/// The relations' files: one a fork, "base/<space>/<number>[_fsm|_vm|_ovf]". Opens them as they are
/// needed, knows how many pages each has, and what still has to be synced. Thread safe.
///
/// A file may be longer than its pages in use: space is taken in runs, ahead of need. What a crash
/// leaves behind the last page are zero pages, which are valid and empty.
class FileStore {
 public:
  FileStore(base::Env& env, std::string data_dir);
  ~FileStore();

  /// The main fork, empty. Durable after the next sync_all(), or by replaying the log.
  base::Status create(RelationId relation);
  /// Removes all forks. Fine when there are none.
  base::Status remove(RelationId relation);
  base::Result<bool> exists(RelationId relation, Fork fork = Fork::kMain);

  base::Result<BlockNumber> block_count(RelationId relation, Fork fork);
  /// Makes room for one more page and returns its number. Creates other forks than the main one.
  base::Result<BlockNumber> extend(RelationId relation, Fork fork);
  /// For redo: the file has at least this many pages.
  base::Status extend_to(RelationId relation, Fork fork, BlockNumber blocks);
  base::Status truncate(RelationId relation, Fork fork, BlockNumber blocks);

  base::Status read(const PageId& id, std::span<std::byte> page);
  base::Status write(const PageId& id, ByteSpan page);
  /// Everything written, created and removed until now is durable when this succeeds.
  base::Status sync_all(bool fsync);
  /// What another process wrote before it was killed may be in the system's cache alone: now it is
  /// on disk.
  base::Status sync_what_is_there();
  /// All relations that have files.
  base::Result<std::set<RelationId>> relations();

  base::Env& env() { return env_; }
  const std::string& data_dir() const { return data_dir_; }
  std::string full_path(RelationId relation, Fork fork) const;

 private:
  struct Key {
    RelationId relation;
    Fork fork;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    size_t operator()(const Key& key) const {
      return std::hash<RelationId>{}(key.relation) * 4 + static_cast<size_t>(key.fork);
    }
  };
  struct OpenFile {
    std::unique_ptr<base::File> file;
    std::mutex growing;
    std::atomic<uint32_t> blocks{0};
    uint32_t reserved = 0;  // pages that the file has space for; guarded by `growing`
    std::atomic<bool> unsynced{false};
  };

  base::Result<std::shared_ptr<OpenFile>> open(RelationId relation, Fork fork, bool create);
  base::Status make_space_dir(uint32_t space);
  void note_dir(uint32_t space);

  base::Env& env_;
  const std::string data_dir_;
  std::mutex mutex_;
  std::unordered_map<Key, std::shared_ptr<OpenFile>, KeyHash> files_;
  std::set<std::string> unsynced_dirs_;
};

}  // namespace isolde::storage
