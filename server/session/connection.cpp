#include "server/session/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <utility>

#include "base/log.hpp"
#include "server/net/socket_transport.hpp"
#include "server/session/authentication.hpp"
#include "server/session/message_loop.hpp"
#include "server/session/report.hpp"
#include "sql/settings/session_settings.hpp"

namespace isolde::server {

namespace {

using base::Severity;

std::string host_of(const Peer& peer) {
  return peer.local ? "[local]" : peer.address;
}

void set_option(int descriptor, int level, int option, int value) {
  if (value > 0) setsockopt(descriptor, level, option, &value, sizeof value);
}

void tune_tcp(int descriptor, const sql::SettingsSnapshot& settings) {
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, settings.integer("tcp_keepalives_idle"));
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, settings.integer("tcp_keepalives_interval"));
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, settings.integer("tcp_keepalives_count"));
  set_option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, settings.integer("tcp_user_timeout"));
}

/// Keeps the session in the registry for as long as it is served.
class Registration {
 public:
  Registration(Backends& backends, base::SessionId id) : backends_(backends), id_(id) {}
  ~Registration() { backends_.remove(id_); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

 private:
  Backends& backends_;
  base::SessionId id_;
};

}  // namespace

Connection::Connection(ServerState& server, std::shared_ptr<SessionTask> task, int descriptor)
    : server_(server),
      task_(std::move(task)),
      settings_(server.settings.snapshot()),
      peer_(Peer::of(descriptor)),
      began_(base::steady_now()),
      transport_(std::make_unique<SocketTransport>(*task_, descriptor, peer_.family())),
      reader_(*transport_),
      channel_(*transport_) {
  if (!peer_.local) tune_tcp(descriptor, *settings_);
}

Connection::~Connection() = default;

void Connection::run() {
  base::Status ended = serve();
  if (!ended) say_goodbye(ended.error());
  session_.reset();
  if (backend_ != nullptr && settings_->boolean("log_disconnections")) log_disconnected();
  transport_->close();
}

base::Status Connection::serve() {
  auto limit = std::chrono::seconds(settings_->integer("authentication_timeout"));
  task_->set_timeout(base::Interrupt::kAuthenticationTimeout, base::steady_now() + limit);
  if (settings_->boolean("log_connections")) log_received();
  auto request = negotiate();
  if (!request) return request.take_error();
  if (!request->has_value()) return {};
  base::Status admitted = admit(**request);
  if (!admitted) return admitted;
  Registration registration(server_.backends, backend_->id);
  base::Status opened = open_session(**request);
  if (!opened) return opened;
  task_->set_timeout(base::Interrupt::kAuthenticationTimeout, base::kNever);
  greet();
  return MessageLoop(*session_, *backend_, reader_, channel_).run();
}

base::Result<std::optional<StartupRequest>> Connection::negotiate() {
  Startup startup(transport_, reader_, channel_,
                  {.tls = server_.tls.get(),
                   .tls_possible = !peer_.local,
                   .cancel = [this](const wire::CancelRequest& request) {
                     server_.backends.cancel(base::SessionId(request.process_id),
                                             request.secret_key);
                   }});
  auto request = startup.run();
  encrypted_ = startup.tls() != nullptr;
  return request;
}

base::Status Connection::admit(const StartupRequest& request) {
  backend_ = std::make_shared<Backend>();
  backend_->task = task_;
  backend_->user = request.user;
  backend_->database = request.database;
  backend_->client_address = peer_.address;
  backend_->client_port = peer_.port;
  backend_->started = base::wall_now();
  auto limit = static_cast<size_t>(settings_->integer("max_connections"));
  if (server_.backends.admit(backend_, limit)) return {};
  return base::Error(base::sqlstate::kTooManyConnections, "sorry, too many clients already")
      .fatal();
}

