#pragma once

#include <condition_variable>
#include <mutex>

#include "base/task.hpp"

namespace isolde::base {

/// A Task that is a plain thread: for background workers, tools and tests.
class ThreadTask final : public Task {
 protected:
  void suspend_until(SteadyTime deadline) override;
  void resume() override;
  void yield() override;

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool resumed_ = false;
};

}  // namespace isolde::base
