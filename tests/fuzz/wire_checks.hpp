#pragma once

#include <string_view>

namespace isolde::fuzz {

/// The first byte of an input says which part of the codec reads the rest.
enum class WireMode : char {
  kStartup = '0',         ///< start-up packets, one after the other
  kFrontend = '1',        ///< a stream of frontend messages
  kAuthentication = '2',  ///< a stream of authentication responses
  kBackend = '3',         ///< a stream of backend messages
  kFrontendBody = '4',    ///< a type byte, then one body without its length
  kBackendBody = '5',     ///< the same, from a server
};

/// Runs one input. Throws std::logic_error when the codec breaks one of its promises:
///  1. whatever decodes, encodes to the same bytes again (an error report, whose fields may come
///     in any order: to bytes that decode to the same message);
///  2. a frame is recognised from all of its bytes and from no fewer, and the framer says exactly
///     how many are missing;
///  3. every error has an SQLSTATE and a message.
void check_wire(std::string_view input);

}  // namespace isolde::fuzz
