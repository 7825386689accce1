#include "server/data_directory.hpp"

#include <unistd.h>

#include <cstddef>
#include <span>
#include <string_view>

#include "server/sample_files.hpp"
#include "storage/control_file.hpp"

namespace isolde::server {

namespace {

base::Status write_new_file(base::Env& env, const std::string& path, std::string_view content) {
  auto file = env.open(path, base::OpenMode::kCreateNew);
  if (!file) return file.take_error();
  base::Status written = (*file)->write_at(0, std::as_bytes(std::span(content)));
  return written ? (*file)->sync() : std::move(written);
}

base::Status make_if_missing(base::Env& env, const std::string& path, std::string_view content) {
  auto exists = env.exists(path);
  if (!exists) return exists.take_error();
  return *exists ? base::Status() : write_new_file(env, path, content);
}

/// Adds who holds the lock: its file says so.
base::Error name_the_holder(base::Env& env, const std::string& path, base::Error error) {
  auto holder = base::read_file(env, path + "/isolde.lock");
  if (error.state() != base::sqlstate::kLockFileExists || !holder) return error;
  std::string pid = holder->substr(0, holder->find('\n'));
  return std::move(error).hint("Is another server (PID " + pid + ") running in data directory \"" +
                               path + "\"?");
}

}  // namespace

base::Result<DataDirectory> DataDirectory::open(base::Env& env, const std::string& path) {
  auto exists = env.exists(path);
  if (!exists) return exists.take_error();
  if (!*exists) {
    base::Status made = env.create_dir(path);
    if (!made) return made.take_error();
  }
  base::Status fits = storage::check_layout(env, path);
  if (!fits) return fits.take_error();
  auto lock = env.lock_file(path + "/isolde.lock", std::to_string(getpid()) + "\n");
  if (!lock) return name_the_holder(env, path, lock.take_error());
  DataDirectory directory(path, std::move(*lock));
  base::Status config = make_if_missing(env, directory.config_file(), sample_config());
  if (!config) return config.take_error();
  base::Status hba = make_if_missing(env, directory.hba_file(), sample_hba());
  if (!hba) return hba.take_error();
  base::Status synced = env.sync_dir(path);
  if (!synced) return synced.take_error();
  return directory;
}

}  // namespace isolde::server
