#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "base/task.hpp"
#include "server/runtime/fiber.hpp"
#include "server/runtime/worker.hpp"

namespace isolde::server {

/// The Task of a session: a fiber on a worker. Always held by shared_ptr; it keeps itself alive
/// while the fiber has not finished.
class SessionTask final : public base::Task, public std::enable_shared_from_this<SessionTask> {
 public:
  explicit SessionTask(Worker& worker);
  ~SessionTask() override;

  /// Starts the body in a fiber of its own. On the worker's thread.
  void start(std::function<void()> body);

  /// As signal(), but from a completion handler in the worker's own loop, as its last action: the
  /// fiber goes on at once, without a turn through the queue.
  void signal_from_loop();

  /// Returns the memory of a stack that a deep statement has made large.
  void trim_stack();

  Worker& worker() { return worker_; }

  /// What the session does when it is woken while it waits for its client's next command.
  std::function<void()> when_idle;

 protected:
  void suspend_until(base::SteadyTime deadline) override;
  void resume() override;
  void yield() override;

 private:
  enum class Phase : int { kRunning, kSuspended, kResumePending };
  struct Timer;

  void run();
  void arm_timer(base::SteadyTime deadline);

  Worker& worker_;
  std::unique_ptr<Fiber> fiber_;
  std::unique_ptr<Timer> timer_;
  std::atomic<Phase> phase_{Phase::kRunning};
};

}  // namespace isolde::server
