#include "server/server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <thread>

#include "base/log.hpp"
#include "server/auth/verifier.hpp"
#include "server/session/connection.hpp"
#include "server/session/report.hpp"

namespace isolde::server {

namespace {

using base::Severity;

/// "a, b" without blanks and empty entries.
std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> items;
  std::string item;
  for (char c : text + ",") {
    if (c == ',') {
      if (!item.empty()) items.push_back(std::exchange(item, {}));
    } else if (c != ' ' && c != '\t' && c != '"') {
      item += c;
    }
  }
  return items;
}

size_t worker_count() {
  return std::max(1U, std::thread::hardware_concurrency());
}

/// Says why to a client that will not be served, if it listens.
void turn_away(int descriptor, const base::Error& reason) {
  std::string message;
  append_error(reason, message);
  [[maybe_unused]] ssize_t sent =
      ::send(descriptor, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  ::close(descriptor);
}

}  // namespace

Server::Server(sql::ServerSettings& settings, sql::Instance& instance, const RoleSource& roles,
               Backends& backends)
    : state_{.settings = settings,
             .instance = instance,
             .roles = roles,
             .backends = backends,
             .connections = {},
             .hba = {},
             .tls = {}} {
  for (size_t i = 0; i < worker_count(); ++i) workers_.push_back(std::make_unique<Worker>());
  instance.password_verifier = [](std::string_view password) {
    return password_type(password) == PasswordType::kPlain ? build_scram_verifier(password)
                                                           : std::string(password);
  };
  listener_ = std::make_unique<Listener>(*workers_.front(), [this](int fd) { welcome(fd); });
}

Server::~Server() {
  stop();
}

base::Status Server::start() {
  base::Status rules = load_access_rules();
  if (!rules) return rules;
  base::Status certificates = load_certificates();
  if (!certificates) return certificates;
  base::Status listening = listen();
  if (!listening) return listening;
  running_ = true;
  for (auto& worker : workers_) worker->start();
  workers_.front()->post([this] { listener_->start(); });
  return {};
}

base::Status Server::load_access_rules() {
  auto rules = HbaRules::load(state_.settings.snapshot()->text("hba_file"));
  if (!rules) return rules.take_error();
  state_.hba.set(std::make_shared<const HbaRules>(std::move(*rules)));
  return {};
}

base::Status Server::load_certificates() {
  auto settings = state_.settings.snapshot();
  if (!settings->boolean("ssl")) {
    state_.tls.set(nullptr);
    return {};
  }
  auto in_data_directory = [&](const std::string& file) {
    return file.starts_with('/') ? file : settings->text("data_directory") + "/" + file;
  };
  auto context = TlsContext::load(
      {.certificate = in_data_directory(settings->text("ssl_cert_file")),
       .key = in_data_directory(settings->text("ssl_key_file")),
       .ciphers = settings->text("ssl_ciphers"),
       .minimum_protocol = std::string(settings->label("ssl_min_protocol_version"))});
  if (!context) return context.take_error();
  state_.tls.set(*context);
  return {};
}

base::Status Server::listen() {
  auto settings = state_.settings.snapshot();
  int port = settings->integer("port");
  int backlog = std::clamp(settings->integer("max_connections") * 2, 128, SOMAXCONN);
  for (const std::string& address : split_list(settings->text("listen_addresses"))) {
    base::Status bound = listener_->listen_tcp(address, port, backlog);
    if (!bound) return bound;
  }
  int unix_port = port == 0 ? listener_->bound_port() : port;
  for (const std::string& directory : split_list(settings->text("unix_socket_directories"))) {
    base::Status bound = listener_->listen_unix(directory, unix_port, backlog,
                                                settings->integer("unix_socket_permissions"));
    if (!bound) return bound;
  }
  if (!listener_->empty()) return {};
  return base::Error(base::sqlstate::kConfigFileError, "no address to listen on")
      .hint("Set listen_addresses or unix_socket_directories.")
      .fatal();
}

/// In the first worker's loop. Twice max_connections may be on their way in, as in PostgreSQL, so
/// that cancel requests still get through when all sessions are taken.
void Server::welcome(int descriptor) {
  auto limit = static_cast<size_t>(state_.settings.snapshot()->integer("max_connections")) * 2;
  if (state_.connections.count() >= limit) {
    return turn_away(descriptor, base::Error(base::sqlstate::kTooManyConnections,
                                             "sorry, too many clients already")
                                     .fatal());
  }
  Worker& worker = least_busy_worker();
  auto task = std::make_shared<SessionTask>(worker);
  state_.connections.add(task);
  worker.post([this, task, descriptor] {
    task->start([this, task, descriptor] {
      Connection(state_, task, descriptor).run();
      state_.connections.remove(task);
    });
  });
}

Worker& Server::least_busy_worker() {
  auto fewer = [](const auto& a, const auto& b) { return a->sessions < b->sessions; };
  return **std::min_element(workers_.begin(), workers_.end(), fewer);
}

void Server::reload() {
  for (auto load : {&Server::load_access_rules, &Server::load_certificates}) {
    base::Status loaded = (this->*load)();
    if (!loaded) {
      base::log(Severity::kLog, "{}; the old configuration stays in force",
                loaded.error().message());
    }
  }
}

void Server::stop() {
  if (!std::exchange(running_, false)) return;
  std::promise<void> closed;
  workers_.front()->post([&] {
    listener_->close();
    closed.set_value();
  });
  closed.get_future().wait();
  // A session that ignores the first call is one that writes to a client who does not read: it
  // hears the interrupt there too. Repeated because a connection may have been on its way in.
  do {
    state_.connections.interrupt_all(base::Interrupt::kShutdown);
  } while (
      !state_.connections.wait_until_none(base::steady_now() + std::chrono::milliseconds(100)));
  for (auto& worker : workers_) worker->drain_and_join();
}

}  // namespace isolde::server
