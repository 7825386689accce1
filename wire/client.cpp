#include "wire/client.hpp"

namespace isolde::wire {

void BackendStream::feed(std::string_view bytes) {
  buffer_.erase(0, consumed_);
  consumed_ = 0;
  buffer_.append(bytes);
}

Decoded<std::optional<BackendMessage>> BackendStream::next() {
  NextFrame next = next_frame(std::string_view(buffer_).substr(consumed_), kBackendLimits);
  if (std::holds_alternative<NeedMore>(next)) return std::optional<BackendMessage>();
  if (auto* error = std::get_if<DecodeError>(&next)) return std::move(*error);
  const Frame& frame = std::get<Frame>(next);
  consumed_ += frame.size;
  Decoded<BackendMessage> message = decode_backend(frame.type, frame.body);
  if (!message) return message.take_error();
  return std::optional<BackendMessage>(std::move(*message));
}

}  // namespace isolde::wire
