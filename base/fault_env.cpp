#include "base/fault_env.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <random>

// A file is its live content, its durable content and, in order, the changes that lie between:
//
//      durable  --(pending change 1)--(pending change 2)-- ... -->  live
//
// A sync makes durable := live and forgets the pending changes. A failed sync forgets them without
// making them durable: the next sync only covers what is written after it. A crash applies some of
// the pending changes to the durable content, and that is the new live content.

namespace isolde::base {

namespace {

using Bytes = std::vector<std::byte>;

struct PendingChange {
  uint64_t order;  // over all files: who was last
  uint64_t offset;
  Bytes data;
  bool resize = false;  // to `offset` bytes; `data` is empty
};

void put(Bytes& into, uint64_t offset, std::span<const std::byte> from) {
  if (into.size() < offset + from.size()) into.resize(offset + from.size());
  if (!from.empty()) std::memcpy(into.data() + offset, from.data(), from.size());
}

void apply_change(Bytes& content, const PendingChange& change) {
  if (change.resize) {
    content.resize(change.offset);
  } else {
    put(content, change.offset, change.data);
  }
}

/// Writes those sectors of the change that `arrives()` says arrived.
template <typename Arrives>
void apply_torn(Bytes& content, const PendingChange& change, Arrives arrives) {
  constexpr size_t kSector = FaultEnv::kSector;
  if (change.resize) {
    if (arrives()) content.resize(change.offset);
    return;
  }
  std::span<const std::byte> data = change.data;
  uint64_t at = change.offset;
  while (!data.empty()) {
    size_t n = std::min<size_t>(data.size(), kSector - at % kSector);
    if (arrives()) put(content, at, data.first(n));
    data = data.subspan(n);
    at += n;
  }
}

Error stopped(const std::string& what) {
  return file_error(what, EIO);
}

std::string quoted(const char* what, const std::string& path) {
  return std::string(what) + " \"" + path + "\"";
}

}  // namespace

struct FaultEnv::Inode {
  Bytes live, durable;
  std::vector<PendingChange> pending;
};

class FaultEnv::MemoryFile final : public File {
 public:
  MemoryFile(FaultEnv& env, std::shared_ptr<Inode> inode, std::string path)
      : env_(env), inode_(std::move(inode)), path_(std::move(path)), epoch_(env.epoch_) {}

  Result<size_t> read_at(uint64_t offset, std::span<std::byte> into) override {
    std::lock_guard lock(env_.mutex_);
    if (dead()) return stopped(quoted("read file", path_));
    const Bytes& live = inode_->live;
    if (offset >= live.size()) return size_t{0};
    size_t n = std::min<size_t>(into.size(), live.size() - offset);
    std::memcpy(into.data(), live.data() + offset, n);
    return n;
  }

  Status write_at(uint64_t offset, std::span<const std::byte> from) override {
    std::lock_guard lock(env_.mutex_);
    if (dead()) return stopped(quoted("write file", path_));
    return env_.write(*inode_, path_, offset, from);
  }

  Status sync(SyncMethod /*method*/) override {
    std::lock_guard lock(env_.mutex_);
    if (dead()) return stopped(quoted("fsync file", path_));
    return env_.sync(*inode_, path_);
  }

  Status truncate(uint64_t size) override {
    std::lock_guard lock(env_.mutex_);
    if (dead()) return stopped(quoted("truncate file", path_));
    return env_.resize(*inode_, path_, size, Op::kTruncate);
  }

  Result<uint64_t> size() override {
    std::lock_guard lock(env_.mutex_);
    if (dead()) return stopped(quoted("stat file", path_));
    return inode_->live.size();
  }

  Status allocate(uint64_t offset, uint64_t length) override {
    std::lock_guard lock(env_.mutex_);
    if (dead()) return stopped(quoted("extend file", path_));
    uint64_t size = std::max<uint64_t>(inode_->live.size(), offset + length);
    return env_.resize(*inode_, path_, size, Op::kAllocate);
  }

