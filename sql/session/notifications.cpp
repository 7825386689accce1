#include "sql/session/notifications.hpp"

#include <algorithm>
#include <utility>

#include "base/task.hpp"

namespace isolde::sql {

void NotificationQueue::push(Notification notification) {
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(notification));
    count_.store(waiting_.size(), std::memory_order_release);
  }
  task_.signal();
}

std::vector<Notification> NotificationQueue::take() {
  std::lock_guard lock(mutex_);
  count_.store(0, std::memory_order_release);
  return std::exchange(waiting_, {});
}

void Notifications::listen(base::Oid database, const std::string& channel,
                           NotificationQueue& queue) {
  std::lock_guard lock(mutex_);
  auto& listeners = listeners_[{database, channel}];
  if (std::ranges::find(listeners, &queue) == listeners.end()) listeners.push_back(&queue);
}

void Notifications::unlisten(base::Oid database, const std::string& channel,
                             NotificationQueue& queue) {
  std::lock_guard lock(mutex_);
  auto found = listeners_.find({database, channel});
  if (found == listeners_.end()) return;
  std::erase(found->second, &queue);
  if (found->second.empty()) listeners_.erase(found);
}

void Notifications::unlisten_all(NotificationQueue& queue) {
  std::lock_guard lock(mutex_);
  for (auto& [where, listeners] : listeners_) std::erase(listeners, &queue);
  std::erase_if(listeners_, [](const auto& one) { return one.second.empty(); });
}

std::vector<std::string> Notifications::channels(base::Oid database,
                                                 const NotificationQueue& queue) {
  std::lock_guard lock(mutex_);
  std::vector<std::string> found;
  for (const auto& [where, listeners] : listeners_) {
    bool listens = std::ranges::find(listeners, &queue) != listeners.end();
    if (where.first == database && listens) found.push_back(where.second);
  }
  return found;
}

void Notifications::publish(base::Oid database, std::span<const Notification> notifications) {
  std::lock_guard lock(mutex_);
  for (const Notification& one : notifications) {
    auto found = listeners_.find({database, one.channel});
    if (found == listeners_.end()) continue;
    for (NotificationQueue* queue : found->second) queue->push(one);
  }
}

}  // namespace isolde::sql
