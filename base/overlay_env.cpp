#include "base/overlay_env.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace isolde::base {

namespace {
constexpr uint64_t kChunk = 8192;
using Chunk = std::array<std::byte, kChunk>;
}  // namespace

/// A file: what is below (perhaps nothing), up to `below_size`, and the chunks that were written.
struct OverlayEnv::Content {
  std::mutex mutex;  // guards everything
  std::unique_ptr<File> below;
  uint64_t below_size = 0;  // shrinks with truncation: what lies behind reads as zeros
  uint64_t size = 0;
  std::map<uint64_t, std::unique_ptr<Chunk>> chunks;

  Status read_below(uint64_t offset, std::span<std::byte> into) {
    std::fill(into.begin(), into.end(), std::byte{0});
    if (below == nullptr || offset >= below_size) return {};
    auto got =
        below->read_at(offset, into.first(std::min<uint64_t>(into.size(), below_size - offset)));
    return got ? Status() : Status(got.take_error());
  }

  Status read(uint64_t offset, std::span<std::byte> into) {
    while (!into.empty()) {
      const uint64_t within = offset % kChunk;
      const size_t n = std::min<uint64_t>(into.size(), kChunk - within);
      auto chunk = chunks.find(offset / kChunk);
      if (chunk != chunks.end()) {
        std::memcpy(into.data(), chunk->second->data() + within, n);
      } else if (Status s = read_below(offset, into.first(n)); !s) {
        return s;
      }
      offset += n;
      into = into.subspan(n);
    }
    return {};
  }

  Result<Chunk*> chunk_to_write(uint64_t number) {
    auto& chunk = chunks[number];
    if (chunk == nullptr) {
      auto fresh = std::make_unique<Chunk>();
      if (Status s = read_below(number * kChunk, *fresh); !s) return s.take_error();
      chunk = std::move(fresh);
    }
    return chunk.get();
  }

  Status write(uint64_t offset, std::span<const std::byte> from) {
    while (!from.empty()) {
      const uint64_t within = offset % kChunk;
      const size_t n = std::min<uint64_t>(from.size(), kChunk - within);
      auto chunk = chunk_to_write(offset / kChunk);
      if (!chunk) return chunk.take_error();
      std::memcpy((*chunk)->data() + within, from.data(), n);
      offset += n;
      from = from.subspan(n);
      size = std::max(size, offset);
    }
    return {};
  }

  Status resize(uint64_t new_size) {
    below_size = std::min(below_size, new_size);
    chunks.erase(chunks.lower_bound((new_size + kChunk - 1) / kChunk), chunks.end());
    if (auto last = chunks.find(new_size / kChunk); last != chunks.end())
      std::fill(last->second->begin() + static_cast<ptrdiff_t>(new_size % kChunk),
                last->second->end(), std::byte{0});
    size = new_size;
    return {};
  }
};

class OverlayEnv::OverlayFile final : public File {
 public:
  explicit OverlayFile(std::shared_ptr<Content> content) : content_(std::move(content)) {}

  Result<size_t> read_at(uint64_t offset, std::span<std::byte> into) override {
    std::lock_guard lock(content_->mutex);
    if (offset >= content_->size) return size_t{0};
    into = into.first(std::min<uint64_t>(into.size(), content_->size - offset));
    if (Status s = content_->read(offset, into); !s) return s.take_error();
    return into.size();
  }
  Status write_at(uint64_t offset, std::span<const std::byte> from) override {
    std::lock_guard lock(content_->mutex);
    return content_->write(offset, from);
  }
  Status sync(SyncMethod /*method*/) override { return {}; }
  Status truncate(uint64_t size) override {
    std::lock_guard lock(content_->mutex);
    return content_->resize(size);
  }
  Result<uint64_t> size() override {
    std::lock_guard lock(content_->mutex);
    return content_->size;
  }
  Status allocate(uint64_t offset, uint64_t length) override {
    std::lock_guard lock(content_->mutex);
    content_->size = std::max(content_->size, offset + length);
    return {};
  }

