#include "server/net/peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>

namespace isolde::server {

Peer Peer::of(int connected_socket) {
  Peer peer;
  socklen_t size = sizeof peer.socket_address;
  auto* address = reinterpret_cast<sockaddr*>(&peer.socket_address);
  if (getpeername(connected_socket, address, &size) != 0) peer.socket_address = {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (peer.family() == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(peer.socket_address);
    peer.address = inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    peer.port = ntohs(v4.sin_port);
  } else if (peer.family() == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(peer.socket_address);
    peer.address = inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    peer.port = ntohs(v6.sin6_port);
  } else {
    peer.socket_address.ss_family = AF_UNIX;
    peer.local = true;
  }
  return peer;
}

}  // namespace isolde::server
