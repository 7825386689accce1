#pragma once

#include <cstddef>
#include <exception>
#include <utility>

namespace isolde::sql {

inline constexpr size_t kBigStackBytes = size_t{512} << 20;

namespace detail {
/// Runs on a stack of this thread's pool; the function must not throw.
void call_on_big_stack(void (*function)(void*), void* argument, bool deep);
}  // namespace detail

/// Runs a function on a big stack: for code that recurses as deep as a client's text nests. What it
/// throws is thrown again here. Memory is committed as it is touched; `deep` gives it back
/// afterwards. Stacks belong to a thread and are held until the function ends, so it may suspend
/// its session as long as that resumes on the same thread.
template <typename Function>
void on_big_stack(bool deep, Function&& function) {
  struct Errand {
    Function& function;
    std::exception_ptr thrown;
  } errand{function, nullptr};
  auto run = [](void* argument) {
    auto* todo = static_cast<Errand*>(argument);
    try {
      todo->function();
    } catch (...) {  // an exception cannot cross stacks by itself
      todo->thrown = std::current_exception();
    }
  };
  detail::call_on_big_stack(run, &errand, deep);
  if (errand.thrown) std::rethrow_exception(std::exchange(errand.thrown, nullptr));
}

}  // namespace isolde::sql
