#pragma once

#include "server/auth/exchange.hpp"
#include "server/net/peer.hpp"
#include "server/server_state.hpp"
#include "server/session/client_channel.hpp"
#include "server/session/message_reader.hpp"
#include "server/session/startup.hpp"

namespace isolde::server {

/// Finds the access rule for a connection and carries its exchange over the wire.
class Authentication {
 public:
  struct Surroundings {
    ServerState& server;
    const sql::SettingsSnapshot& settings;
    const Peer& peer;
    bool encrypted;
    base::Task& task;
    MessageReader& reader;
    ClientChannel& channel;
  };

  explicit Authentication(const Surroundings& surroundings) : at_(surroundings) {}

  /// Who the client has proved to be; AuthenticationOk is on its way. Every error is FATAL.
  base::Result<RoleSecret> run(const StartupRequest& request);

 private:
  base::Result<HbaMethod> find_method(const StartupRequest& request) const;
  base::Status carry_out(AuthExchange& exchange);
  base::Result<wire::Frame> read_response();
  void send(const AuthMessage& message);

  Surroundings at_;
};

}  // namespace isolde::server
