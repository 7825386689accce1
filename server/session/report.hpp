#pragma once

#include <string>

#include "base/error.hpp"
#include "wire/backend.hpp"
#include "wire/decode_error.hpp"

namespace isolde::server {

/// A message that could not be decoded, as an error for the client: FATAL when the stream is lost.
base::Error to_error(const wire::DecodeError& error);

/// Appends the error as an ErrorResponse.
void append_error(const base::Error& error, std::string& out);
/// Appends the notice as a NoticeResponse.
void append_notice(const base::Error& notice, std::string& out);

}  // namespace isolde::server
