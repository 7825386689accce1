#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

// All access to files goes through an Env, so that a test can put one in place that loses what was
// not synced, fails an fsync or fills up (base/fault_env.hpp).
//
// What survives a crash of the machine, and what storage may therefore rely on:
//  1. bytes of a file: those written before a sync() of that file that succeeded;
//  2. names (create, remove, rename): those changed before a sync_dir() of their directory that
//     succeeded. Until then a name may be the old or the new one, in order of the changes;
//  3. anything else may be there, in part or not at all; a write may stop at any 512 byte border;
//  4. after a sync() that failed nothing is known about what was written since the last good one.
//
// Failures carry PostgreSQL's words and SQLSTATEs: 53100 when the disk is full, 58P01 for a missing
// file, 42501 where permission lacks, 58030 for the rest.

namespace isolde::base {

enum class OpenMode : uint8_t {
  kRead,       ///< must exist
  kReadWrite,  ///< must exist
  kCreate,     ///< read and write; created when missing
  kCreateNew,  ///< read and write; must not exist
};

enum class SyncMethod : uint8_t { kFdatasync, kFsync };

/// An open file. Any number of threads may read and write at once; overlapping writes at the same
/// time leave one or the other.
class File {
 public:
  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  virtual ~File() = default;

  /// Fills `into` from `offset`; returns the bytes read, fewer only at the end of the file.
  virtual Result<size_t> read_at(uint64_t offset, std::span<std::byte> into) = 0;
  /// Writes all of `from` or fails; after a failure a part may have been written.
  virtual Status write_at(uint64_t offset, std::span<const std::byte> from) = 0;
  /// Makes the content (and the size) durable.
  virtual Status sync(SyncMethod method = SyncMethod::kFdatasync) = 0;
  virtual Status truncate(uint64_t size) = 0;
  virtual Result<uint64_t> size() = 0;
  /// Reserves space for [offset, offset + length), extending the file with zeros as needed, so
  /// that later writes there do not run out of space.
  virtual Status allocate(uint64_t offset, uint64_t length) = 0;
};

/// Held on a file while it lives; another process (or a second try in this one) is refused.
class FileLock {
 public:
  FileLock() = default;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  virtual ~FileLock() = default;
};

class Env {
 public:
  Env() = default;
  Env(const Env&) = delete;
  Env& operator=(const Env&) = delete;
  virtual ~Env() = default;

  virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;
  virtual Status remove(const std::string& path) = 0;
  /// Replaces `to` if there is one, in one step. Both in the same directory.
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  /// The names in a directory, sorted, without "." and "..".
  virtual Result<std::vector<std::string>> list(const std::string& dir) = 0;
  /// Creates one level; fine when it exists already.
  virtual Status create_dir(const std::string& path) = 0;
  virtual Status remove_dir(const std::string& path) = 0;
  /// Makes the names in a directory durable.
  virtual Status sync_dir(const std::string& path) = 0;
  virtual Result<bool> exists(const std::string& path) = 0;
  /// Creates the file when missing, locks it and writes `content` (for people who look) into it.
  /// Fails with F0001 (lock_file_exists) when someone else holds the lock.
  virtual Result<std::unique_ptr<FileLock>> lock_file(const std::string& path,
                                                      std::string_view content) = 0;
};

/// The operating system's files. Lives as long as the process.
Env& posix_env();

std::string join_path(std::string_view dir, std::string_view name);
/// "/data/base/7" -> "/data/base"; "x" -> ".".
std::string parent_path(std::string_view path);

Result<std::string> read_file(Env& env, const std::string& path);
/// After this succeeds the file has the new content for good; after a crash on the way, the old
/// content or the new one, whole.
Status write_file_atomically(Env& env, const std::string& path, std::string_view content);

/// "could not <what>: <the system's words for `error_number`>" with the SQLSTATE that fits.
/// `what` is like `open file "x"`.
Error file_error(std::string_view what, int error_number);

}  // namespace isolde::base
