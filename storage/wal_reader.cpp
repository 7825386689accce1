#include "storage/wal_reader.hpp"

#include <algorithm>

#include "base/crc32c.hpp"

namespace isolde::storage {

using base::Error;
using base::Result;
using base::Status;

namespace {
constexpr size_t kWindow = size_t{1} << 18;
}

WalReader::WalReader(base::Env& env, std::string dir, uint64_t segment_size, Lsn start)
    : env_(env), dir_(std::move(dir)), segment_size_(segment_size), at_(start.value) {}

/// A segment that is not there ends the log, unless later ones exist: then it was lost.
Status WalReader::missing_segment(uint64_t number) {
  auto names = env_.list(dir_);
  if (!names) return names.take_error();
  const std::string name = segment_name(number);
  for (const std::string& other : *names) {
    if (other.size() == name.size() && other > name)
      return Error(base::sqlstate::kDataCorrupted,
                   "write-ahead log segment \"" + name + "\" is missing");
  }
  return {};
}

Status WalReader::require_segment(Lsn lsn) {
  const std::string name = segment_name(lsn.value / segment_size_);
  auto there = env_.exists(base::join_path(dir_, name));
  if (!there) return there.take_error();
  if (*there) return {};
  return Error(base::sqlstate::kDataCorrupted,
               "write-ahead log segment \"" + name + "\" is missing");
}

Result<base::File*> WalReader::segment(uint64_t number) {
  if (open_number_ == number) return open_.get();
  const std::string path = base::join_path(dir_, segment_name(number));
  auto there = env_.exists(path);
  if (!there) return there.take_error();
  if (!*there) {
    if (Status s = missing_segment(number); !s) return s.take_error();
    return static_cast<base::File*>(nullptr);
  }
  auto file = env_.open(path, base::OpenMode::kRead);
  if (!file) return file.take_error();
  open_ = std::move(*file);
  open_number_ = number;
  return open_.get();
}

/// Makes the window hold [at, at + n); false when the log's files end before.
Result<bool> WalReader::fetch(uint64_t at, size_t n) {
  if (at >= window_at_ && at + n <= window_at_ + window_.size()) return true;
  window_at_ = at;
  window_.resize(std::max(n, kWindow));
  size_t done = 0;
  while (done < window_.size()) {
    const uint64_t place = at + done;
    auto file = segment(place / segment_size_);
    if (!file) return file.take_error();
    if (*file == nullptr) break;
    const uint64_t offset = place % segment_size_;
    size_t part = std::min<uint64_t>(window_.size() - done, segment_size_ - offset);
    auto got = (*file)->read_at(offset, std::span(window_).subspan(done, part));
    if (!got) return got.take_error();
    done += *got;
    if (*got < part) break;
  }
  window_.resize(done);
  return done >= n;
}

Result<bool> WalReader::read_at(Lsn lsn, WalRecord& into) {
  const uint64_t at = lsn.value;
  auto there = fetch(at, kWalHeaderSize);
  if (!there || !*there) return there;
  const std::byte* header = window_.data() + (at - window_at_);
  const size_t length = load<uint32_t>(header);
  if (length < kWalHeaderSize || length > kMaxWalRecord) return false;
  there = fetch(at, length);
  if (!there || !*there) return there;
  header = window_.data() + (at - window_at_);
  record_.assign(header, header + length);
  uint32_t crc = base::crc32c(ByteSpan(record_).subspan(8), wal_crc_seed(lsn));
  if (crc != load<uint32_t>(record_.data() + 4)) return false;
  return parse_wal_record(record_, lsn, into);
}

Result<bool> WalReader::next(WalRecord& into) {
  auto got = read_at(Lsn{at_}, into);
  if (!got || !*got) return got;
  if (previous_ != 0) {
    if (into.previous.value != previous_) return false;
    if (static_cast<int16_t>(into.incarnation - incarnation_) < 0) return false;
  }
  previous_ = at_;
  incarnation_ = into.incarnation;
  at_ = into.end.value;
  return true;
}

}  // namespace isolde::storage
