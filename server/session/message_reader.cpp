#include "server/session/message_reader.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "server/session/report.hpp"

namespace isolde::server {

namespace {
constexpr size_t kUsualSize = size_t{8} << 10;
/// A buffer larger than this is given back once it is empty.
constexpr size_t kKeptSize = size_t{64} << 10;
}  // namespace

void MessageReader::Free::operator()(char* bytes) const {
  std::free(bytes);
}

/// malloc rather than new char[]: nothing is written before it arrives, so pages cost nothing
/// before.
MessageReader::Bytes MessageReader::allocate(size_t size) {
  Bytes bytes(static_cast<char*>(std::malloc(size)));
  if (bytes == nullptr) throw std::bad_alloc();
  return bytes;
}

base::Result<std::optional<wire::Frame>> MessageReader::next(const wire::FrameLimits& limits,
                                                             Transport::ReadFor purpose) {
  return next_frame(purpose,
                    [&limits](std::string_view input) { return wire::next_frame(input, limits); });
}

base::Result<std::optional<wire::Frame>> MessageReader::next_startup_packet() {
  return next_frame(Transport::ReadFor::kCommand,
                    [](std::string_view input) { return wire::next_startup_packet(input); });
}

template <typename NextFrame>
base::Result<std::optional<wire::Frame>> MessageReader::next_frame(Transport::ReadFor purpose,
                                                                   const NextFrame& next_frame) {
  for (;;) {
    wire::NextFrame next = next_frame(std::string_view(buffer_.get() + begin_, end_ - begin_));
    if (auto* frame = std::get_if<wire::Frame>(&next)) {
      begin_ += frame->size;
      return std::optional(*frame);
    }
    if (auto* error = std::get_if<wire::DecodeError>(&next)) return to_error(*error);
    base::Result<bool> more = fill(std::get<wire::NeedMore>(next).bytes, purpose);
    if (!more) return more.take_error();
    if (!*more) return std::optional<wire::Frame>();
  }
}

base::Result<bool> MessageReader::fill(size_t wanted, Transport::ReadFor purpose) {
  make_room(wanted);
  base::Result<size_t> count =
      transport_->read_some({buffer_.get() + end_, capacity_ - end_}, purpose);
  if (!count) return count.take_error();
  end_ += *count;
  return *count > 0;
}

void MessageReader::make_room(size_t wanted) {
  size_t unread = end_ - begin_;
  if (unread == 0 && (capacity_ == 0 || capacity_ > kKeptSize)) {
    buffer_ = allocate(kUsualSize);
    capacity_ = kUsualSize;
    begin_ = end_ = 0;
  }
  if (capacity_ - end_ >= std::min(wanted, kUsualSize / 2)) return;
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, unread);
    begin_ = 0;
    end_ = unread;
  }
  if (capacity_ - end_ >= std::min(wanted, capacity_ / 2)) return;
  size_t larger = std::max(capacity_ * 2, kUsualSize);
  Bytes grown = allocate(larger);
  std::memcpy(grown.get(), buffer_.get(), end_);
  buffer_ = std::move(grown);
  capacity_ = larger;
}

void MessageReader::keep_current_message() {
  if (kept_ != nullptr) return;
  size_t unread = end_ - begin_;
  Bytes fresh = allocate(std::max(kUsualSize, unread));
  std::memcpy(fresh.get(), buffer_.get() + begin_, unread);
  kept_ = std::exchange(buffer_, std::move(fresh));
  capacity_ = std::max(kUsualSize, unread);
  begin_ = 0;
  end_ = unread;
}

}  // namespace isolde::server
