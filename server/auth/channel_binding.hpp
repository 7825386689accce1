#pragma once

#include <string>

struct x509_st;

namespace isolde::server {

/// The channel binding data of a server's certificate (RFC 5929, tls-server-end-point): its digest
/// by the algorithm it is signed with, SHA-256 in place of MD5 and SHA-1. Empty when the signature
/// names no algorithm; channel binding is not offered then.
std::string tls_server_end_point(const x509_st* certificate);

}  // namespace isolde::server
