#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_set>

#include "server/auth/hba.hpp"
#include "server/auth/role_source.hpp"
#include "server/backends/backends.hpp"
#include "server/net/tls_context.hpp"
#include "sql/session/instance.hpp"
#include "sql/settings/server_settings.hpp"

namespace isolde::server {

/// A value that a reload replaces while connections hold on to the one they started with.
template <typename T>
class Replaceable {
 public:
  std::shared_ptr<const T> get() const {
    std::lock_guard lock(mutex_);
    return value_;
  }
  void set(std::shared_ptr<const T> value) {
    std::lock_guard lock(mutex_);
    value_ = std::move(value);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;  // guarded by mutex_
};

/// Every connection, from its first byte on: so that a shutdown finds also those that have not said
/// who they are. Thread safe.
class OpenConnections {
 public:
  void add(std::shared_ptr<SessionTask> task);
  void remove(const std::shared_ptr<SessionTask>& task);
  void interrupt_all(base::Interrupt reason);
  size_t count() const;
  /// Blocks the calling thread; false when the time came first.
  bool wait_until_none(base::SteadyTime deadline) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::unordered_set<std::shared_ptr<SessionTask>> tasks_;  // guarded by mutex_
};

/// What all connections of a server share.
struct ServerState {
  sql::ServerSettings& settings;
  sql::Instance& instance;
  const RoleSource& roles;
  Backends& backends;
  OpenConnections connections;
  Replaceable<HbaRules> hba;
  Replaceable<TlsContext> tls;
};

}  // namespace isolde::server
