#pragma once

#include <memory>

#include "server/net/transport.hpp"
#include "server/runtime/session_task.hpp"

namespace isolde::server {

/// TCP or Unix socket, through Asio's reactor. Owns the descriptor.
class SocketTransport final : public Transport {
 public:
  /// Takes over a connected, non-blocking socket of the given family.
  SocketTransport(SessionTask& task, int descriptor, int family);
  ~SocketTransport() override;

  base::Result<size_t> read_some(std::span<char> into, ReadFor purpose) override;
  base::Status write(std::string_view& bytes) override;
  void write_without_waiting(std::string_view bytes) override;
  void close() override;

 private:
  struct Socket;
  base::Status wait_until_writable();

  SessionTask& task_;
  std::unique_ptr<Socket> socket_;
};

}  // namespace isolde::server
