#include "server/program.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <span>
#include <string>

#include "base/env.hpp"
#include "base/log.hpp"
#include "server/auth/catalog_roles.hpp"
#include "server/backends/session_directory.hpp"
#include "server/background/autovacuum.hpp"
#include "server/config/config_file.hpp"
#include "server/config/server_options.hpp"
#include "server/config/store_settings.hpp"
#include "server/data_directory.hpp"
#include "server/offline_tools.hpp"
#include "server/server.hpp"
#include "sql/session/instance.hpp"
#include "storage/store.hpp"

namespace isolde::server {

namespace {

using base::Severity;

int fail(const base::Error& error) {
  std::fprintf(stderr, "isolde: %s\n", error.message().c_str());
  if (!error.fields().detail.empty()) {
    std::fprintf(stderr, "DETAIL:  %s\n", error.fields().detail.c_str());
  }
  if (!error.fields().hint.empty()) {
    std::fprintf(stderr, "HINT:  %s\n", error.fields().hint.c_str());
  }
  return 1;
}

/// Thousands of sessions are thousands of descriptors.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// The signals that the main thread waits for; blocked in every thread, so that none is interrupted
/// by one.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

Severity log_threshold(sql::MessageLevel level) {
  switch (level) {
    case sql::MessageLevel::kDebug5:
    case sql::MessageLevel::kDebug4:
    case sql::MessageLevel::kDebug3:
    case sql::MessageLevel::kDebug2:
    case sql::MessageLevel::kDebug1:
      return Severity::kDebug;
    case sql::MessageLevel::kLog:
      return Severity::kLog;
    case sql::MessageLevel::kInfo:
      return Severity::kInfo;
    case sql::MessageLevel::kNotice:
      return Severity::kNotice;
    case sql::MessageLevel::kWarning:
      return Severity::kWarning;
    case sql::MessageLevel::kError:
      return Severity::kError;
    case sql::MessageLevel::kFatal:
      return Severity::kFatal;
    case sql::MessageLevel::kPanic:
      return Severity::kPanic;
  }
  return Severity::kWarning;
}

void apply_log_settings(const sql::ServerSettings& settings) {
  auto snapshot = settings.snapshot();
  base::configure_log({.threshold = log_threshold(snapshot->fields().log_min_messages),
                       .format = snapshot->text("log_destination") == "jsonlog"
                                     ? base::LogFormat::kJson
                                     : base::LogFormat::kPlain,
                       .file = {}});
}

/// A server between its first and its last breath.
class Program {
 public:
  explicit Program(ServerOptions options) : options_(std::move(options)) {}

  int run();

 private:
  base::Status configure();
  base::Status read_configuration();
  base::Status open_store();
  int stop();
  void announce() const;
  void serve_until_stopped(const sigset_t& signals);
  void reload();

