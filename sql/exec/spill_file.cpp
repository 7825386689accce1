#include "sql/exec/spill_file.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/settings/session_settings.hpp"
#include "storage/store.hpp"

namespace isolde::sql {

namespace {

constexpr size_t kKilobyte = 1024;
constexpr size_t kDefaultMemory = 4096 * kKilobyte;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

}  // namespace

size_t work_memory(const ExecContext& exec) {
  if (exec.services == nullptr) return kDefaultMemory;
  return static_cast<size_t>(exec.services->settings().fields().work_mem) * kKilobyte;
}

size_t hash_memory(const ExecContext& exec) {
  if (exec.services == nullptr) return 2 * kDefaultMemory;
  const double factor = exec.services->settings().fields().hash_mem_multiplier;
  return static_cast<size_t>(static_cast<double>(work_memory(exec)) * std::max(factor, 1.0));
}

void SpillFile::open() {
  static std::atomic<uint64_t> number{0};
  storage::FileStore& files = exec_.services->instance().store().files();
  base::Env& env = files.env();
  const std::string directory = base::join_path(files.data_dir(), "pgsql_tmp");
  base::value_or_throw(env.create_dir(directory));
  const std::string path =
      base::join_path(directory, "pgsql_tmp" + std::to_string(exec_.services->pid().value) + "." +
                                     std::to_string(number.fetch_add(1)));
  file_ = base::value_or_throw(env.open(path, base::OpenMode::kCreate));
  base::value_or_throw(env.remove(path));
}

uint64_t SpillFile::append(std::string_view block) {
  if (file_ == nullptr) open();
  const int32_t limit = exec_.services->settings().fields().temp_file_limit;
  if (limit >= 0 && end_ + block.size() > static_cast<uint64_t>(limit) * kKilobyte) {
    throw base::SqlException(base::Error(
        base::sqlstate::kConfigurationLimitExceeded,
        "temporary file size exceeds temp_file_limit (" + std::to_string(limit) + "kB)"));
  }
  base::value_or_throw(file_->write_at(end_, bytes_of(block)));
  const uint64_t place = end_;
  end_ += block.size();
  return place;
}

void SpillFile::read(uint64_t place, std::span<char> into) {
  auto got = base::value_or_throw(file_->read_at(place, std::as_writable_bytes(into)));
  if (got == into.size()) return;
  throw base::SqlException(
      base::Error(base::sqlstate::kIoError, "could not read from temporary file"));
}

void SpillStream::write(std::string_view record) {
  write(record, {});
}

void SpillStream::write(std::string_view first, std::string_view second) {
  const auto size = static_cast<uint32_t>(first.size() + second.size());
  if (buffer_.size() + sizeof size + size > block_ && !buffer_.empty()) flush();
  const size_t at = buffer_.size();
  if (buffer_.capacity() == 0) buffer_.reserve(block_);
  buffer_.resize(at + sizeof size + size);
  std::memcpy(buffer_.data() + at, &size, sizeof size);
  char* out = buffer_.data() + at + sizeof size;
  if (!first.empty()) std::memcpy(out, first.data(), first.size());
  if (!second.empty()) std::memcpy(out + first.size(), second.data(), second.size());
  ++records_;
  bytes_ += size;
}

void SpillStream::flush() {
  if (buffer_.empty()) return;
  const uint64_t place = file_->append({buffer_.data(), buffer_.size()});
  const bool joins = !extents_.empty() && extents_.back().place + extents_.back().size == place;
  if (joins) {
    extents_.back().size += buffer_.size();
  } else {
    extents_.push_back({place, buffer_.size()});
  }
  buffer_.clear();
}

void SpillStream::finish() {
  flush();
  buffer_ = {};
}

void SpillStream::rewind(size_t block) {
  block_ = block;
  extent_ = 0;
  read_ = 0;
  at_ = filled_ = 0;
}

/// Makes `wanted` bytes stand at at_; false when there are none left.
bool SpillStream::fill(size_t wanted) {
  if (filled_ - at_ >= wanted) return true;
  std::copy(buffer_.begin() + static_cast<ptrdiff_t>(at_),
            buffer_.begin() + static_cast<ptrdiff_t>(filled_), buffer_.begin());
  filled_ -= at_;
  at_ = 0;
  if (buffer_.size() < std::max(wanted, block_)) buffer_.resize(std::max(wanted, block_));
  while (filled_ < buffer_.size() && extent_ < extents_.size()) {
    const Extent& extent = extents_[extent_];
    const size_t part =
        static_cast<size_t>(std::min<uint64_t>(extent.size - read_, buffer_.size() - filled_));
    file_->read(extent.place + read_, {buffer_.data() + filled_, part});
    filled_ += part;
    read_ += part;
    if (read_ == extent.size) {
      ++extent_;
      read_ = 0;
    }
  }
  return filled_ - at_ >= wanted;
}

bool SpillStream::next(std::string_view& record) {
  uint32_t size = 0;
  if (!fill(sizeof size)) {
    buffer_ = {};
    at_ = filled_ = 0;
    return false;
  }
  std::memcpy(&size, buffer_.data() + at_, sizeof size);
  fill(sizeof size + size);
  record = {buffer_.data() + at_ + sizeof size, size};
  at_ += sizeof size + size;
  return true;
}

}  // namespace isolde::sql
