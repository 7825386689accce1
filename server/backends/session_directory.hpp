#pragma once

#include <atomic>
#include <functional>

#include "server/backends/backends.hpp"
#include "server/background/background_worker.hpp"
#include "sql/session/instance.hpp"

namespace isolde::server {

/// What SQL may see of the sessions and do to them: pg_stat_activity, pg_cancel_backend, ...
class SessionDirectory final : public sql::ActivitySource, public sql::SessionControl {
 public:
  /// `request_reload` is called by pg_reload_conf; it must not block.
  SessionDirectory(Backends& backends, std::function<void()> request_reload)
      : backends_(backends), request_reload_(std::move(request_reload)) {}

  void for_each(const std::function<void(const sql::Activity&)>& visit) override;
  bool cancel(base::SessionId pid) override;
  bool terminate(base::SessionId pid) override;
  bool reload() override;
  void leave(base::Oid database) override;

  /// Shown and interrupted with the sessions. Before the first session; null takes it out again.
  void set_worker(BackgroundWorker* worker) { worker_ = worker; }

 private:
  Backends& backends_;
  std::function<void()> request_reload_;
  BackgroundWorker* worker_ = nullptr;
};

}  // namespace isolde::server
