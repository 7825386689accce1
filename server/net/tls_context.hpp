#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

struct ssl_ctx_st;

namespace isolde::server {

struct TlsFiles {
  std::string certificate;       ///< ssl_cert_file: PEM, the chain included
  std::string key;               ///< ssl_key_file
  std::string ciphers;           ///< ssl_ciphers, for TLS up to 1.2
  std::string minimum_protocol;  ///< ssl_min_protocol_version: "TLSv1.2", ...
};

/// The server's certificate and TLS settings, shared by all connections. Reload makes a new one;
/// connections keep theirs.
class TlsContext {
 public:
  static base::Result<std::shared_ptr<const TlsContext>> load(const TlsFiles& files);
  ~TlsContext();

  ssl_ctx_st* get() const { return context_; }
  /// What SCRAM binds to (tls-server-end-point), or empty.
  std::string end_point_hash() const;

 private:
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* context_;
};

}  // namespace isolde::server
