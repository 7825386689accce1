#pragma once

#include <absl/container/flat_hash_map.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "server/backends/activity.hpp"
#include "server/runtime/session_task.hpp"

namespace isolde::server {

/// One session as the others see it.
struct Backend {
  base::SessionId id;
  int32_t secret = 0;  ///< of BackendKeyData: who knows it may cancel
  std::shared_ptr<SessionTask> task;
  std::string user;
  std::string database;
  std::string client_address;
  int client_port = -1;
  bool superuser = false;
  base::Timestamp started;
  Activity activity;
};

/// All sessions of the server, from their start-up packet to their end. Thread safe.
class Backends {
 public:
  /// Admits a session unless `limit` are there already; gives it its number and secret.
  bool admit(const std::shared_ptr<Backend>& backend, size_t limit);
  void remove(base::SessionId id);
  /// For one of the server's own threads, that is none of these sessions.
  base::SessionId new_id();

  /// A CancelRequest: silently ignored unless the secret is right.
  void cancel(base::SessionId id, int32_t secret);
  /// pg_cancel_backend, pg_terminate_backend; false when there is no such session.
  bool interrupt(base::SessionId id, base::Interrupt reason);
  void interrupt_all(base::Interrupt reason);

  std::shared_ptr<Backend> find(base::SessionId id) const;
  void for_each(const std::function<void(const Backend&)>& visit) const;
  size_t count() const;
  /// Blocks the calling thread until no session is left or the time has come; true if none is.
  bool wait_until_empty(base::SteadyTime deadline) const;

 private:
  int32_t next_id_locked();

  mutable std::mutex mutex_;
  mutable std::condition_variable emptied_;
  absl::flat_hash_map<int32_t, std::shared_ptr<Backend>> by_id_;  // guarded by mutex_
  int32_t last_id_ = 1000;                                        // guarded by mutex_
  int32_t reserved_ = 0;  ///< of the first ids, never used again; guarded by mutex_
};

}  // namespace isolde::server
