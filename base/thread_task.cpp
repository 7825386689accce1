#include "base/thread_task.hpp"

#include <thread>

namespace isolde::base {

void ThreadTask::suspend_until(SteadyTime deadline) {
  std::unique_lock lock(mutex_);
  auto resumed = [this] { return resumed_; };
  if (deadline == kNever) {
    wake_.wait(lock, resumed);
  } else {
    wake_.wait_until(lock, deadline, resumed);
  }
  resumed_ = false;
}

void ThreadTask::resume() {
  {
    std::lock_guard lock(mutex_);
    resumed_ = true;
  }
  wake_.notify_one();
}

void ThreadTask::yield() {
  std::this_thread::yield();
}

}  // namespace isolde::base
