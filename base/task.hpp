#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/result.hpp"

// The one wait primitive.
//
// Everything that runs on behalf of someone is a Task: a session (a coroutine of the server) or a
// background worker (a thread). Whatever has to wait, for a row lock, for the log to reach the
// disk, for a client's next byte, for pg_sleep, waits in Task::wait, so every wait can be
// cancelled, knows its deadlines and can be seen in pg_stat_activity.
//
//      the waiting task                          any other thread
//      ----------------                          ----------------
//      enqueue itself in a lock's queue
//      wait(kTupleLock) ......... suspended
//                                                grants the lock, then signal()
//      ............................ resumed
//      look again: granted? else wait again
//
// Invariants
//  1. A signal is never lost: one that comes before the wait makes the wait return at once.
//  2. Wakes may be spurious: the waiter looks at its own condition again, as with a condition
//  variable.
//  3. Only the task itself calls wait, poll and the deadline functions; signal and interrupt may
//     come from any thread, as long as someone keeps the task alive.
//  4. Nothing is latched across wait() or poll(): both may let other sessions run on this thread.

namespace isolde::base {

/// What a task waits for, in PostgreSQL's words (pg_stat_activity.wait_event_type, wait_event).
/// Define them as constants: a Task keeps a pointer.
struct WaitEvent {
  const char* type;
  const char* name;
};

inline constexpr WaitEvent kWaitClientRead{"Client", "ClientRead"};
inline constexpr WaitEvent kWaitClientWrite{"Client", "ClientWrite"};
inline constexpr WaitEvent kWaitPgSleep{"Timeout", "PgSleep"};

/// Why a wait came back.
enum class Wake : uint8_t {
  kSignalled,    ///< signal() was called, or nothing: look again
  kDeadline,     ///< the deadline given to wait() has passed
  kInterrupted,  ///< an interrupt is pending: take_interrupt() says which error to end with
};

/// Reasons to stop what a task is doing; a bit each, so that several can be pending.
enum class Interrupt : uint32_t {
  kTerminate = 1,               ///< pg_terminate_backend: 57P01, ends the session
  kShutdown = 2,                ///< the server stops: 57P01, ends the session
  kIdleInTransaction = 4,       ///< idle_in_transaction_session_timeout: 25P03, ends the session
  kIdleSession = 8,             ///< idle_session_timeout: 57P05, ends the session
  kLockTimeout = 16,            ///< lock_timeout: 55P03
  kStatementTimeout = 32,       ///< statement_timeout: 57014
  kCancel = 64,                 ///< CancelRequest, pg_cancel_backend: 57014
  kAuthenticationTimeout = 128  ///< authentication_timeout: ends the connection without a word
};

class Task {
 public:
  Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  virtual ~Task() = default;

  /// Suspends until signal(), the deadline, one of the armed timeouts or an interrupt.
  Wake wait(const WaitEvent& event, SteadyTime deadline = kNever);

  /// To be called in every loop that can be long. Costs a decrement and a load; now and then reads
  /// the clock, lets the thread serve others when the time slice is used up, and fires timeouts.
  /// Fails with the error of a pending interrupt.
  Status poll() {
    if (--polls_left_ > 0 && pending_.load(std::memory_order_relaxed) == 0) [[likely]]
      return {};
    return poll_slowly();
  }

  /// Fails with the error of the weightiest pending interrupt and forgets that interrupt; the ones
  /// that end the session stay pending. While held back (hold_interrupts), always succeeds.
  Status take_interrupt();
  /// True when an interrupt that ends the session is pending.
  bool must_end() const;
  /// Forgets cancels and timeouts that came too late for the statement that they were meant for.
  void forget_statement_interrupts();

  /// Arms or disarms (kNever) the moment at which an interrupt of this kind raises itself. For
  /// kStatementTimeout, kLockTimeout, kIdleInTransaction, kIdleSession, kAuthenticationTimeout.
  void set_timeout(Interrupt kind, SteadyTime when);

  /// Fails with 54001 when the stack of this task has less than `reserve` bytes left. For recursive
  /// functions whose depth a client chooses.
  Status check_stack(size_t reserve = kStackReserve) const;

  /// Wakes a wait, or makes the next one return at once. Any thread.
  void signal();
  /// Makes an interrupt pending and wakes the task. Any thread.
  void interrupt(Interrupt kind);

  /// What the task waits for now, or nullptr. Any thread.
  const WaitEvent* waiting_for() const { return waiting_for_.load(std::memory_order_relaxed); }
  bool interrupt_pending() const { return pending_.load(std::memory_order_relaxed) != 0; }

  /// While one exists, interrupts stay pending but are not taken: around what must not stop half
  /// way, as a commit that is already in the log.
  class InterruptHold {
   public:
    explicit InterruptHold(Task& task) : task_(task) { ++task_.holds_; }
    ~InterruptHold() { --task_.holds_; }
    InterruptHold(const InterruptHold&) = delete;
    InterruptHold& operator=(const InterruptHold&) = delete;

   private:
    Task& task_;
  };

  static constexpr size_t kStackReserve = size_t{64} << 10;
  /// A stack deeper than this is given back after the statement.
  static constexpr size_t kDeepStack = size_t{64} << 10;

 protected:
  /// Blocks the task until resume() or the deadline; may return early.
  virtual void suspend_until(SteadyTime deadline) = 0;
  /// Ends a suspend_until, from any thread; when there is none, the next one returns at once.
  virtual void resume() = 0;
  /// Lets other tasks of the same thread run.
  virtual void yield() = 0;

  /// The bounds of this task's stack; without them check_stack always succeeds.
  void set_stack(const char* bottom, const char* top);
  /// How many bytes of stack check_stack has seen in use since the last time it was asked.
  size_t forget_deepest_stack();
  /// Leaves a signal for wait() without waking anyone; true if there was one already.
  bool mark_signalled() { return signalled_.exchange(true, std::memory_order_acq_rel); }

 private:
  Status poll_slowly();
  bool interruptible() const;
  void fire_timeouts(SteadyTime now);
  SteadyTime next_timeout() const;

  static constexpr int kTimeouts = 5;
  static int timeout_slot(Interrupt kind);

  // Written by the task alone.
  int polls_left_ = 1;
  int polls_per_look_ = 1;
  int holds_ = 0;
  SteadyTime slice_began_{};
  SteadyTime last_look_{};
  SteadyTime timeouts_[kTimeouts] = {kNever, kNever, kNever, kNever, kNever};
  SteadyTime next_timeout_ = kNever;
  const char* stack_bottom_ = nullptr;
  const char* stack_top_ = nullptr;
  mutable const char* deepest_ = nullptr;

  // Shared.
  std::atomic<uint32_t> pending_{0};
  std::atomic<bool> signalled_{false};
  std::atomic<const WaitEvent*> waiting_for_{nullptr};
};

}  // namespace isolde::base
