#include "server/runtime/fiber.hpp"

#include <cxxabi.h>

#include <boost/context/fiber.hpp>
#include <cstring>
#include <utility>

#include "base/check.hpp"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace isolde::server {

namespace {

/// The head of the C++ ABI's __cxa_eh_globals: exceptions caught, and the number in flight.
struct ExceptionState {
  void* caught = nullptr;
  unsigned in_flight = 0;
};

ExceptionState exchange_exception_state(ExceptionState incoming) {
  void* globals = abi::__cxa_get_globals();
  ExceptionState outgoing;
  std::memcpy(&outgoing.caught, globals, sizeof(void*));
  std::memcpy(&outgoing.in_flight, static_cast<char*>(globals) + sizeof(void*), sizeof(unsigned));
  std::memcpy(globals, &incoming.caught, sizeof(void*));
  std::memcpy(static_cast<char*>(globals) + sizeof(void*), &incoming.in_flight, sizeof(unsigned));
  return outgoing;
}

/// Tells the sanitizers which stack we are on; nothing at all in other builds.
class SwitchNotes {
 public:
#if defined(__SANITIZE_THREAD__)
  SwitchNotes() : inside_(__tsan_create_fiber(0)) {}
  ~SwitchNotes() {
    __tsan_destroy_fiber(inside_);
  }
#endif

  void entering([[maybe_unused]] StackPool::Stack stack) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(&outside_fake_, stack.bottom, stack.size);
#endif
#if defined(__SANITIZE_THREAD__)
    outside_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(inside_, 0);
#endif
  }
  void back_outside() {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(outside_fake_, nullptr, nullptr);
#endif
  }
  void arrived_inside() {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(inside_fake_, &outside_bottom_, &outside_size_);
#endif
  }
  void leaving([[maybe_unused]] bool for_good) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(for_good ? nullptr : &inside_fake_, outside_bottom_,
                                   outside_size_);
#endif
#if defined(__SANITIZE_THREAD__)
    __tsan_switch_to_fiber(outside_, 0);
#endif
  }

 private:
#if defined(__SANITIZE_ADDRESS__)
  void* outside_fake_ = nullptr;
  void* inside_fake_ = nullptr;
  const void* outside_bottom_ = nullptr;
  size_t outside_size_ = 0;
#endif
#if defined(__SANITIZE_THREAD__)
  void* inside_;
  void* outside_ = nullptr;
#endif
};

/// Boost.Context's stack allocator over a stack that the Fiber owns.
struct BorrowedStack {
  StackPool::Stack stack;
  boost::context::stack_context allocate() const {
    boost::context::stack_context context;
    context.sp = stack.top();
    context.size = stack.size;
    return context;
  }
  void deallocate(boost::context::stack_context&) const {}
};

}  // namespace

struct Fiber::State {
  StackPool& pool;
  StackPool::Stack stack;
  std::function<void()> body;
  boost::context::fiber inside;
  boost::context::fiber outside;
  ExceptionState exceptions;
  SwitchNotes notes;
  bool finished = false;
};

Fiber::Fiber(StackPool& stacks, std::function<void()> body)
    : state_(new State{.pool = stacks,
                       .stack = stacks.take(),
                       .body = std::move(body),
                       .inside = {},
                       .outside = {},
                       .exceptions = {},
                       .notes = {}}) {
  State* state = state_.get();
  state->inside = boost::context::fiber(std::allocator_arg, BorrowedStack{state->stack},
                                        [state](boost::context::fiber&& outside) {
                                          state->notes.arrived_inside();
                                          state->outside = std::move(outside);
                                          state->body();
                                          state->body = nullptr;
                                          state->finished = true;
                                          state->notes.leaving(true);
                                          return std::move(state->outside);
                                        });
}

Fiber::~Fiber() {
  ISOLDE_CHECK(!state_->inside || state_->finished,
               "a suspended fiber would leak what its stack holds");
  state_->pool.give_back(state_->stack);
}

void Fiber::resume() {
  ISOLDE_ASSERT(!state_->finished, "a finished fiber cannot be resumed");
  ExceptionState outside = exchange_exception_state(state_->exceptions);
  state_->notes.entering(state_->stack);
  state_->inside = std::move(state_->inside).resume();
  state_->notes.back_outside();
  state_->exceptions = exchange_exception_state(outside);
}

void Fiber::suspend() {
  state_->notes.leaving(false);
  state_->outside = std::move(state_->outside).resume();
  state_->notes.arrived_inside();
}

bool Fiber::finished() const {
  return state_->finished;
}

StackPool::Stack Fiber::stack() const {
  return state_->stack;
}

}  // namespace isolde::server
