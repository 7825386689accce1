#include "server/runtime/worker.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <utility>

namespace isolde::server {

namespace asio = boost::asio;

struct Worker::KeepAlive {
  asio::executor_work_guard<asio::io_context::executor_type> guard;
};

Worker::Worker()
    : io_(std::make_unique<asio::io_context>(1)),
      keep_alive_(new KeepAlive{asio::make_work_guard(*io_)}) {}

Worker::~Worker() {
  drain_and_join();
}

void Worker::start() {
  thread_ = std::thread([this] { io_->run(); });
}

void Worker::drain_and_join() {
  keep_alive_.reset();
  if (thread_.joinable()) thread_.join();
}

void Worker::post(std::function<void()> work) {
  asio::post(*io_, std::move(work));
}

}  // namespace isolde::server
