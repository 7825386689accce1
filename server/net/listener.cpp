#include "server/net/listener.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "base/log.hpp"

namespace isolde::server {

namespace asio = boost::asio;

namespace {

base::Error listen_error(const std::string& what, const std::string& where, int port) {
  int error = errno;
  base::Error made(base::sqlstate::kObjectInUse,
                   fmt::format("could not {} {} \"{}\", port {}: {}", what,
                               where.front() == '/' ? "Unix socket in" : "address", where, port,
                               std::strerror(error)));
  if (error == EADDRINUSE) {
    return std::move(made)
        .hint(fmt::format("Is another server already running on port {}?", port))
        .fatal();
  }
  return std::move(made).fatal();
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

/// True when somebody answers on the socket: then its file is not a left-over.
bool somebody_listens(const sockaddr_un& address) {
  Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

struct Listener::Socket {
  asio::posix::stream_descriptor descriptor;
  asio::steady_timer pause;
  std::string file;  ///< of a Unix socket

  Socket(asio::io_context& io, int fd, std::string file)
      : descriptor(io, fd), pause(io), file(std::move(file)) {}
};

Listener::Listener(Worker& worker, OnConnection on_connection)
    : worker_(worker), on_connection_(std::move(on_connection)) {}

Listener::~Listener() = default;

bool Listener::empty() const {
  return sockets_.empty();
}

base::Status Listener::listen_tcp(const std::string& address, int port, int backlog) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  std::string service = std::to_string(port);
  int failure =
      getaddrinfo(address == "*" ? nullptr : address.c_str(), service.c_str(), &wanted, &found);
  if (failure != 0) {
    return base::Error(
               base::sqlstate::kConfigFileError,
               fmt::format("could not translate host name \"{}\", service \"{}\" to address: {}",
                           address, service, gai_strerror(failure)))
        .fatal();
  }
  std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
  base::Status last;
  size_t before = sockets_.size();
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    last = bind_tcp(at, address, port, backlog);
  }
  return sockets_.size() > before ? base::Status() : std::move(last);
}

base::Status Listener::bind_tcp(const void* address_info, const std::string& address, int port,
                                int backlog) {
  const auto& at = *static_cast<const addrinfo*>(address_info);
  Descriptor socket(::socket(at.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return listen_error("create socket for", address, port);
  int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (at.ai_family == AF_INET6) setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (::bind(socket.get(), at.ai_addr, at.ai_addrlen) != 0)
    return listen_error("bind", address, port);
  if (::listen(socket.get(), backlog) != 0) return listen_error("listen on", address, port);
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size);
  if (bound_port_ == 0) bound_port_ = ntohs(reinterpret_cast<sockaddr_in&>(bound).sin_port);
  sockets_.push_back(std::make_shared<Socket>(worker_.io(), socket.release(), ""));
  return {};
}

base::Status Listener::listen_unix(const std::string& directory, int port, int backlog,
                                   int permissions) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::string file = fmt::format("{}/.s.PGSQL.{}", directory, port);
  if (file.size() >= sizeof address.sun_path) {
    return base::Error(base::sqlstate::kConfigFileError,
                       fmt::format("Unix-domain socket path \"{}\" is too long (maximum {} bytes)",
                                   file, sizeof address.sun_path - 1))
        .fatal();
  }
  std::memcpy(address.sun_path, file.c_str(), file.size() + 1);
  if (somebody_listens(address)) {
    errno = EADDRINUSE;
    return listen_error("bind", directory, port);
  }
  ::unlink(file.c_str());
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return listen_error("create", directory, port);
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return listen_error("bind", directory, port);
  }
  if (::chmod(file.c_str(), static_cast<mode_t>(permissions)) != 0) {
    return listen_error("set permissions of", directory, port);
  }
  if (::listen(socket.get(), backlog) != 0) return listen_error("listen on", directory, port);
  sockets_.push_back(std::make_shared<Socket>(worker_.io(), socket.release(), file));
  return {};
}

void Listener::start() {
  for (const auto& socket : sockets_) accept_next(socket);
}

void Listener::accept_next(const std::shared_ptr<Socket>& socket) {
  socket->descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                                [this, socket](const boost::system::error_code& error) {
                                  if (!error) accept_all(socket);
                                });
}

void Listener::accept_all(const std::shared_ptr<Socket>& socket) {
  for (;;) {
    int accepted = ::accept4(socket->descriptor.native_handle(), nullptr, nullptr,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted >= 0) {
      on_connection_(accepted);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return accept_next(socket);
    } else if (errno != EINTR && errno != ECONNABORTED) {
      base::log(base::Severity::kLog, "could not accept new connection: {}", std::strerror(errno));
      return pause(socket);
    }
  }
}

/// Out of descriptors or memory: others must leave before anybody can come in.
void Listener::pause(const std::shared_ptr<Socket>& socket) {
  socket->pause.expires_after(std::chrono::milliseconds(100));
  socket->pause.async_wait([this, socket](const boost::system::error_code& error) {
    if (!error) accept_next(socket);
  });
}

void Listener::close() {
  for (const auto& socket : sockets_) {
    boost::system::error_code ignored;
    socket->pause.cancel();
    socket->descriptor.close(ignored);
    if (!socket->file.empty()) ::unlink(socket->file.c_str());
  }
  sockets_.clear();
}

}  // namespace isolde::server
