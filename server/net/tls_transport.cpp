#include "server/net/tls_transport.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <utility>

namespace isolde::server {

namespace {

base::Error tls_failure() {
  unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return base::Error(base::sqlstate::kProtocolViolation,
                     std::string("could not accept SSL connection: ") +
                         (reason == nullptr ? "EOF detected" : reason))
      .fatal();
}

}  // namespace

struct TlsTransport::Engine {
  SSL* ssl;
  BIO* incoming;  // owned by ssl
  BIO* outgoing;  // owned by ssl

  explicit Engine(SSL_CTX* context)
      : ssl(SSL_new(context)), incoming(BIO_new(BIO_s_mem())), outgoing(BIO_new(BIO_s_mem())) {
    SSL_set_bio(ssl, incoming, outgoing);
    SSL_set_accept_state(ssl);
  }
  ~Engine() { SSL_free(ssl); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
};

TlsTransport::TlsTransport(std::unique_ptr<Transport> below,
                           std::shared_ptr<const TlsContext> context)
    : below_(std::move(below)),
      context_(std::move(context)),
      engine_(std::make_unique<Engine>(context_->get())) {}

TlsTransport::~TlsTransport() = default;

base::Status TlsTransport::accept() {
  for (;;) {
    ERR_clear_error();
    int outcome = SSL_do_handshake(engine_->ssl);
    bool wants_more = outcome != 1 && SSL_get_error(engine_->ssl, outcome) == SSL_ERROR_WANT_READ;
    base::Error failure = outcome == 1 || wants_more
                              ? base::Error(base::sqlstate::kProtocolViolation, "")
                              : tls_failure();
    base::Status flushed = flush_ciphertext();  // an alert, when the handshake has failed
    if (!flushed) return flushed;
    if (outcome == 1) return {};
    if (!wants_more) return failure;
    base::Result<bool> more = feed_ciphertext(ReadFor::kCommand);
    if (!more) return more.take_error();
    if (!*more) return tls_failure();
  }
}

base::Result<size_t> TlsTransport::read_some(std::span<char> into, ReadFor purpose) {
  for (;;) {
    ERR_clear_error();
    int count = SSL_read(engine_->ssl, into.data(),
                         static_cast<int>(std::min<size_t>(into.size(), size_t{1} << 30)));
    if (count > 0) return static_cast<size_t>(count);
    if (SSL_get_error(engine_->ssl, count) != SSL_ERROR_WANT_READ) return size_t{0};
    base::Status flushed = flush_ciphertext();  // answers to key updates
    if (!flushed) return flushed.take_error();
    base::Result<bool> more = feed_ciphertext(purpose);
    if (!more) return more.take_error();
    if (!*more) return size_t{0};
  }
}

base::Status TlsTransport::write(std::string_view& bytes) {
  constexpr size_t kChunk = size_t{16} << 10;  // one TLS record
  while (!bytes.empty()) {
    ERR_clear_error();
    int taken =
        SSL_write(engine_->ssl, bytes.data(), static_cast<int>(std::min(bytes.size(), kChunk)));
    if (taken <= 0) {
      return base::Error(base::sqlstate::kConnectionFailure, "could not send data to client")
          .fatal();
    }
    bytes.remove_prefix(static_cast<size_t>(taken));
    base::Status flushed = flush_ciphertext();
    if (!flushed) return flushed;
  }
  return flush_ciphertext();
}

void TlsTransport::write_without_waiting(std::string_view bytes) {
  ERR_clear_error();
  if (bytes.empty() || SSL_write(engine_->ssl, bytes.data(), static_cast<int>(bytes.size())) <= 0)
    return;
  char* data = nullptr;
  long size = BIO_get_mem_data(engine_->outgoing, &data);
  outgoing_.append(data, static_cast<size_t>(size));
  below_->write_without_waiting(outgoing_);
}

/// Moves what OpenSSL wants to send down to the transport; keeps what that does not take.
base::Status TlsTransport::flush_ciphertext() {
  char* data = nullptr;
  long size = BIO_get_mem_data(engine_->outgoing, &data);
  if (size > 0) outgoing_.append(data, static_cast<size_t>(size));
  BIO_reset(engine_->outgoing);
  std::string_view rest = outgoing_;
  base::Status written = below_->write(rest);
  outgoing_.erase(0, outgoing_.size() - rest.size());
  return written;
}

/// Reads from below into OpenSSL; false at the end of the stream.
base::Result<bool> TlsTransport::feed_ciphertext(ReadFor purpose) {
  std::array<char, 8192> buffer;
  base::Result<size_t> count = below_->read_some(buffer, purpose);
  if (!count) return count.take_error();
  if (*count == 0) return false;
  BIO_write(engine_->incoming, buffer.data(), static_cast<int>(*count));
  return true;
}

void TlsTransport::close() {
  ERR_clear_error();
  SSL_shutdown(engine_->ssl);
  char* data = nullptr;
  long size = BIO_get_mem_data(engine_->outgoing, &data);
  if (outgoing_.empty() && size > 0)
    below_->write_without_waiting({data, static_cast<size_t>(size)});
  below_->close();
}

std::string TlsTransport::protocol_version() const {
  return SSL_get_version(engine_->ssl);
}
std::string TlsTransport::cipher() const {
  return SSL_get_cipher_name(engine_->ssl);
}

}  // namespace isolde::server
