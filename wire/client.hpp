#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wire/backend_messages.hpp"
#include "wire/frame.hpp"

namespace isolde::wire {

/// The receiving half of a client without its socket: bytes go in as they arrive, messages come
/// out. The sending half is encode() of startup.hpp and frontend.hpp.
///
///   stream.feed(bytes_from_socket);
///   for (auto message = stream.next(); message && *message; message = stream.next()) ...
class BackendStream {
 public:
  void feed(std::string_view bytes);

  /// The next whole message, or nothing until more is fed. Views in it live until the next feed().
  /// After a fatal error there is no way to go on.
  Decoded<std::optional<BackendMessage>> next();

 private:
  std::string buffer_;
  size_t consumed_ = 0;
};

}  // namespace isolde::wire
