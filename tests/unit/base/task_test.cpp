#include "base/task.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/thread_task.hpp"

namespace isolde::base {
namespace {

using namespace std::chrono_literals;

constexpr WaitEvent kEvent{"Test", "Something"};

TEST(Task, ASignalBeforeTheWaitIsNotLost) {
  ThreadTask task;
  task.signal();
  EXPECT_EQ(task.wait(kEvent), Wake::kSignalled);
}

TEST(Task, ASignalFromAnotherThreadEndsTheWait) {
  ThreadTask task;
  std::atomic<bool> done = false;
  std::thread other([&] {
    while (task.waiting_for() != &kEvent) std::this_thread::yield();
    done = true;
    task.signal();
  });
  EXPECT_EQ(task.wait(kEvent), Wake::kSignalled);
  EXPECT_TRUE(done);
  other.join();
  EXPECT_EQ(task.waiting_for(), nullptr);
}

TEST(Task, TheDeadlineEndsTheWait) {
  ThreadTask task;
  auto began = steady_now();
  EXPECT_EQ(task.wait(kEvent, began + 5ms), Wake::kDeadline);
  EXPECT_GE(steady_now(), began + 5ms);
}

TEST(Task, ADeadlineInThePastStillSeesTheSignal) {
  ThreadTask task;
  task.signal();
  EXPECT_EQ(task.wait(kEvent, steady_now() - 1s), Wake::kSignalled);
  EXPECT_EQ(task.wait(kEvent, steady_now() - 1s), Wake::kDeadline);
}

TEST(Task, ACancelInterruptsTheWaitAndIsTakenOnce) {
  ThreadTask task;
  task.interrupt(Interrupt::kCancel);
  EXPECT_EQ(task.wait(kEvent), Wake::kInterrupted);
  Status status = task.take_interrupt();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().state(), sqlstate::kQueryCanceled);
  EXPECT_EQ(status.error().message(), "canceling statement due to user request");
  EXPECT_TRUE(task.take_interrupt());
}

TEST(Task, AnInterruptThatEndsTheSessionStaysPending) {
  ThreadTask task;
  task.interrupt(Interrupt::kTerminate);
  EXPECT_FALSE(task.take_interrupt());
  Status again = task.take_interrupt();
  ASSERT_FALSE(again);
  EXPECT_TRUE(again.error().ends_session());
  EXPECT_EQ(again.error().state().code(), "57P01");
}

TEST(Task, TerminationOutweighsCancellation) {
  ThreadTask task;
  task.interrupt(Interrupt::kCancel);
  task.interrupt(Interrupt::kTerminate);
  EXPECT_EQ(task.take_interrupt().error().state().code(), "57P01");
}

TEST(Task, LateCancelsAreForgotten) {
  ThreadTask task;
  task.interrupt(Interrupt::kCancel);
  task.forget_statement_interrupts();
  EXPECT_TRUE(task.poll());
  EXPECT_FALSE(task.interrupt_pending());
}

TEST(Task, ATimeoutRaisesItsInterruptDuringAWait) {
  ThreadTask task;
  task.set_timeout(Interrupt::kStatementTimeout, steady_now() + 5ms);
  EXPECT_EQ(task.wait(kEvent), Wake::kInterrupted);
  EXPECT_EQ(task.take_interrupt().error().message(),
            "canceling statement due to statement timeout");
}

TEST(Task, ATimeoutRaisesItsInterruptWhilePolling) {
  ThreadTask task;
  task.set_timeout(Interrupt::kStatementTimeout, steady_now() + 5ms);
  Status status;
  while (status) status = task.poll();
  EXPECT_EQ(status.error().state(), sqlstate::kQueryCanceled);
}

TEST(Task, ADisarmedTimeoutDoesNotFire) {
  ThreadTask task;
  task.set_timeout(Interrupt::kLockTimeout, steady_now() + 2ms);
  task.set_timeout(Interrupt::kLockTimeout, kNever);
  EXPECT_EQ(task.wait(kEvent, steady_now() + 5ms), Wake::kDeadline);
  EXPECT_FALSE(task.interrupt_pending());
}

TEST(Task, HeldInterruptsWait) {
  ThreadTask task;
  {
    Task::InterruptHold hold(task);
    task.interrupt(Interrupt::kCancel);
    EXPECT_EQ(task.wait(kEvent, steady_now() + 2ms), Wake::kDeadline);
    EXPECT_TRUE(task.poll());
  }
  EXPECT_FALSE(task.take_interrupt());
}

TEST(Task, ACancelIsNoticedByPollSoon) {
  ThreadTask task;
  std::atomic<bool> polling = false;
  std::thread other([&] {
    while (!polling) std::this_thread::yield();
    task.interrupt(Interrupt::kCancel);
  });
  Status status;
  while (status) {
    status = task.poll();
    polling = true;
  }
  EXPECT_EQ(status.error().state(), sqlstate::kQueryCanceled);
  other.join();
}

}  // namespace
}  // namespace isolde::base
