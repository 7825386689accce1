#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/net/peer.hpp"
#include "server/server_state.hpp"
#include "server/session/client_channel.hpp"
#include "server/session/message_reader.hpp"
#include "server/session/startup.hpp"
#include "sql/session/session.hpp"

namespace isolde::server {

/// The life of one connection, in its own fiber: start-up packet, authentication, messages,
/// goodbye.
class Connection final : private sql::ClientMessages {
 public:
  Connection(ServerState& server, std::shared_ptr<SessionTask> task, int descriptor);
  ~Connection() override;

  void run();

 private:
  base::Status serve();
  base::Result<std::optional<StartupRequest>> negotiate();
  base::Status admit(const StartupRequest& request);
  base::Result<RoleSecret> authenticate(const StartupRequest& request);
  base::Status check_reserved_slots() const;
  base::Status open_session(const StartupRequest& request);
  void greet();
  void say_goodbye(const base::Error& error);
  void log_received() const;
  void log_authorized(const StartupRequest& request) const;
  void log_disconnected() const;

  // What the SQL session tells the client beside results.
  void notice(const base::Error& notice) override;
  void notified(base::SessionId from, std::string_view channel, std::string_view payload) override;
  void parameter_changed(std::string_view name, std::string_view value) override;

  ServerState& server_;
  std::shared_ptr<SessionTask> task_;
  std::shared_ptr<const sql::SettingsSnapshot> settings_;  ///< as they were when the client came
  Peer peer_;
  base::SteadyTime began_;
  std::unique_ptr<Transport> transport_;
  MessageReader reader_;
  ClientChannel channel_;
  bool encrypted_ = false;
  std::shared_ptr<Backend> backend_;
  std::unique_ptr<sql::Session> session_;
};

}  // namespace isolde::server
