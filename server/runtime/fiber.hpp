#pragma once

#include <functional>
#include <memory>

#include "server/runtime/stack_pool.hpp"

// A stackful coroutine.
//
// A session is written as plain synchronous code: read a message, run the statement, wait for a
// lock in the middle of it, answer. What makes that cheap is that it runs on a stack of its own,
// which can be left at any depth and taken up again later:
//
//      worker's loop            fiber
//      -------------            -----
//      resume() ------------->  body runs ...
//                               suspend()   (deep inside the executor, say)
//      ... other sessions  <---
//      resume() ------------->  ... goes on behind suspend()
//                               body returns: finished() is true
//
// Invariants
//  1. A fiber is resumed only by the thread of its worker, and never by another fiber.
//  2. The C++ run time keeps its exceptions in flight in a thread-local record. Each fiber has its
//  own,
//     exchanged at every switch, so that a fiber may even suspend while it handles an exception.
//  3. AddressSanitizer and ThreadSanitizer are told of each switch.
//
// Boost.Context does the switch itself. asio::spawn would do the same with three more allocations a
// session, no word to the sanitizers and no way to know the stack's bounds, which the check for too
// deeply nested statements needs.

namespace isolde::server {

class Fiber {
 public:
  /// The body runs from the first resume() on. It must not let an exception escape.
  Fiber(StackPool& stacks, std::function<void()> body);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// From the worker's loop: runs the fiber until it suspends or finishes.
  void resume();
  /// From inside the fiber: back to the worker's loop.
  void suspend();

  bool finished() const;
  StackPool::Stack stack() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace isolde::server
