#pragma once

#include <string>

#include "server/net/transport.hpp"
#include "wire/backend.hpp"

namespace isolde::server {

/// What goes to the client: messages are appended to one buffer, and the buffer goes out in one
/// write when the session has nothing more to say, or when it is full; then a slow client holds
/// back its own query.
class ClientChannel {
 public:
  explicit ClientChannel(Transport& transport) : transport_(&transport) {}

  std::string& buffer() { return buffer_; }
  wire::BackendWriter writer() { return wire::BackendWriter(buffer_); }

  /// Sends everything; suspends while the client does not read.
  base::Status flush();
  /// Sends when there is much to send.
  base::Status flush_if_full() { return buffer_.size() < kFull ? base::Status() : flush(); }
  /// Sends what can be sent at once and forgets the rest: before the connection is closed.
  void flush_last_words();

  void switch_to(Transport& transport) { transport_ = &transport; }

 private:
  static constexpr size_t kFull = size_t{32} << 10;
  static constexpr size_t kKept = size_t{64} << 10;

  Transport* transport_;
  std::string buffer_;
};

}  // namespace isolde::server
