#pragma once

#include <optional>

#include "base/task.hpp"
#include "sql/session/instance.hpp"

namespace isolde::server {

/// A thread of the server's own that works in a session, as others see it. Thread safe.
class BackgroundWorker {
 public:
  virtual ~BackgroundWorker() = default;
  /// Nothing while it has nothing to do.
  virtual std::optional<sql::Activity> activity() = 0;
  /// Ends what it is doing if it is this session.
  virtual bool interrupt(base::SessionId session) = 0;
  /// Ends what it is doing in this database.
  virtual void leave(base::Oid database) = 0;
};

}  // namespace isolde::server
