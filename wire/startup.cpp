#include "wire/startup.hpp"

#include "wire/message_writer.hpp"
#include "wire/reader.hpp"

namespace isolde::wire {

namespace {

constexpr uint32_t kLengthAndCode = 8;

DecodeError bad_length() {
  return fatal_violation("invalid length of startup packet");
}

DecodeError unknown_version(uint32_t version) {
  return unsupported_version("unsupported frontend protocol " + std::to_string(version >> 16) +
                             '.' + std::to_string(version & 0xffff) + ": server supports 3.0 to " +
                             std::to_string(kProtocolMajor) + '.' + std::to_string(kProtocolMinor));
}

/// The body must hold the code and nothing else.
template <typename Request>
Decoded<StartupPacket> decode_bare(const Reader& in) {
  if (in.remaining() != 0) return bad_length();
  return StartupPacket(Request{});
}

Decoded<StartupPacket> decode_cancel(Reader& in) {
  if (in.remaining() != 2 * sizeof(int32_t)) return bad_length();
  CancelRequest request;
  request.process_id = in.integer<int32_t>();
  request.secret_key = in.integer<int32_t>();
  return StartupPacket(request);
}

/// Pairs of strings, then an empty name, which must be the last byte.
Decoded<StartupPacket> decode_parameters(uint32_t version, std::string_view bytes) {
  Reader in(bytes);
  while (in.ok() && !in.string().empty()) in.string();
  if (!in.ok() || in.remaining() != 0) {
    return fatal_violation("invalid startup packet layout: expected terminator as last byte");
  }
  bytes.remove_suffix(1);
  return StartupPacket(StartupMessage{static_cast<uint16_t>(version), ParameterList(bytes)});
}

void begin_packet(std::string& out, uint32_t length, uint32_t code) {
  append_integer(out, length);
  append_integer(out, code);
}

}  // namespace

bool is_protocol_option(std::string_view parameter_name) {
  return parameter_name.starts_with("_pq_.");
}

Decoded<StartupPacket> decode_startup(std::string_view body) {
  Reader in(body);
  const auto code = in.integer<uint32_t>();
  if (!in.ok()) return bad_length();
  if (code == kSslRequestCode) return decode_bare<SslRequest>(in);
  if (code == kGssEncRequestCode) return decode_bare<GssEncRequest>(in);
  if (code == kCancelRequestCode) return decode_cancel(in);
  if (code >> 16 != kProtocolMajor) return unknown_version(code);
  return decode_parameters(code, in.rest());
}

void encode(const SslRequest&, std::string& out) {
  begin_packet(out, kLengthAndCode, kSslRequestCode);
}

void encode(const GssEncRequest&, std::string& out) {
  begin_packet(out, kLengthAndCode, kGssEncRequestCode);
}

void encode(const CancelRequest& request, std::string& out) {
  begin_packet(out, kLengthAndCode + 8, kCancelRequestCode);
  append_integer(out, request.process_id);
  append_integer(out, request.secret_key);
}

void encode(const StartupMessage& message, std::string& out) {
  const std::string_view pairs = message.parameters.bytes();
  const auto length = static_cast<uint32_t>(kLengthAndCode + pairs.size() + 1);
  begin_packet(out, length, uint32_t{kProtocolMajor} << 16 | message.minor_version);
  out.append(pairs);
  out.push_back('\0');
}

void encode(const StartupPacket& packet, std::string& out) {
  std::visit([&out](const auto& held) { encode(held, out); }, packet);
}

}  // namespace isolde::wire
