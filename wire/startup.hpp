#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "wire/decode_error.hpp"
#include "wire/lists.hpp"
#include "wire/types.hpp"

namespace isolde::wire {

/// What a client may send first. These packets have no type byte: the first four bytes of the body
/// tell them apart, as a protocol version (major, minor) or as a code that looks like version 1234.

inline constexpr uint32_t kCancelRequestCode = 1234U << 16 | 5678;
inline constexpr uint32_t kSslRequestCode = 1234U << 16 | 5679;
inline constexpr uint32_t kGssEncRequestCode = 1234U << 16 | 5680;

/// Asks for TLS. The answer is one bare byte, kSslAccepted or kEncryptionRefused.
struct SslRequest {
  bool operator==(const SslRequest&) const = default;
};

/// Asks for GSSAPI encryption. The answer is kGssEncAccepted or kEncryptionRefused.
struct GssEncRequest {
  bool operator==(const GssEncRequest&) const = default;
};

inline constexpr char kSslAccepted = 'S';
inline constexpr char kGssEncAccepted = 'G';
inline constexpr char kEncryptionRefused = 'N';

/// Asks to cancel what the session of that BackendKeyData runs. Never answered.
struct CancelRequest {
  int32_t process_id = 0;
  int32_t secret_key = 0;
  bool operator==(const CancelRequest&) const = default;
};

/// Opens a session. A minor version above ours, or a parameter that is_protocol_option() and not
/// known, is answered by NegotiateProtocolVersion; the session then goes on.
struct StartupMessage {
  uint16_t minor_version = kProtocolMinor;
  ParameterList parameters;  ///< "user", "database", "options", and any setting
  bool operator==(const StartupMessage&) const = default;
};

/// True for "_pq_.something": an option of the protocol, not a setting of the session.
bool is_protocol_option(std::string_view parameter_name);

using StartupPacket = std::variant<SslRequest, GssEncRequest, CancelRequest, StartupMessage>;

/// From the body of a Frame that next_startup_packet() found. Every error is fatal.
Decoded<StartupPacket> decode_startup(std::string_view body);

void encode(const SslRequest& request, std::string& out);
void encode(const GssEncRequest& request, std::string& out);
void encode(const CancelRequest& request, std::string& out);
void encode(const StartupMessage& message, std::string& out);
void encode(const StartupPacket& packet, std::string& out);

}  // namespace isolde::wire