base::Status Connection::open_session(const StartupRequest& request) {
  Authentication authentication({.server = server_,
                                 .settings = *settings_,
                                 .peer = peer_,
                                 .encrypted = encrypted_,
                                 .task = *task_,
                                 .reader = reader_,
                                 .channel = channel_});
  auto role = authentication.run(request);
  if (!role) return role.take_error();
  backend_->superuser = role->superuser;
  base::Status room = check_reserved_slots();
  if (!room) return room;
  auto database = server_.instance.database(request.database);
  if (!database) return database.take_error().fatal();
  sql::Session::Identity identity{.id = backend_->id,
                                  .user = request.user,
                                  .database = request.database,
                                  .client_address = peer_.address,
                                  .client_port = peer_.port,
                                  .superuser = role->superuser};
  sql::ClientMessages& client = *this;
  session_ = std::make_unique<sql::Session>(server_.instance, std::move(*database),
                                            std::move(identity), *task_, client);
  task_->when_idle = [this] {
    if (session_ == nullptr) return;
    session_->deliver_notifications();
    if (!channel_.buffer().empty()) static_cast<void>(channel_.flush());
  };
  for (const auto& [name, value] : request.settings) {
    base::Status set = session_->set_startup_parameter(name, value);
    if (!set) return set.take_error().fatal();
  }
  if (settings_->boolean("log_connections")) log_authorized(request);
  return {};
}

base::Status Connection::check_reserved_slots() const {
  auto limit = settings_->integer("max_connections");
  auto reserved = settings_->integer("superuser_reserved_connections");
  if (backend_->superuser || static_cast<int>(server_.backends.count()) <= limit - reserved)
    return {};
  return base::Error(base::sqlstate::kTooManyConnections,
                     "remaining connection slots are reserved for non-replication superuser "
                     "connections")
      .fatal();
}

/// What a client is told before its first query. Goes out with the first ReadyForQuery.
void Connection::greet() {
  wire::BackendWriter writer = channel_.writer();
  for (const auto& [name, value] : session_->all_reported_settings()) {
    writer.parameter_status(name, value);
  }
  writer.backend_key_data(backend_->id.value, backend_->secret);
  backend_->activity.set_application_name(session_->settings().application_name());
}

/// Last words: as much of them as the client takes without our waiting.
void Connection::say_goodbye(const base::Error& error) {
  append_error(error, channel_.buffer());
  channel_.flush_last_words();
  base::log_session(backend_ == nullptr ? base::SessionId{} : backend_->id, error.severity(), "{}",
                    error.message());
}

void Connection::notice(const base::Error& notice) {
  append_notice(notice, channel_.buffer());
}

void Connection::notified(base::SessionId from, std::string_view channel,
                          std::string_view payload) {
  channel_.writer().notification_response(from.value, channel, payload);
}

void Connection::parameter_changed(std::string_view name, std::string_view value) {
  channel_.writer().parameter_status(name, value);
  if (name == "application_name") backend_->activity.set_application_name(value);
}

void Connection::log_received() const {
  if (peer_.local) {
    base::log(Severity::kLog, "connection received: host=[local]");
  } else {
    base::log(Severity::kLog, "connection received: host={} port={}", peer_.address, peer_.port);
  }
}

void Connection::log_authorized(const StartupRequest& request) const {
  base::log_session(backend_->id, Severity::kLog,
                    "connection authorized: user={} database={} application_name={}{}",
                    request.user, request.database, session_->settings().application_name(),
                    encrypted_ ? " SSL enabled" : "");
}

void Connection::log_disconnected() const {
  using namespace std::chrono;
  auto ms = duration_cast<milliseconds>(base::steady_now() - began_).count();
  base::log_session(
      backend_->id, Severity::kLog,
      "disconnection: session time: {}:{:02}:{:02}.{:03} user={} database={} host={}{}",
      ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000, backend_->user,
      backend_->database, host_of(peer_), peer_.local ? "" : fmt::format(" port={}", peer_.port));
}

}  // namespace isolde::server
