#include "server/runtime/session_task.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace isolde::server {

namespace asio = boost::asio;

struct SessionTask::Timer {
  asio::steady_timer timer;
};

SessionTask::SessionTask(Worker& worker) : worker_(worker) {
  ++worker_.sessions;
}

SessionTask::~SessionTask() {
  --worker_.sessions;
}

void SessionTask::start(std::function<void()> body) {
  fiber_ = std::make_unique<Fiber>(worker_.stacks(), std::move(body));
  set_stack(fiber_->stack().bottom, fiber_->stack().top());
  run();
}

/// In the worker's loop: gives the fiber the thread until it suspends. `self` outlives the last
/// turn.
void SessionTask::run() {
  std::shared_ptr<SessionTask> self = shared_from_this();
  phase_.store(Phase::kRunning, std::memory_order_relaxed);
  fiber_->resume();
  if (fiber_->finished()) {
    timer_.reset();
    fiber_.reset();
  }
}

void SessionTask::suspend_until(base::SteadyTime deadline) {
  Phase expected = Phase::kRunning;
  if (!phase_.compare_exchange_strong(expected, Phase::kSuspended, std::memory_order_acq_rel)) {
    phase_.store(Phase::kRunning, std::memory_order_relaxed);  // a resume came first
    return;
  }
  bool timed = deadline != base::kNever;
  if (timed) arm_timer(deadline);
  fiber_->suspend();
  if (timed) timer_->timer.cancel();
}

void SessionTask::arm_timer(base::SteadyTime deadline) {
  if (timer_ == nullptr) timer_.reset(new Timer{asio::steady_timer(worker_.io())});
  timer_->timer.expires_at(deadline);
  timer_->timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->resume();
  });
}

void SessionTask::resume() {
  if (phase_.exchange(Phase::kResumePending, std::memory_order_acq_rel) != Phase::kSuspended)
    return;
  asio::post(worker_.io(), [self = shared_from_this()] { self->run(); });
}

void SessionTask::signal_from_loop() {
  if (mark_signalled()) return;
  if (phase_.load(std::memory_order_acquire) == Phase::kSuspended &&
      phase_.exchange(Phase::kRunning, std::memory_order_acq_rel) == Phase::kSuspended) {
    run();
  } else {
    resume();
  }
}

void SessionTask::yield() {
  asio::post(worker_.io(), [self = shared_from_this()] { self->run(); });
  fiber_->suspend();
}

void SessionTask::trim_stack() {
  if (fiber_ != nullptr && forget_deepest_stack() > kDeepStack) {
    StackPool::trim(fiber_->stack(), kDeepStack);
  }
}

}  // namespace isolde::server
