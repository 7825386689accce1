#include "base/env.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

namespace isolde::base {

namespace {

SqlState state_of(int error_number) {
  switch (error_number) {
    case EPERM:
    case EACCES:
    case EROFS:
      return sqlstate::kInsufficientPrivilege;
    case ENOENT:
      return sqlstate::kUndefinedFile;
    case EEXIST:
      return sqlstate::kDuplicateFile;
    case ENOSPC:
    case EDQUOT:
      return sqlstate::kDiskFull;
    case ENFILE:
    case EMFILE:
      return sqlstate::kInsufficientResources;
    case ENOMEM:
      return sqlstate::kOutOfMemory;
    case EIO:
      return sqlstate::kIoError;
    default:  // errno is an open set: everything else is an I/O error to a client
      return sqlstate::kIoError;
  }
}

}  // namespace

Error file_error(std::string_view what, int error_number) {
  std::string message = "could not ";
  message += what;
  message += ": ";
  message += std::generic_category().message(error_number);
  return {state_of(error_number), std::move(message)};
}

std::string join_path(std::string_view dir, std::string_view name) {
  std::string path(dir);
  if (!path.empty() && path.back() != '/') path += '/';
  path += name;
  return path;
}

std::string parent_path(std::string_view path) {
  size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

Result<std::string> read_file(Env& env, const std::string& path) {
  auto file = env.open(path, OpenMode::kRead);
  if (!file) return file.take_error();
  auto size = (*file)->size();
  if (!size) return size.take_error();
  std::string content(*size, '\0');
  auto got = (*file)->read_at(0, std::as_writable_bytes(std::span(content)));
  if (!got) return got.take_error();
  content.resize(*got);
  return content;
}

Status write_file_atomically(Env& env, const std::string& path, std::string_view content) {
  const std::string draft = path + ".new";
  {
    auto file = env.open(draft, OpenMode::kCreate);
    if (!file) return file.take_error();
    if (Status s = (*file)->truncate(0); !s) return s;
    if (Status s = (*file)->write_at(0, std::as_bytes(std::span(content))); !s) return s;
    if (Status s = (*file)->sync(SyncMethod::kFsync); !s) return s;
  }
  if (Status s = env.rename(draft, path); !s) return s;
  return env.sync_dir(parent_path(path));
}

}  // namespace isolde::base
