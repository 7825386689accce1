#include "server/runtime/session_task.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <string>
#include <vector>

namespace isolde::server {
namespace {

using namespace std::chrono_literals;

constexpr base::WaitEvent kEvent{"Test", "Something"};

/// A worker with its thread, and a way to run a fiber to its end.
class SessionTasks : public testing::Test {
 protected:
  SessionTasks() { worker_.start(); }
  ~SessionTasks() override { worker_.drain_and_join(); }

  std::shared_ptr<SessionTask> spawn(std::function<void(SessionTask&)> body) {
    auto task = std::make_shared<SessionTask>(worker_);
    SessionTask* raw = task.get();
    ++running_;
    worker_.post([this, task, raw, body = std::move(body)] {
      task->start([this, raw, body] {
        body(*raw);
        if (--running_ == 0) all_done_.set_value();
      });
    });
    return task;
  }
  void wait_for_all() { all_done_.get_future().wait(); }

  Worker worker_;
  std::atomic<int> running_ = 0;
  std::promise<void> all_done_;
};

TEST_F(SessionTasks, AWaitLetsOthersRunOnTheSameThread) {
  std::vector<std::string> story;
  auto first = spawn([&](SessionTask& task) {
    story.push_back("first waits");
    task.wait(kEvent);
    story.push_back("first goes on");
  });
  spawn([&](SessionTask&) {
    story.push_back("second runs");
    first->signal();
  });
  wait_for_all();
  EXPECT_EQ(story, (std::vector<std::string>{"first waits", "second runs", "first goes on"}));
}

TEST_F(SessionTasks, ADeadlineEndsAWait) {
  base::Wake wake = base::Wake::kSignalled;
  spawn([&](SessionTask& task) { wake = task.wait(kEvent, base::steady_now() + 3ms); });
  wait_for_all();
  EXPECT_EQ(wake, base::Wake::kDeadline);
}

TEST_F(SessionTasks, AnotherThreadMayInterrupt) {
  base::Status status;
  auto task = spawn([&](SessionTask& self) {
    EXPECT_EQ(self.wait(kEvent), base::Wake::kInterrupted);
    status = self.take_interrupt();
  });
  task->interrupt(base::Interrupt::kCancel);
  wait_for_all();
  EXPECT_EQ(status.error().state(), base::sqlstate::kQueryCanceled);
}

TEST_F(SessionTasks, ALongLoopGivesWayInPoll) {
  std::atomic<bool> neighbour_ran = false;
  spawn([&](SessionTask& task) {
    while (!neighbour_ran) ASSERT_TRUE(task.poll());
  });
  spawn([&](SessionTask&) { neighbour_ran = true; });
  wait_for_all();
}

TEST_F(SessionTasks, SignalsFromManyThreadsAllArrive) {
  constexpr int kRounds = 20'000;
  std::atomic<int> counter = 0;
  int seen = 0;
  auto task = spawn([&](SessionTask& self) {
    while (seen < 2 * kRounds) {
      self.wait(kEvent);
      seen = counter.load();
    }
  });
  auto shout = [&] {
    for (int i = 0; i < kRounds; ++i) {
      ++counter;
      task->signal();
    }
  };
  std::thread one(shout);
  std::thread two(shout);
  wait_for_all();
  one.join();
  two.join();
  EXPECT_EQ(seen, 2 * kRounds);
}

TEST_F(SessionTasks, AFiberMaySuspendWhileItHandlesAnException) {
  std::string first_caught;
  std::string second_caught;
  auto first = spawn([&](SessionTask& task) {
    try {
      throw std::runtime_error("one");
    } catch (const std::exception&) {
      task.wait(kEvent);
      try {
        throw;
      } catch (const std::exception& again) {
        first_caught = again.what();
      }
    }
  });
  spawn([&](SessionTask&) {
    try {
      throw std::runtime_error("two");
    } catch (const std::exception& e) {
      second_caught = e.what();
    }
    first->signal();
  });
  wait_for_all();
  EXPECT_EQ(first_caught, "one");
  EXPECT_EQ(second_caught, "two");
}

int depth_until_refused(SessionTask& task, int depth) {
  volatile char frame[512];
  frame[0] = static_cast<char>(depth);
  if (!task.check_stack()) return depth;
  return depth_until_refused(task, depth + 1) + (frame[0] - frame[0]);
}

TEST_F(SessionTasks, DeepRecursionIsRefusedBeforeTheStackEnds) {
  int depth = 0;
  spawn([&](SessionTask& task) { depth = depth_until_refused(task, 0); });
  wait_for_all();
  EXPECT_GT(depth, 100);
  EXPECT_LT(depth, static_cast<int>(StackPool::kStackSize / 512));
}

}  // namespace
}  // namespace isolde::server
