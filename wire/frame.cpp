#include "wire/frame.hpp"

#include <string>

#include "wire/byte_order.hpp"

namespace isolde::wire {

namespace {

constexpr size_t kLengthSize = 4;

[[gnu::cold]] DecodeError refused_type(char type, const FrameLimits& limits) {
  return fatal_violation(std::string(limits.refusal()) + ' ' +
                         std::to_string(static_cast<unsigned char>(type)));
}

}  // namespace

NextFrame next_frame(std::string_view input, const FrameLimits& limits) {
  constexpr size_t kHeaderSize = 1 + kLengthSize;
  if (input.empty()) return NeedMore{kHeaderSize};
  const char type = input.front();
  const uint32_t limit = limits.of(type);
  if (limit == 0) return refused_type(type, limits);
  if (input.size() < kHeaderSize) return NeedMore{kHeaderSize - input.size()};
  // A negative length is a huge one here.
  const auto length = load_big_endian<uint32_t>(input.data() + 1);
  if (length < kLengthSize || length > limit) return fatal_violation("invalid message length");
  const size_t size = 1 + size_t{length};
  if (input.size() < size) return NeedMore{size - input.size()};
  return Frame{type, input.substr(kHeaderSize, size - kHeaderSize), size};
}

NextFrame next_startup_packet(std::string_view input) {
  constexpr size_t kCodeSize = 4;
  if (input.size() < kLengthSize) return NeedMore{kLengthSize - input.size()};
  const auto length = load_big_endian<uint32_t>(input.data());
  if (length < kLengthSize + kCodeSize || length > kLengthSize + kStartupPacketLimit) {
    return fatal_violation("invalid length of startup packet");
  }
  if (input.size() < length) return NeedMore{length - input.size()};
  return Frame{0, input.substr(kLengthSize, length - kLengthSize), length};
}

}  // namespace isolde::wire
