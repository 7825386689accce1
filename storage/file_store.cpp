#include "storage/file_store.hpp"

#include <algorithm>
#include <charconv>

namespace isolde::storage {

using base::Error;
using base::Result;
using base::Status;

namespace {
constexpr Fork kAllForks[] = {Fork::kMain, Fork::kFreeSpace, Fork::kVisibility, Fork::kOverflow};
constexpr uint32_t kLargestRun = 128;  // pages of space taken at once
}  // namespace

FileStore::FileStore(base::Env& env, std::string data_dir)
    : env_(env), data_dir_(std::move(data_dir)) {}
FileStore::~FileStore() = default;

std::string FileStore::full_path(RelationId relation, Fork fork) const {
  return base::join_path(data_dir_, relation_path(relation, fork));
}

Status FileStore::make_space_dir(uint32_t space) {
  const std::string base_dir = base::join_path(data_dir_, "base");
  const std::string dir = base::join_path(base_dir, std::to_string(space));
  auto there = env_.exists(dir);
  if (!there) return there.take_error();
  if (*there) return {};
  if (Status s = env_.create_dir(base_dir); !s) return s;
  if (Status s = env_.create_dir(dir); !s) return s;
  std::lock_guard lock(mutex_);
  unsynced_dirs_.insert(base_dir);
  unsynced_dirs_.insert(data_dir_);
  return {};
}

void FileStore::note_dir(uint32_t space) {
  std::lock_guard lock(mutex_);
  unsynced_dirs_.insert(base::join_path(data_dir_, "base/" + std::to_string(space)));
}

Result<std::shared_ptr<FileStore::OpenFile>> FileStore::open(RelationId relation, Fork fork,
                                                             bool create) {
  {
    std::lock_guard lock(mutex_);
    auto at = files_.find({relation, fork});
    if (at != files_.end()) return at->second;
  }
  const std::string path = full_path(relation, fork);
  if (create) {
    if (Status s = make_space_dir(relation.space); !s) return s.take_error();
  }
  auto file = env_.open(path, create ? base::OpenMode::kCreate : base::OpenMode::kReadWrite);
  if (!file) return file.take_error();
  auto size = (*file)->size();
  if (!size) return size.take_error();
  auto opened = std::make_shared<OpenFile>();
  opened->file = std::move(*file);
  opened->reserved = static_cast<uint32_t>(*size / kPageSize);
  opened->blocks = opened->reserved;
  if (create) note_dir(relation.space);
  std::lock_guard lock(mutex_);
  return files_.try_emplace({relation, fork}, std::move(opened)).first->second;
}

Status FileStore::create(RelationId relation) {
  auto file = open(relation, Fork::kMain, true);
  return file ? Status() : Status(file.take_error());
}

Status FileStore::remove(RelationId relation) {
  for (Fork fork : kAllForks) {
    {
      std::lock_guard lock(mutex_);
      files_.erase({relation, fork});
    }
    auto there = exists(relation, fork);
    if (!there) return there.take_error();
    if (!*there) continue;
    if (Status s = env_.remove(full_path(relation, fork)); !s) return s;
    note_dir(relation.space);
  }
  return {};
}

Result<bool> FileStore::exists(RelationId relation, Fork fork) {
  {
    std::lock_guard lock(mutex_);
    if (files_.contains({relation, fork})) return true;
  }
  return env_.exists(full_path(relation, fork));
}

Result<BlockNumber> FileStore::block_count(RelationId relation, Fork fork) {
  if (fork != Fork::kMain) {
    auto there = exists(relation, fork);
    if (!there) return there.take_error();
    if (!*there) return BlockNumber{0};
  }
  auto file = open(relation, fork, false);
  if (!file) return file.take_error();
  return BlockNumber{(*file)->blocks.load(std::memory_order_acquire)};
}

Result<BlockNumber> FileStore::extend(RelationId relation, Fork fork) {
  auto file = open(relation, fork, fork != Fork::kMain);
  if (!file) return file.take_error();
  OpenFile& f = **file;
  std::lock_guard lock(f.growing);
  const uint32_t block = f.blocks.load(std::memory_order_relaxed);
  if (block >= f.reserved) {
    uint32_t run = std::clamp(block / 8, 1U, kLargestRun);
    Status s = f.file->allocate(uint64_t{block} * kPageSize, uint64_t{run} * kPageSize);
    if (!s && run > 1) {
      run = 1;
      s = f.file->allocate(uint64_t{block} * kPageSize, kPageSize);
    }
    if (!s) return s.take_error();
    f.reserved = block + run;
  }
  f.unsynced.store(true, std::memory_order_release);
  f.blocks.store(block + 1, std::memory_order_release);
  return BlockNumber{block};
}

Status FileStore::extend_to(RelationId relation, Fork fork, BlockNumber blocks) {
  auto file = open(relation, fork, fork != Fork::kMain);
  if (!file) return file.take_error();
  OpenFile& f = **file;
  std::lock_guard lock(f.growing);
  if (f.blocks.load(std::memory_order_relaxed) >= blocks.value) return {};
  if (f.reserved < blocks.value) {
    if (Status s = f.file->allocate(0, uint64_t{blocks.value} * kPageSize); !s) return s;
    f.reserved = blocks.value;
  }
  f.unsynced.store(true, std::memory_order_release);
  f.blocks.store(blocks.value, std::memory_order_release);
  return {};
}

Status FileStore::truncate(RelationId relation, Fork fork, BlockNumber blocks) {
  auto file = open(relation, fork, false);
  if (!file) return file.take_error();
  OpenFile& f = **file;
  std::lock_guard lock(f.growing);
  if (f.reserved <= blocks.value) return {};
  if (Status s = f.file->truncate(uint64_t{blocks.value} * kPageSize); !s) return s;
  f.reserved = blocks.value;
  f.unsynced.store(true, std::memory_order_release);
  f.blocks.store(blocks.value, std::memory_order_release);
  return {};
}

Status FileStore::read(const PageId& id, std::span<std::byte> page) {
  auto file = open(id.relation, id.fork, false);
  if (!file) return file.take_error();
  const std::string path = relation_path(id.relation, id.fork);
  if (id.block.value >= (*file)->blocks.load(std::memory_order_acquire))
    return Error(base::sqlstate::kDataCorrupted,
                 "could not read block " + std::to_string(id.block.value) + " in file \"" + path +
                     "\": the file ends before it");
  auto got = (*file)->file->read_at(uint64_t{id.block.value} * kPageSize, page);
  if (!got) return got.take_error();
  if (*got == page.size()) return {};
  return Error(base::sqlstate::kDataCorrupted, "could not read block " +
                                                   std::to_string(id.block.value) + " in file \"" +
                                                   path + "\": read only " + std::to_string(*got) +
                                                   " of " + std::to_string(kPageSize) + " bytes");
}

Status FileStore::write(const PageId& id, ByteSpan page) {
  auto file = open(id.relation, id.fork, false);
  if (!file) return file.take_error();
  Status written = (*file)->file->write_at(uint64_t{id.block.value} * kPageSize, page);
  // Afterwards: a sync that comes in between must not take this write for its own.
  (*file)->unsynced.store(true, std::memory_order_release);
  return written;
}

Status FileStore::sync_all(bool fsync) {
  std::vector<std::shared_ptr<OpenFile>> files;
  std::set<std::string> dirs;
  if (!fsync) return {};  // what is not synced is remembered, should fsync come on
  {
    std::lock_guard lock(mutex_);
    for (auto& [key, file] : files_) files.push_back(file);
    dirs.swap(unsynced_dirs_);
  }
  for (auto& file : files) {
    if (!file->unsynced.exchange(false, std::memory_order_acq_rel)) continue;
    if (Status s = file->file->sync(); !s) return s;
  }
  for (const std::string& dir : dirs) {
    if (Status s = env_.sync_dir(dir); !s) return s;
  }
  return {};
}

Status FileStore::sync_what_is_there() {
  auto all = relations();
  if (!all) return all.take_error();
  for (RelationId relation : *all) {
    for (Fork fork : kAllForks) {
      auto there = exists(relation, fork);
      if (!there) return there.take_error();
      if (!*there) continue;
      auto file = env_.open(full_path(relation, fork), base::OpenMode::kReadWrite);
      if (!file) return file.take_error();
      if (Status s = (*file)->sync(); !s) return s;
    }
    note_dir(relation.space);
  }
  return env_.sync_dir(data_dir_);
}

Result<std::set<RelationId>> FileStore::relations() {
  std::set<RelationId> found;
  const std::string base_dir = base::join_path(data_dir_, "base");
  auto there = env_.exists(base_dir);
  if (!there) return there.take_error();
  if (!*there) return found;
  auto spaces = env_.list(base_dir);
  if (!spaces) return spaces.take_error();
  for (const std::string& space : *spaces) {
    auto names = env_.list(base::join_path(base_dir, space));
    if (!names) return names.take_error();
    for (const std::string& name : *names) {
      RelationId id;
      std::from_chars(space.data(), space.data() + space.size(), id.space);
      auto end = std::from_chars(name.data(), name.data() + name.size(), id.number);
      if (end.ptr == name.data() + name.size()) found.insert(id);
    }
  }
  return found;
}

}  // namespace isolde::storage
