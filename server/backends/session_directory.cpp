#include "server/backends/session_directory.hpp"

namespace isolde::server {

namespace {

const char* state_name(ActivityState state) {
  switch (state) {
    case ActivityState::kStarting:
      return "";
    case ActivityState::kIdle:
      return "idle";
    case ActivityState::kActive:
      return "active";
    case ActivityState::kIdleInTransaction:
      return "idle in transaction";
    case ActivityState::kIdleInFailedTransaction:
      return "idle in transaction (aborted)";
  }
  return "";
}

std::optional<base::Timestamp> unless_zero(base::Timestamp time) {
  if (time == base::Timestamp{}) return std::nullopt;
  return time;
}

sql::Activity describe(const Backend& backend) {
  Activity::Snapshot now = backend.activity.read();
  sql::Activity row;
  row.pid = backend.id;
  row.user = backend.user;
  row.database = backend.database;
  row.application_name = std::move(now.application_name);
  row.client_address = backend.client_address;
  row.client_port = backend.client_port;
  row.backend_start = unless_zero(backend.started);
  row.transaction_start = unless_zero(now.transaction_start);
  row.query_start = unless_zero(now.query_start);
  row.state_change = unless_zero(now.state_change);
  row.state = state_name(now.state);
  row.query = std::move(now.query);
  if (const base::WaitEvent* event = backend.task->waiting_for()) {
    row.wait_event_type = event->type;
    row.wait_event = event->name;
  }
  return row;
}

}  // namespace

void SessionDirectory::for_each(const std::function<void(const sql::Activity&)>& visit) {
  backends_.for_each([&](const Backend& backend) { visit(describe(backend)); });
  if (worker_ == nullptr) return;
  if (auto now = worker_->activity()) visit(*now);
}

bool SessionDirectory::cancel(base::SessionId pid) {
  if (worker_ != nullptr && worker_->interrupt(pid)) return true;
  return backends_.interrupt(pid, base::Interrupt::kCancel);
}

bool SessionDirectory::terminate(base::SessionId pid) {
  if (worker_ != nullptr && worker_->interrupt(pid)) return true;
  return backends_.interrupt(pid, base::Interrupt::kTerminate);
}

void SessionDirectory::leave(base::Oid database) {
  if (worker_ != nullptr) worker_->leave(database);
}

bool SessionDirectory::reload() {
  request_reload_();
  return true;
}

}  // namespace isolde::server
