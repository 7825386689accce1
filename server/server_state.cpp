#include "server/server_state.hpp"

#include <vector>

namespace isolde::server {

void OpenConnections::add(std::shared_ptr<SessionTask> task) {
  std::lock_guard lock(mutex_);
  tasks_.insert(std::move(task));
}

void OpenConnections::remove(const std::shared_ptr<SessionTask>& task) {
  std::lock_guard lock(mutex_);
  tasks_.erase(task);
  if (tasks_.empty()) changed_.notify_all();
}

void OpenConnections::interrupt_all(base::Interrupt reason) {
  std::lock_guard lock(mutex_);
  for (const auto& task : tasks_) task->interrupt(reason);
}

size_t OpenConnections::count() const {
  std::lock_guard lock(mutex_);
  return tasks_.size();
}

bool OpenConnections::wait_until_none(base::SteadyTime deadline) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, deadline, [this] { return tasks_.empty(); });
}

}  // namespace isolde::server
