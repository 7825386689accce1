#pragma once

#include <memory>
#include <string>

#include "base/env.hpp"
#include "base/result.hpp"

namespace isolde::server {

/// The directory that a server keeps everything in. Made, with configuration files to edit, when
/// there is none; locked while the server runs. What storage keeps in it is storage's affair.
class DataDirectory {
 public:
  /// The error says in one line why the directory cannot be used.
  static base::Result<DataDirectory> open(base::Env& env, const std::string& path);

  const std::string& path() const { return path_; }
  std::string config_file() const { return path_ + "/isolde.conf"; }
  std::string hba_file() const { return path_ + "/hba.conf"; }

 private:
  DataDirectory(std::string path, std::unique_ptr<base::FileLock> lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  std::unique_ptr<base::FileLock> lock_;
};

}  // namespace isolde::server
