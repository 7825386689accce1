#pragma once

#include <string>
#include <string_view>

namespace isolde::server {

/// The form of a password that both sides of SCRAM compute with (RFC 4013): other blanks become
/// spaces, invisible characters fall away. A password that is not UTF-8 or holds what the RFC
/// forbids is taken byte by byte as it is, as PostgreSQL does.
///
/// Unicode normalisation (NFKC) is not done: a password with characters that have several
/// spellings must be typed as it was when it was set.
std::string saslprep(std::string_view password);

}  // namespace isolde::server