  ServerOptions options_;
  sql::ServerSettings settings_;
  std::unique_ptr<DataDirectory> directory_;
  Backends backends_;
  SessionDirectory sessions_{backends_, [] { kill(getpid(), SIGHUP); }};
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<sql::Instance> instance_;
  std::unique_ptr<CatalogRoles> roles_;
  std::unique_ptr<Autovacuum> autovacuum_;
  std::unique_ptr<Server> server_;
};

int Program::run() {
  sigset_t signals = block_signals();
  raise_descriptor_limit();
  base::Status configured = configure();
  if (!configured) return fail(configured.error());
  base::Status opened = open_store();
  if (!opened) return fail(opened.error());
  instance_ = std::make_unique<sql::Instance>(settings_, *store_, &sessions_, &sessions_);
  if (base::Status s = instance_->start(); !s) return fail(s.error());
  autovacuum_ = std::make_unique<Autovacuum>(*instance_, backends_.new_id());
  sessions_.set_worker(autovacuum_.get());
  roles_ = std::make_unique<CatalogRoles>(instance_->server_catalog());
  server_ = std::make_unique<Server>(settings_, *instance_, *roles_, backends_);
  base::Status started = server_->start();
  if (!started) return fail(started.error());
  autovacuum_->start();
  announce();
  serve_until_stopped(signals);
  return stop();
}

int Program::stop() {
  server_->stop();
  autovacuum_.reset();
  base::Status closed = store_->close();
  if (closed) base::log(Severity::kLog, "database system is shut down");
  base::flush_log();
  return closed ? 0 : fail(closed.error());
}

base::Status Program::configure() {
  auto directory = DataDirectory::open(base::posix_env(), options_.data_directory);
  if (!directory) return directory.take_error();
  directory_ = std::make_unique<DataDirectory>(std::move(*directory));
  for (const auto& [name, value] :
       {std::pair<std::string, std::string>{"data_directory", directory_->path()},
        {"hba_file", directory_->hba_file()}}) {
    base::Status set = settings_.set_default(name, value);
    if (!set) return set;
  }
  for (const auto& [name, value] : options_.settings) {
    base::Status set = settings_.set_command_line(name, value);
    if (!set) return set;
  }
  base::Status read = read_configuration();
  if (read) apply_log_settings(settings_);
  return read;
}

base::Status Program::read_configuration() {
  std::string path =
      options_.config_file.empty() ? directory_->config_file() : options_.config_file;
  base::Status set = settings_.set_default("config_file", path);
  if (!set) return set;
  ConfigFile file = read_config_file(path);
  if (!file.errors.empty()) return file.errors.front();
  std::vector<base::Error> errors = settings_.load(file.settings);
  if (!errors.empty()) return errors.front();
  return {};
}

base::Status Program::open_store() {
  storage::StoreOptions options = store_options(*settings_.snapshot());
  options.take_lock = false;
  auto store = storage::Store::open(base::posix_env(), directory_->path(), std::move(options));
  if (!store) return store.take_error();
  store_ = std::move(*store);
  return {};
}

/// The line that scripts wait for.
void Program::announce() const {
  auto settings = settings_.snapshot();
  std::string address = settings->text("listen_addresses");
  if (address.empty()) address = settings->text("unix_socket_directories");
  int port = server_->port() != 0 ? server_->port() : settings->integer("port");
  std::printf("ready on %s:%d\n", address.c_str(), port);
  std::fflush(stdout);
  base::log(Severity::kLog, "database system is ready to accept connections");
}

void Program::serve_until_stopped(const sigset_t& signals) {
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) return;
    reload();
  }
}

void Program::reload() {
  base::log(Severity::kLog, "received SIGHUP, reloading configuration files");
  ConfigFile file = read_config_file(settings_.snapshot()->text("config_file"));
  for (const base::Error& error : file.errors) base::log(Severity::kLog, "{}", error.message());
  if (file.errors.empty()) {
    sql::ServerSettings::Reload outcome = settings_.reload(file.settings);
    for (const base::Error& error : outcome.errors)
      base::log(Severity::kLog, "{}", error.message());
    for (const std::string& change : outcome.changes) base::log(Severity::kLog, "{}", change);
    apply_log_settings(settings_);
    store_->tune(store_options(*settings_.snapshot()));
  }
  server_->reload();
}

}  // namespace

int run_program(int argc, char** argv) {
  auto options = parse_server_options(std::span(argv + 1, static_cast<size_t>(argc - 1)));
  if (!options) return fail(options.error());
  switch (options->mode) {
    case ServerOptions::Mode::kServe:
      return Program(std::move(*options)).run();
    case ServerOptions::Mode::kVersion:
      std::puts("isolde 0.1.0");
      return 0;
    case ServerOptions::Mode::kHelp:
      std::fputs(std::string(server_help()).c_str(), stdout);
      return 0;
    case ServerOptions::Mode::kCheck:
      return run_check(options->data_directory);
    case ServerOptions::Mode::kWaldump:
      return run_waldump(options->data_directory);
  }
  return 1;
}

}  // namespace isolde::server
