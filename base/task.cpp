#include "base/task.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "base/latch_count.hpp"

namespace isolde::base {

namespace {

using namespace std::chrono_literals;

/// How long a task may keep its thread before others get a turn.
constexpr auto kTimeSlice = 300us;
/// poll() looks at the clock about this often.
constexpr auto kLookInterval = 40us;
constexpr int kMaxPollsPerLook = 4096;

constexpr uint32_t bit(Interrupt kind) {
  return static_cast<uint32_t>(kind);
}

constexpr uint32_t kStatementInterrupts =
    bit(Interrupt::kCancel) | bit(Interrupt::kStatementTimeout) | bit(Interrupt::kLockTimeout);

struct Reason {
  Interrupt kind;
  SqlState state;
  Severity severity;
  const char* message;
};

/// Weightiest first: when several are pending, the first of these is reported.
constexpr Reason kReasons[] = {
    {Interrupt::kAuthenticationTimeout, sqlstate::kQueryCanceled, Severity::kFatal,
     "canceling authentication due to timeout"},
    {Interrupt::kTerminate, sqlstate::kAdminShutdown, Severity::kFatal,
     "terminating connection due to administrator command"},
    {Interrupt::kShutdown, sqlstate::kAdminShutdown, Severity::kFatal,
     "terminating connection due to administrator command"},
    {Interrupt::kLockTimeout, sqlstate::kLockNotAvailable, Severity::kError,
     "canceling statement due to lock timeout"},
    {Interrupt::kStatementTimeout, sqlstate::kQueryCanceled, Severity::kError,
     "canceling statement due to statement timeout"},
    {Interrupt::kCancel, sqlstate::kQueryCanceled, Severity::kError,
     "canceling statement due to user request"},
    {Interrupt::kIdleInTransaction, sqlstate::kIdleInTransactionSessionTimeout, Severity::kFatal,
     "terminating connection due to idle-in-transaction timeout"},
    {Interrupt::kIdleSession, sqlstate::kIdleSessionTimeout, Severity::kFatal,
     "terminating connection due to idle-session timeout"},
};

constexpr Interrupt kTimedInterrupts[] = {Interrupt::kAuthenticationTimeout,
                                          Interrupt::kLockTimeout, Interrupt::kStatementTimeout,
                                          Interrupt::kIdleInTransaction, Interrupt::kIdleSession};

}  // namespace

Wake Task::wait(const WaitEvent& event, SteadyTime deadline) {
  assert_no_latch();
  waiting_for_.store(&event, std::memory_order_relaxed);
  Wake wake = Wake::kSignalled;
  while (!signalled_.exchange(false, std::memory_order_acquire)) {
    if (interruptible()) {
      wake = Wake::kInterrupted;
      break;
    }
    SteadyTime until = std::min(deadline, holds_ > 0 ? kNever : next_timeout_);
    suspend_until(until);
    if (until == kNever) continue;
    SteadyTime now = steady_now();
    fire_timeouts(now);
    if (now >= deadline && !signalled_.load(std::memory_order_acquire)) {
      wake = Wake::kDeadline;
      break;
    }
  }
  waiting_for_.store(nullptr, std::memory_order_relaxed);
  slice_began_ = {};  // the next look at the clock starts a new slice
  return wake;
}

Status Task::poll_slowly() {
  SteadyTime now = steady_now();
  fire_timeouts(now);
  if (slice_began_ == SteadyTime{}) {
    slice_began_ = now;
    polls_per_look_ = 1;
  } else if (now - last_look_ < kLookInterval) {
    polls_per_look_ = std::min(polls_per_look_ * 2, kMaxPollsPerLook);
  } else {
    polls_per_look_ = std::max(polls_per_look_ / 2, 1);
  }
  if (now - slice_began_ >= kTimeSlice) {
    assert_no_latch();
    yield();
    now = slice_began_ = steady_now();
  }
  last_look_ = now;
  polls_left_ = polls_per_look_;
  return take_interrupt();
}

bool Task::interruptible() const {
  return holds_ == 0 && pending_.load(std::memory_order_acquire) != 0;
}

Status Task::take_interrupt() {
  if (!interruptible()) return {};
  uint32_t pending = pending_.load(std::memory_order_acquire);
  for (const Reason& reason : kReasons) {
    if ((pending & bit(reason.kind)) == 0) continue;
    if (reason.severity < Severity::kFatal) forget_statement_interrupts();
    return Error(reason.state, reason.message).severity(reason.severity);
  }
  return {};
}

bool Task::must_end() const {
  return (pending_.load(std::memory_order_acquire) & ~kStatementInterrupts) != 0;
}

void Task::forget_statement_interrupts() {
  pending_.fetch_and(~kStatementInterrupts, std::memory_order_acq_rel);
}

int Task::timeout_slot(Interrupt kind) {
  auto at = std::find(std::begin(kTimedInterrupts), std::end(kTimedInterrupts), kind);
  ISOLDE_ASSERT(at != std::end(kTimedInterrupts), "this interrupt has no timeout");
  return static_cast<int>(at - std::begin(kTimedInterrupts));
}

void Task::set_timeout(Interrupt kind, SteadyTime when) {
  timeouts_[timeout_slot(kind)] = when;
  next_timeout_ = next_timeout();
}

SteadyTime Task::next_timeout() const {
  return *std::min_element(timeouts_, timeouts_ + kTimeouts);
}

void Task::fire_timeouts(SteadyTime now) {
  if (now < next_timeout_) return;
  for (int slot = 0; slot < kTimeouts; ++slot) {
    if (now < timeouts_[slot]) continue;
    timeouts_[slot] = kNever;
    pending_.fetch_or(bit(kTimedInterrupts[slot]), std::memory_order_acq_rel);
  }
  next_timeout_ = next_timeout();
}

void Task::set_stack(const char* bottom, const char* top) {
  stack_bottom_ = bottom;
  stack_top_ = deepest_ = top;
}

Status Task::check_stack(size_t reserve) const {
  if (stack_bottom_ == nullptr) return {};
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  if (std::less<>{}(here, deepest_)) deepest_ = here;
  if (std::less<>{}(stack_bottom_ + reserve, here)) return {};
  return Error(sqlstate::kStatementTooComplex, "stack depth limit exceeded")
      .hint("The statement nests too deeply; split it into simpler parts.");
}

size_t Task::forget_deepest_stack() {
  return static_cast<size_t>(stack_top_ - std::exchange(deepest_, stack_top_));
}

void Task::signal() {
  if (!mark_signalled()) resume();
}

void Task::interrupt(Interrupt kind) {
  pending_.fetch_or(bit(kind), std::memory_order_acq_rel);
  resume();
}

}  // namespace isolde::base
