#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/env.hpp"

namespace isolde::base {

namespace {

std::string quoted(const char* what, const std::string& path) {
  return std::string(what) + " \"" + path + "\"";
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

class PosixFile final : public File {
 public:
  PosixFile(std::string path, Descriptor fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  Result<size_t> read_at(uint64_t offset, std::span<std::byte> into) override {
    size_t done = 0;
    while (done < into.size()) {
      ssize_t n = ::pread(fd_.get(), into.data() + done, into.size() - done,
                          static_cast<off_t>(offset + done));
      if (n == 0) break;
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return file_error(quoted("read file", path_), errno);
      done += static_cast<size_t>(n);
    }
    return done;
  }

  Status write_at(uint64_t offset, std::span<const std::byte> from) override {
    size_t done = 0;
    while (done < from.size()) {
      ssize_t n = ::pwrite(fd_.get(), from.data() + done, from.size() - done,
                           static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return file_error(quoted("write file", path_), errno);
      if (n == 0) return file_error(quoted("write file", path_), ENOSPC);
      done += static_cast<size_t>(n);
    }
    return {};
  }

  Status sync(SyncMethod method) override {
    int rc = method == SyncMethod::kFsync ? ::fsync(fd_.get()) : ::fdatasync(fd_.get());
    if (rc != 0) return file_error(quoted("fsync file", path_), errno);
    return {};
  }

  Status truncate(uint64_t size) override {
    if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0)
      return file_error(quoted("truncate file", path_), errno);
    return {};
  }

  Result<uint64_t> size() override {
    struct stat info {};
    if (::fstat(fd_.get(), &info) != 0) return file_error(quoted("stat file", path_), errno);
    return static_cast<uint64_t>(info.st_size);
  }

  Status allocate(uint64_t offset, uint64_t length) override {
    int rc = ::posix_fallocate(fd_.get(), static_cast<off_t>(offset), static_cast<off_t>(length));
    if (rc != 0) return file_error(quoted("extend file", path_), rc);
    return {};
  }

 private:
  std::string path_;
  Descriptor fd_;
};

class PosixLock final : public FileLock {
 public:
  explicit PosixLock(Descriptor fd) : fd_(std::move(fd)) {}

 private:
  Descriptor fd_;  // the lock goes with the descriptor, also when the process dies
};

int flags_of(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY;
    case OpenMode::kReadWrite:
      return O_RDWR;
    case OpenMode::kCreate:
      return O_RDWR | O_CREAT;
    case OpenMode::kCreateNew:
      return O_RDWR | O_CREAT | O_EXCL;
  }
  return O_RDONLY;
}

class PosixEnv final : public Env {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    int fd = ::open(path.c_str(), flags_of(mode) | O_CLOEXEC, 0600);
    if (fd < 0) {
      const char* what = mode == OpenMode::kCreateNew ? "create file" : "open file";
      return file_error(quoted(what, path), errno);
    }
    return std::unique_ptr<File>(std::make_unique<PosixFile>(path, Descriptor(fd)));
  }

  Status remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return file_error(quoted("remove file", path), errno);
    return {};
  }

  Status rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0)
      return file_error(quoted("rename file", from) + " to \"" + to + "\"", errno);
    return {};
  }

  Result<std::vector<std::string>> list(const std::string& dir) override {
    auto close = [](DIR* d) { ::closedir(d); };
    std::unique_ptr<DIR, decltype(close)> handle(::opendir(dir.c_str()), close);
    if (handle == nullptr) return file_error(quoted("open directory", dir), errno);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(handle.get())) {
      std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(std::move(name));
    }
    if (errno != 0) return file_error(quoted("read directory", dir), errno);
    std::sort(names.begin(), names.end());
    return names;
  }

  Status create_dir(const std::string& path) override {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
      return file_error(quoted("create directory", path), errno);
    return {};
  }

  Status remove_dir(const std::string& path) override {
    if (::rmdir(path.c_str()) != 0) return file_error(quoted("remove directory", path), errno);
    return {};
  }

  Status sync_dir(const std::string& path) override {
    Descriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0) return file_error(quoted("open directory", path), errno);
    if (::fsync(fd.get()) != 0) return file_error(quoted("fsync directory", path), errno);
    return {};
  }

  Result<bool> exists(const std::string& path) override {
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0) return true;
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return file_error(quoted("stat file", path), errno);
  }

  Result<std::unique_ptr<FileLock>> lock_file(const std::string& path,
                                              std::string_view content) override {
    Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (fd.get() < 0) return file_error(quoted("open lock file", path), errno);
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return file_error(quoted("lock file", path), errno);
      return Error(sqlstate::kLockFileExists, "lock file \"" + path + "\" already exists")
          .hint("Is another server running in this data directory?");
    }
    PosixFile file(path, Descriptor(::dup(fd.get())));
    if (Status s = file.truncate(0); !s) return s.take_error();
    if (Status s = file.write_at(0, std::as_bytes(std::span(content))); !s) return s.take_error();
    return std::unique_ptr<FileLock>(std::make_unique<PosixLock>(std::move(fd)));
  }
};

}  // namespace

Env& posix_env() {
  static PosixEnv env;
  return env;
}

}  // namespace isolde::base
