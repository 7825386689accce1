#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/net/tls_context.hpp"
#include "server/net/tls_transport.hpp"
#include "server/net/transport.hpp"
#include "server/session/client_channel.hpp"
#include "server/session/message_reader.hpp"
#include "wire/startup.hpp"

namespace isolde::server {

/// What a client asks for when it opens a session.
struct StartupRequest {
  std::string user;
  std::string database;
  std::vector<std::pair<std::string, std::string>>
      settings;  ///< options=-c a=b taken apart, then the others
};

/// The first packets of a connection: encryption is agreed on (or not), then comes the start-up
/// message. A CancelRequest ends here.
class Startup {
 public:
  struct Surroundings {
    std::shared_ptr<const TlsContext> tls;  ///< null: TLS is off
    bool tls_possible = true;               ///< false on Unix sockets
    std::function<void(const wire::CancelRequest&)> cancel;
  };

  /// `transport` is replaced when TLS is laid over it.
  Startup(std::unique_ptr<Transport>& transport, MessageReader& reader, ClientChannel& channel,
          Surroundings surroundings);

  /// Nothing when the client left or only wanted to cancel something.
  base::Result<std::optional<StartupRequest>> run();

  /// The TLS layer, if there is one.
  const TlsTransport* tls() const { return tls_; }

 private:
  base::Status answer_ssl_request();
  base::Status answer_gss_request();
  base::Status answer_with_byte(char answer);
  base::Result<StartupRequest> accept(const wire::StartupMessage& message);

  std::unique_ptr<Transport>& transport_;
  MessageReader& reader_;
  ClientChannel& channel_;
  Surroundings surroundings_;
  const TlsTransport* tls_ = nullptr;
  bool asked_for_tls_ = false;
  bool asked_for_gss_ = false;
};

/// Takes "-c name=value --other=value" apart; backslashes quote blanks.
base::Result<std::vector<std::pair<std::string, std::string>>> parse_startup_options(
    std::string_view options);

}  // namespace isolde::server
