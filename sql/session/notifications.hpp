#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"

namespace isolde::base {
class Task;
}

namespace isolde::sql {

struct Notification {
  base::SessionId from;
  std::string channel, payload;
};

/// What one session has been told and has not yet passed on to its client. Thread safe.
class NotificationQueue {
 public:
  explicit NotificationQueue(base::Task& task) : task_(task) {}
  /// Wakes the session, which may be waiting for its client.
  void push(Notification notification);
  std::vector<Notification> take();
  bool empty() const { return count_.load(std::memory_order_acquire) == 0; }

 private:
  base::Task& task_;
  std::atomic<size_t> count_{0};
  std::mutex mutex_;
  std::vector<Notification> waiting_;  // guarded by mutex_
};

/// Who listens to what, in all databases. Thread safe; a queue leaves before it is gone.
class Notifications {
 public:
  void listen(base::Oid database, const std::string& channel, NotificationQueue& queue);
  void unlisten(base::Oid database, const std::string& channel, NotificationQueue& queue);
  void unlisten_all(NotificationQueue& queue);
  std::vector<std::string> channels(base::Oid database, const NotificationQueue& queue);
  void publish(base::Oid database, std::span<const Notification> notifications);

 private:
  std::mutex mutex_;
  std::map<std::pair<base::Oid, std::string>, std::vector<NotificationQueue*>>
      listeners_;  // guarded by mutex_
};

}  // namespace isolde::sql