 private:
  std::shared_ptr<Content> content_;
};

/// Null when there is no such file.
Result<std::shared_ptr<OverlayEnv::Content>> OverlayEnv::find(const std::string& path) {
  if (auto known = files_.find(path); known != files_.end()) return known->second;
  auto there = below_.exists(path);
  if (!there) return there.take_error();
  if (!*there) return std::shared_ptr<Content>();
  auto content = std::make_shared<Content>();
  auto below = below_.open(path, OpenMode::kRead);
  if (!below) return below.take_error();
  auto size = (*below)->size();
  if (!size) return size.take_error();
  content->below = std::move(*below);
  content->below_size = content->size = *size;
  files_[path] = content;
  return content;
}

Result<std::unique_ptr<File>> OverlayEnv::open(const std::string& path, OpenMode mode) {
  std::lock_guard lock(mutex_);
  auto content = find(path);
  if (!content) return content.take_error();
  const bool there = *content != nullptr;
  const std::string quoted = "file \"" + path + "\"";
  if (there && mode == OpenMode::kCreateNew) return file_error("create " + quoted, EEXIST);
  if (!there) {
    if (mode == OpenMode::kRead || mode == OpenMode::kReadWrite)
      return file_error("open " + quoted, ENOENT);
    *content = files_[path] = std::make_shared<Content>();
  }
  return std::unique_ptr<File>(std::make_unique<OverlayFile>(std::move(*content)));
}

Status OverlayEnv::remove(const std::string& path) {
  std::lock_guard lock(mutex_);
  auto content = find(path);
  if (!content) return content.take_error();
  if (*content == nullptr) return file_error("remove file \"" + path + "\"", ENOENT);
  files_[path] = nullptr;
  return {};
}

Status OverlayEnv::rename(const std::string& from, const std::string& to) {
  std::lock_guard lock(mutex_);
  auto content = find(from);
  if (!content) return content.take_error();
  if (*content == nullptr) return file_error("rename file \"" + from + "\"", ENOENT);
  files_[to] = std::move(*content);
  files_[from] = nullptr;
  return {};
}

Result<std::vector<std::string>> OverlayEnv::list(const std::string& dir) {
  std::lock_guard lock(mutex_);
  std::set<std::string> names;
  auto there = below_.exists(dir);
  if (!there) return there.take_error();
  if (*there) {
    auto below = below_.list(dir);
    if (!below) return below.take_error();
    names.insert(below->begin(), below->end());
  } else if (!dirs_.contains(dir)) {
    return file_error("open directory \"" + dir + "\"", ENOENT);
  }
  auto name_in_dir = [&](const std::string& path) {
    return path.size() > dir.size() + 1 && parent_path(path) == dir ? path.substr(dir.size() + 1)
                                                                    : std::string();
  };
  for (const auto& [path, content] : files_) {
    const std::string name = name_in_dir(path);
    if (name.empty()) continue;
    if (content != nullptr) {
      names.insert(name);
    } else {
      names.erase(name);
    }
  }
  for (const std::string& path : dirs_) {
    if (std::string name = name_in_dir(path); !name.empty()) names.insert(std::move(name));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

Status OverlayEnv::create_dir(const std::string& path) {
  std::lock_guard lock(mutex_);
  dirs_.insert(path);
  return {};
}

/// What is below stays listed: nobody who tries things out relies on more.
Status OverlayEnv::remove_dir(const std::string& path) {
  std::lock_guard lock(mutex_);
  dirs_.erase(path);
  return {};
}

Status OverlayEnv::sync_dir(const std::string& /*path*/) {
  return {};
}

Result<bool> OverlayEnv::exists(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (auto known = files_.find(path); known != files_.end()) return known->second != nullptr;
  if (dirs_.contains(path)) return true;
  return below_.exists(path);
}

Result<std::unique_ptr<FileLock>> OverlayEnv::lock_file(const std::string& path,
                                                        std::string_view content) {
  return below_.lock_file(path, content);
}

}  // namespace isolde::base
