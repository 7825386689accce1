#pragma once

#include <memory>
#include <string>

#include "server/net/tls_context.hpp"
#include "server/net/transport.hpp"

namespace isolde::server {

/// TLS over another transport. OpenSSL sees two memory buffers, one a direction; this class carries
/// bytes between them and the transport below, so that waiting stays in one place.
class TlsTransport final : public Transport {
 public:
  TlsTransport(std::unique_ptr<Transport> below, std::shared_ptr<const TlsContext> context);
  ~TlsTransport() override;

  /// The handshake; fails when the client breaks it off.
  base::Status accept();

  base::Result<size_t> read_some(std::span<char> into, ReadFor purpose) override;
  base::Status write(std::string_view& bytes) override;
  void write_without_waiting(std::string_view bytes) override;
  void close() override;

  std::string protocol_version() const;
  std::string cipher() const;

 private:
  struct Engine;
  base::Status flush_ciphertext();
  base::Result<bool> feed_ciphertext(ReadFor purpose);

  std::unique_ptr<Transport> below_;
  std::shared_ptr<const TlsContext> context_;
  std::unique_ptr<Engine> engine_;
  std::string outgoing_;  ///< ciphertext that the transport below has not taken yet
};

}  // namespace isolde::server
