#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "server/net/listener.hpp"
#include "server/runtime/worker.hpp"
#include "server/server_state.hpp"

namespace isolde::server {

/// The running server: workers, listeners, connections. Made, started and stopped by one thread.
class Server {
 public:
  Server(sql::ServerSettings& settings, sql::Instance& instance, const RoleSource& roles,
         Backends& backends);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Reads the access rules and certificates, opens the sockets and begins to accept. The error
  /// says why the server cannot start.
  base::Status start();
  /// Access rules and certificates again; what cannot be read is logged and stays as it was.
  void reload();
  /// Orderly: no new connections, 57P01 to every session, waits until all have ended.
  void stop();

  /// Of the first TCP socket.
  int port() const { return listener_->bound_port(); }

 private:
  base::Status load_access_rules();
  base::Status load_certificates();
  base::Status listen();
  void welcome(int descriptor);
  Worker& least_busy_worker();

  ServerState state_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Listener> listener_;
  bool running_ = false;
};

}  // namespace isolde::server