 private:
  bool dead() const { return env_.crashed_ || epoch_ != env_.epoch_; }

  FaultEnv& env_;
  std::shared_ptr<Inode> inode_;
  std::string path_;
  uint64_t epoch_;
};

class FaultEnv::MemoryLock final : public FileLock {
 public:
  MemoryLock(FaultEnv& env, std::string path)
      : env_(env), path_(std::move(path)), epoch_(env.epoch_) {}
  ~MemoryLock() override {
    std::lock_guard lock(env_.mutex_);
    if (epoch_ == env_.epoch_) env_.locks_.erase(path_);
  }

 private:
  FaultEnv& env_;
  std::string path_;
  uint64_t epoch_;
};

FaultEnv::FaultEnv() = default;
FaultEnv::~FaultEnv() = default;

Status FaultEnv::change(Op op, const std::string& what) {
  if (crashed_) return stopped(what);
  if (read_only_) return file_error(what, EROFS);
  ++changes_;
  ++counts_[static_cast<size_t>(op)];
  if (crash_in_ == 0 || --crash_in_ > 0) return {};
  crashed_ = true;
  return stopped(what);
}

Status FaultEnv::make_room(const Inode& inode, uint64_t new_size, const std::string& what) {
  uint64_t old_size = inode.live.size();
  if (new_size > old_size && new_size - old_size > capacity_ - std::min(capacity_, used_))
    return file_error(what, ENOSPC);
  used_ += new_size - old_size;
  return {};
}

Status FaultEnv::write(Inode& inode, const std::string& path, uint64_t offset,
                       std::span<const std::byte> from) {
  const std::string what = quoted("write file", path);
  Status status = change(Op::kWrite, what);
  if (!status && !crashed_) return status;  // read-only
  bool halve = short_write_in_ > 0 && --short_write_in_ == 0;
  if (halve) from = from.first(from.size() / 2);
  uint64_t size = std::max<uint64_t>(inode.live.size(), offset + from.size());
  if (Status room = make_room(inode, size, what); !room) return room;
  // Also when the machine stops here: the write was under way and may arrive in part.
  put(inode.live, offset, from);
  inode.pending.push_back({++write_order_, offset, Bytes(from.begin(), from.end())});
  if (!status) return status;
  return halve ? Status(file_error(what, EIO)) : Status();
}

Status FaultEnv::sync(Inode& inode, const std::string& path) {
  const std::string what = quoted("fsync file", path);
  if (Status s = change(Op::kSync, what); !s) return s;
  if (skip_sync_ && skip_sync_(path)) return {};
  if (fail_sync_in_ > 0 && --fail_sync_in_ == 0) {
    inode.pending.clear();
    return file_error(what, EIO);
  }
  for (const PendingChange& pending : inode.pending) apply_change(inode.durable, pending);
  inode.pending.clear();
  return {};
}

Status FaultEnv::resize(Inode& inode, const std::string& path, uint64_t size, Op op) {
  const std::string what = quoted(op == Op::kAllocate ? "extend file" : "truncate file", path);
  if (Status s = change(op, what); !s) return s;
  if (Status s = make_room(inode, size, what); !s) return s;
  inode.live.resize(size);
  inode.pending.push_back({++write_order_, size, {}, true});
  return {};
}

Result<std::unique_ptr<File>> FaultEnv::open(const std::string& path, OpenMode mode) {
  std::lock_guard lock(mutex_);
  const bool must_be_new = mode == OpenMode::kCreateNew;
  const std::string what = quoted(must_be_new ? "create file" : "open file", path);
  if (crashed_) return stopped(what);
  auto at = names_.find(path);
  if (at != names_.end() && must_be_new) return file_error(what, EEXIST);
  if (at != names_.end() && read_only_ && mode != OpenMode::kRead) return file_error(what, EROFS);
  if (at == names_.end()) {
    if (mode == OpenMode::kRead || mode == OpenMode::kReadWrite) return file_error(what, ENOENT);
    std::string dir = parent_path(path);
    if (dir != "." && !dirs_.contains(dir)) return file_error(what, ENOENT);
    NameChange created{dir, {{path, std::make_shared<Inode>()}}};
    if (Status s = change_names(Op::kCreate, what, std::move(created)); !s) return s.take_error();
    at = names_.find(path);
  }
  return std::unique_ptr<File>(std::make_unique<MemoryFile>(*this, at->second, path));
}

void FaultEnv::apply(Names& names, const NameChange& change) {
  for (const auto& [path, inode] : change.entries) {
    if (inode == nullptr) {
      names.erase(path);
    } else {
      names[path] = inode;
    }
  }
}

Status FaultEnv::change_names(Op op, const std::string& what, NameChange names) {
  Status status = change(op, what);
  if (!status && !crashed_) return status;
  apply(names_, names);
  pending_names_.push_back(std::move(names));
  return status;
}

Status FaultEnv::remove(const std::string& path) {
  std::lock_guard lock(mutex_);
  const std::string what = quoted("remove file", path);
  if (crashed_) return stopped(what);
  auto at = names_.find(path);
  if (at == names_.end()) return file_error(what, ENOENT);
  uint64_t size = at->second->live.size();
  Status status = change_names(Op::kRemove, what, {parent_path(path), {{path, nullptr}}});
  if (status) used_ -= size;
  return status;
}

Status FaultEnv::rename(const std::string& from, const std::string& to) {
  std::lock_guard lock(mutex_);
  const std::string what = quoted("rename file", from) + " to \"" + to + "\"";
  if (crashed_) return stopped(what);
  auto at = names_.find(from);
  if (at == names_.end()) return file_error(what, ENOENT);
  if (parent_path(from) != parent_path(to)) return file_error(what, EXDEV);
  auto replaced = names_.find(to);
  uint64_t freed = replaced == names_.end() ? 0 : replaced->second->live.size();
  NameChange change{parent_path(from), {{from, nullptr}, {to, at->second}}};
  Status status = change_names(Op::kRename, what, std::move(change));
  if (status) used_ -= freed;
  return status;
}

Result<std::vector<std::string>> FaultEnv::list(const std::string& dir) {
  std::lock_guard lock(mutex_);
  if (crashed_) return stopped(quoted("open directory", dir));
  if (!dirs_.contains(dir)) return file_error(quoted("open directory", dir), ENOENT);
  std::vector<std::string> found;
  auto look = [&](const std::string& path) {
    if (path != dir && parent_path(path) == dir) found.push_back(path.substr(dir.size() + 1));
  };
  for (const auto& [path, inode] : names_) look(path);
  for (const auto& path : dirs_) look(path);
  std::sort(found.begin(), found.end());
  return found;
}

Status FaultEnv::create_dir(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (dirs_.contains(path)) return {};
  if (Status s = change(Op::kCreateDir, quoted("create directory", path)); !s) return s;
  dirs_.insert(path);
  return {};
}

Status FaultEnv::remove_dir(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (Status s = change(Op::kRemove, quoted("remove directory", path)); !s) return s;
  for (const auto& [name, inode] : names_) {
    if (parent_path(name) == path) return file_error(quoted("remove directory", path), ENOTEMPTY);
  }
  dirs_.erase(path);
  return {};
}

Status FaultEnv::sync_dir(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (Status s = change(Op::kSyncDir, quoted("fsync directory", path)); !s) return s;
  if (skip_sync_ && skip_sync_(path)) return {};
  auto here = [&](const NameChange& change) { return change.dir == path; };
  for (const NameChange& pending : pending_names_) {
    if (here(pending)) apply(durable_names_, pending);
  }
  std::erase_if(pending_names_, here);
  return {};
}

Result<bool> FaultEnv::exists(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (crashed_) return stopped(quoted("stat file", path));
  return names_.contains(path) || dirs_.contains(path);
}

Result<std::unique_ptr<FileLock>> FaultEnv::lock_file(const std::string& path,
                                                      std::string_view content) {
  auto file = open(path, OpenMode::kCreate);
  if (!file) return file.take_error();
  std::lock_guard lock(mutex_);
  if (!locks_.insert(path).second)
    return Error(sqlstate::kLockFileExists, "lock file \"" + path + "\" already exists")
        .hint("Is another server running in this data directory?");
  auto held = std::make_unique<MemoryLock>(*this, path);
  Bytes& live = names_.at(path)->live;
  auto bytes = std::as_bytes(std::span(content));
  used_ += bytes.size() - live.size();
  live.assign(bytes.begin(), bytes.end());
  return std::unique_ptr<FileLock>(std::move(held));
}

uint64_t FaultEnv::changes() const {
  std::lock_guard lock(mutex_);
  return changes_;
}

uint64_t FaultEnv::count(Op op) const {
  std::lock_guard lock(mutex_);
  return counts_[static_cast<size_t>(op)];
}

void FaultEnv::crash_at(uint64_t n) {
  std::lock_guard lock(mutex_);
  crash_in_ = n;
}

void FaultEnv::crash_now() {
  std::lock_guard lock(mutex_);
  crashed_ = true;
}

bool FaultEnv::crashed() const {
  std::lock_guard lock(mutex_);
  return crashed_;
}

void FaultEnv::restart(AfterCrash what, uint64_t seed) {
  std::lock_guard lock(mutex_);
  std::mt19937_64 random(seed);
  auto coin = [&] { return (random() & 1) != 0; };

  locks_.clear();
  ++epoch_;
  crashed_ = false;
  crash_in_ = fail_sync_in_ = short_write_in_ = 0;
  if (what == AfterCrash::kKillProcess) return;

  size_t kept_names = 0;
  if (what == AfterCrash::kKeepAll || what == AfterCrash::kTearLast)
    kept_names = pending_names_.size();
  if (what == AfterCrash::kRandomSubset) kept_names = random() % (pending_names_.size() + 1);
  for (size_t i = 0; i < kept_names; ++i) apply(durable_names_, pending_names_[i]);
  pending_names_.clear();
  names_ = durable_names_;

  used_ = 0;
  for (auto& [path, inode] : names_) {
    for (const PendingChange& pending : inode->pending) {
      bool last = pending.order == write_order_;
      if (what == AfterCrash::kRandomSubset || (what == AfterCrash::kTearLast && last)) {
        if (last || coin()) apply_torn(inode->durable, pending, coin);
      } else if (what != AfterCrash::kDropUnsynced) {
        apply_change(inode->durable, pending);
      }
    }
    inode->pending.clear();
    inode->live = inode->durable;
    used_ += inode->live.size();
  }
}

void FaultEnv::fail_sync(uint64_t n) {
  std::lock_guard lock(mutex_);
  fail_sync_in_ = n;
}

void FaultEnv::skip_syncs_of(std::function<bool(const std::string&)> whose) {
  std::lock_guard lock(mutex_);
  skip_sync_ = std::move(whose);
}

void FaultEnv::short_write(uint64_t n) {
  std::lock_guard lock(mutex_);
  short_write_in_ = n;
}

void FaultEnv::set_capacity(uint64_t bytes) {
  std::lock_guard lock(mutex_);
  capacity_ = bytes;
}

uint64_t FaultEnv::used() const {
  std::lock_guard lock(mutex_);
  return used_;
}

void FaultEnv::set_read_only(bool read_only) {
  std::lock_guard lock(mutex_);
  read_only_ = read_only;
}

void FaultEnv::corrupt(const std::string& path, uint64_t offset, uint8_t mask) {
  std::lock_guard lock(mutex_);
  Inode& inode = *names_.at(path);
  inode.live.at(offset) ^= std::byte{mask};
  if (offset < inode.durable.size()) inode.durable[offset] ^= std::byte{mask};
  for (PendingChange& pending : inode.pending) {
    if (!pending.resize && offset >= pending.offset &&
        offset - pending.offset < pending.data.size())
      pending.data[offset - pending.offset] ^= std::byte{mask};
  }
}

}  // namespace isolde::base
