#include "wire/decode_error.hpp"

namespace isolde::wire {

namespace {
constexpr std::array<char, 6> kProtocolViolation{"08P01"};
constexpr std::array<char, 6> kFeatureNotSupported{"0A000"};
constexpr std::array<char, 6> kInvalidParameterValue{"22023"};
}  // namespace

DecodeError protocol_violation(std::string message) {
  return {kProtocolViolation, std::move(message), false};
}

DecodeError fatal_violation(std::string message) {
  return {kProtocolViolation, std::move(message), true};
}

DecodeError unsupported_version(std::string message) {
  return {kFeatureNotSupported, std::move(message), true};
}

DecodeError unsupported_format(int code) {
  return {kInvalidParameterValue, "unsupported format code: " + std::to_string(code), false};
}

}  // namespace isolde::wire
