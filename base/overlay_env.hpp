#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "base/env.hpp"

namespace isolde::base {

/// Another Env's files with changes laid over them in memory: readers of this Env see the changes,
/// the files below stay as they are. To try out on real data what must not touch it.
///
/// Files are copied in chunks as they are written to. Locks are taken below. Thread safe.
class OverlayEnv final : public Env {
 public:
  explicit OverlayEnv(Env& below) : below_(below) {}

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

 private:
  struct Content;
  class OverlayFile;

  Result<std::shared_ptr<Content>> find(const std::string& path);

  Env& below_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Content>> files_;  // null: removed
  std::set<std::string> dirs_;                             // created
};

}  // namespace isolde::base
