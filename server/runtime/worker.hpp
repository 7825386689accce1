#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "server/runtime/stack_pool.hpp"

namespace boost::asio {
class io_context;
}

namespace isolde::server {

/// One thread with its own event loop and the sessions that live on it. A session never moves to
/// another worker: its socket, its stack and its statements are touched by one thread only, so the
/// hot path needs no lock at all. Long statements give way to their neighbours in Task::poll().
class Worker {
 public:
  Worker();
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start();
  /// Ends the loop when all that is posted has run and nothing is pending, and joins the thread.
  void drain_and_join();

  /// Runs `work` in the loop. Any thread.
  void post(std::function<void()> work);

  boost::asio::io_context& io() { return *io_; }
  StackPool& stacks() { return stacks_; }

  /// Sessions living here: new ones go to the worker with the fewest. Any thread.
  std::atomic<int> sessions{0};

 private:
  struct KeepAlive;
  StackPool stacks_;
  std::unique_ptr<boost::asio::io_context> io_;
  std::unique_ptr<KeepAlive> keep_alive_;
  std::thread thread_;
};

}  // namespace isolde::server
