#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

#include "wire/decode_error.hpp"

namespace isolde::wire {

/// Where one message ends and the next begins.
///
///   start-up packet    | length (4) | body ...          |    length counts itself and the body
///   every message      | type (1) | length (4) | body ...   length does not count the type
///
/// Nothing is copied: a Frame is a view of the input. Nothing is allocated for a length that is
/// only announced either, so whoever reads from a socket should let the buffer grow with the bytes
/// that really arrive.

inline constexpr uint32_t kSmallMessageLimit = 10'000;
inline constexpr uint32_t kLargeMessageLimit = 0x3fff'fffe;  ///< 1 GiB - 2: PostgreSQL's largest
inline constexpr uint32_t kAuthenticationMessageLimit = 65'535;
inline constexpr uint32_t kShortBackendMessageLimit = 30'000;  ///< what libpq takes
inline constexpr uint32_t kStartupPacketLimit = 10'000;        ///< of the body alone

/// The message types that may come, and how large the length word of each may be.
class FrameLimits {
 public:
  struct Entry {
    std::string_view types;
    uint32_t limit;
  };

  /// `refusal` is the error message for any other type, to be followed by the type as a number.
  constexpr FrameLimits(std::string_view refusal, std::initializer_list<Entry> entries)
      : refusal_(refusal) {
    for (const Entry& entry : entries) {
      for (const char type : entry.types) limits_[static_cast<unsigned char>(type)] = entry.limit;
    }
  }

  /// 0 for a type that may not come.
  constexpr uint32_t of(char type) const { return limits_[static_cast<unsigned char>(type)]; }
  constexpr std::string_view refusal() const { return refusal_; }

 private:
  std::array<uint32_t, 256> limits_{};
  std::string_view refusal_;
};

/// From a client, once it is authenticated.
inline constexpr FrameLimits kFrontendLimits{
    "invalid frontend message type",
    {{"QFBPd", kLargeMessageLimit}, {"XCDEHScf", kSmallMessageLimit}}};

/// From a client that has been asked to prove who it is.
inline constexpr FrameLimits kAuthenticationLimits{"expected password response, got message type",
                                                   {{"p", kAuthenticationMessageLimit}}};

/// From a server.
inline constexpr FrameLimits kBackendLimits{
    "invalid backend message type",
    {{"TtDdENAV", kLargeMessageLimit}, {"RKvSZ123CGHWIcns", kShortBackendMessageLimit}}};

struct Frame {
  char type = 0;  ///< 0 for a start-up packet
  std::string_view body;
  size_t size = 0;  ///< of the whole message: how much of the input it takes up
};

/// The input is not a whole message yet; at least so many more bytes are needed.
struct NeedMore {
  size_t bytes = 0;
};

using NextFrame = std::variant<NeedMore, Frame, DecodeError>;

/// The first message of `input`. An error is always fatal: the boundary of the next one is lost.
NextFrame next_frame(std::string_view input, const FrameLimits& limits);

/// The start-up packet at the beginning of `input`.
NextFrame next_startup_packet(std::string_view input);

}  // namespace isolde::wire
