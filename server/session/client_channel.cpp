#include "server/session/client_channel.hpp"

namespace isolde::server {

base::Status ClientChannel::flush() {
  std::string_view rest = buffer_;
  base::Status written = transport_->write(rest);
  if (rest.empty()) {
    buffer_.clear();
    if (buffer_.capacity() > kKept) buffer_ = std::string();
  } else {
    buffer_.erase(0, buffer_.size() - rest.size());
  }
  return written;
}

void ClientChannel::flush_last_words() {
  transport_->write_without_waiting(buffer_);
  buffer_.clear();
}

}  // namespace isolde::server
