#pragma once

#include <sys/socket.h>

#include <string>

namespace isolde::server {

/// Who is at the other end of a connection.
struct Peer {
  sockaddr_storage socket_address{};
  bool local = false;   ///< a Unix socket: no address
  std::string address;  ///< numeric: "127.0.0.1", "::1"
  int port = -1;

  int family() const { return socket_address.ss_family; }

  static Peer of(int connected_socket);
};

}  // namespace isolde::server
