#include "server/net/socket_transport.hpp"

#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <cstring>

namespace isolde::server {

namespace asio = boost::asio;

namespace {

/// Where a completion handler leaves its outcome for the fiber that waits.
struct Completion {
  SessionTask& task;
  bool done = false;
  boost::system::error_code error;
  size_t bytes = 0;

  auto handler() {
    return [this](const boost::system::error_code& failure, size_t transferred = 0) {
      error = failure;
      bytes = transferred;
      done = true;
      task.signal_from_loop();
    };
  }
};

base::Error connection_lost(int error) {
  return base::Error(base::sqlstate::kConnectionFailure,
                     std::string("could not send data to client: ") + std::strerror(error))
      .fatal();
}

}  // namespace

struct SocketTransport::Socket {
  asio::generic::stream_protocol::socket stream;

  /// The operation ends soon, one way or the other: its handler refers to our stack, so wait for
  /// it.
  void abandon(Completion& operation) {
    boost::system::error_code ignored;
    stream.cancel(ignored);
    base::Task::InterruptHold hold(operation.task);
    while (!operation.done) operation.task.wait(base::kWaitClientRead);
  }
};

SocketTransport::SocketTransport(SessionTask& task, int descriptor, int family)
    : task_(task),
      socket_(new Socket{asio::generic::stream_protocol::socket(
          task.worker().io(), asio::generic::stream_protocol(family, 0), descriptor)}) {
  socket_->stream.native_non_blocking(true);
}

SocketTransport::~SocketTransport() {
  close();
}

base::Result<size_t> SocketTransport::read_some(std::span<char> into, ReadFor purpose) {
  Completion read{.task = task_, .error = {}};
  socket_->stream.async_read_some(asio::buffer(into.data(), into.size()), read.handler());
  while (!read.done) {
    if (task_.wait(base::kWaitClientRead) != base::Wake::kInterrupted || read.done) {
      if (!read.done && purpose == ReadFor::kCommand && task_.when_idle) task_.when_idle();
      continue;
    }
    if (purpose == ReadFor::kCommand && !task_.must_end()) {
      task_.forget_statement_interrupts();
      continue;
    }
    socket_->abandon(read);
    if (read.error == asio::error::operation_aborted) {
      base::Status interrupted = task_.take_interrupt();
      if (!interrupted) return interrupted.take_error();
    }
  }
  return read.error ? 0 : read.bytes;
}

base::Status SocketTransport::write(std::string_view& bytes) {
  while (!bytes.empty()) {
    ssize_t sent = ::send(socket_->stream.native_handle(), bytes.data(), bytes.size(),
                          MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      base::Status writable = wait_until_writable();
      if (!writable) return writable;
    } else if (errno != EINTR) {
      return connection_lost(errno);
    }
  }
  return {};
}

base::Status SocketTransport::wait_until_writable() {
  Completion ready{.task = task_, .error = {}};
  socket_->stream.async_wait(
      asio::socket_base::wait_write,
      [&ready](const boost::system::error_code& error) { ready.handler()(error); });
  while (!ready.done) {
    if (task_.wait(base::kWaitClientWrite) != base::Wake::kInterrupted || ready.done) continue;
    socket_->abandon(ready);
    return task_.take_interrupt();
  }
  return {};
}

void SocketTransport::write_without_waiting(std::string_view bytes) {
  // The result does not matter: whoever is told goodbye need not hear it.
  [[maybe_unused]] ssize_t sent = ::send(socket_->stream.native_handle(), bytes.data(),
                                         bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void SocketTransport::close() {
  boost::system::error_code ignored;
  if (socket_->stream.is_open()) {
    socket_->stream.shutdown(asio::socket_base::shutdown_send, ignored);
    socket_->stream.close(ignored);
  }
}

}  // namespace isolde::server
