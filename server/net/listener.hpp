#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "server/runtime/worker.hpp"

namespace isolde::server {

/// The sockets that new connections come in by. Accepting runs in one worker's loop; the connection
/// itself may live in another.
class Listener {
 public:
  /// Called in the worker's loop with each new connected, non-blocking descriptor, which it owns.
  using OnConnection = std::function<void(int descriptor)>;

  Listener(Worker& worker, OnConnection on_connection);
  ~Listener();

  /// `address` is numeric, a host name, or "*". Port 0 takes any free one.
  base::Status listen_tcp(const std::string& address, int port, int backlog);
  /// Listens on DIRECTORY/.s.PGSQL.PORT, after removing what a server that died has left there.
  base::Status listen_unix(const std::string& directory, int port, int backlog, int permissions);

  /// Of the first TCP socket, for those that asked for port 0.
  int bound_port() const { return bound_port_; }
  bool empty() const;

  /// Begins to accept.
  void start();
  /// In the worker's loop: no connection is accepted any more; files of Unix sockets are gone.
  void close();

 private:
  struct Socket;
  base::Status bind_tcp(const void* address_info, const std::string& address, int port,
                        int backlog);
  void accept_next(const std::shared_ptr<Socket>& socket);
  void accept_all(const std::shared_ptr<Socket>& socket);
  void pause(const std::shared_ptr<Socket>& socket);

  Worker& worker_;
  OnConnection on_connection_;
  std::vector<std::shared_ptr<Socket>> sockets_;
  int bound_port_ = 0;
};

}  // namespace isolde::server
