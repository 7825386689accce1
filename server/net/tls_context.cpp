#include "server/net/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string_view>

#include "server/auth/channel_binding.hpp"

namespace isolde::server {

namespace {

std::string openssl_reason() {
  unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "unknown error" : reason;
}

base::Error config_error(std::string message) {
  return base::Error(base::sqlstate::kConfigFileError, std::move(message)).fatal();
}

int protocol_version(std::string_view name) {
  if (name == "TLSv1") return TLS1_VERSION;
  if (name == "TLSv1.1") return TLS1_1_VERSION;
  if (name == "TLSv1.3") return TLS1_3_VERSION;
  return TLS1_2_VERSION;
}

}  // namespace

base::Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsFiles& files) {
  SSL_CTX* raw = SSL_CTX_new(TLS_server_method());
  if (raw == nullptr) return config_error("could not create SSL context: " + openssl_reason());
  std::shared_ptr<const TlsContext> context(new TlsContext(raw));
  SSL_CTX_set_min_proto_version(raw, protocol_version(files.minimum_protocol));
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                               SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                            SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  if (SSL_CTX_use_certificate_chain_file(raw, files.certificate.c_str()) != 1) {
    return config_error("could not load server certificate file \"" + files.certificate +
                        "\": " + openssl_reason());
  }
  if (SSL_CTX_use_PrivateKey_file(raw, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return config_error("could not load private key file \"" + files.key +
                        "\": " + openssl_reason());
  }
  if (SSL_CTX_check_private_key(raw) != 1) {
    return config_error("check of private key failed: " + openssl_reason());
  }
  if (!files.ciphers.empty() && SSL_CTX_set_cipher_list(raw, files.ciphers.c_str()) != 1) {
    return config_error("could not set the cipher list (no valid ciphers available)");
  }
  return context;
}

std::string TlsContext::end_point_hash() const {
  const X509* certificate = SSL_CTX_get0_certificate(context_);
  return certificate == nullptr ? std::string() : tls_server_end_point(certificate);
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

}  // namespace isolde::server
