#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "server/net/transport.hpp"
#include "wire/frame.hpp"

namespace isolde::server {

/// Whole messages out of a transport. A message is a view into the buffer and lives until the next
/// one is asked for. The buffer grows with the bytes that arrive, never with the length a client
/// announces, and shrinks again after a large message.
class MessageReader {
 public:
  explicit MessageReader(Transport& transport) : transport_(&transport) {}

  /// The next message; nothing at the end of the stream. The error is fatal: malformed framing, or
  /// an interrupt of the task.
  base::Result<std::optional<wire::Frame>> next(const wire::FrameLimits& limits,
                                                Transport::ReadFor purpose);
  base::Result<std::optional<wire::Frame>> next_startup_packet();

  /// Keeps the message handed out last alive until release_kept(), while further ones are read:
  /// COPY reads its data while the query that began it still runs.
  void keep_current_message();
  void release_kept() { kept_.reset(); }

  /// True when bytes have arrived that no message has been made of.
  bool has_unread() const { return end_ > begin_; }

  /// Further bytes come through another transport (TLS over the first one).
  void switch_to(Transport& transport) { transport_ = &transport; }

 private:
  struct Free {
    void operator()(char* bytes) const;
  };
  using Bytes = std::unique_ptr<char[], Free>;

  template <typename NextFrame>
  base::Result<std::optional<wire::Frame>> next_frame(Transport::ReadFor purpose,
                                                      const NextFrame& next_frame);
  /// Reads once, into a buffer with room; false at the end of the stream.
  base::Result<bool> fill(size_t wanted, Transport::ReadFor purpose);
  void make_room(size_t wanted);
  static Bytes allocate(size_t size);

  Transport* transport_;
  Bytes buffer_;
  Bytes kept_;
  size_t capacity_ = 0;
  size_t begin_ = 0;  ///< of what has not been handed out
  size_t end_ = 0;    ///< of what has arrived
};

}  // namespace isolde::server
