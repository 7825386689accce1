#include "sql/parser/big_stack.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <boost/context/detail/fcontext.hpp>
#include <memory>
#include <new>
#include <vector>

#include "base/check.hpp"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace isolde::sql {

namespace {

namespace context = boost::context::detail;

/// Tells the sanitizers about the switch to another stack and back. Empty in other builds.
class SwitchNotes {
 public:
  void before_leaving([[maybe_unused]] void* bottom, [[maybe_unused]] size_t size) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(&fake_stack_, bottom, size);
#endif
#if defined(__SANITIZE_THREAD__)
    home_ = __tsan_get_current_fiber();
    fiber_ = __tsan_create_fiber(0);
    __tsan_switch_to_fiber(fiber_, 0);
#endif
  }
  void arrived() {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(nullptr, &home_bottom_, &home_size_);
#endif
  }
  void before_returning() {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(nullptr, home_bottom_, home_size_);
#endif
#if defined(__SANITIZE_THREAD__)
    __tsan_switch_to_fiber(home_, 0);
#endif
  }
  void returned() {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fake_stack_, nullptr, nullptr);
#endif
#if defined(__SANITIZE_THREAD__)
    __tsan_destroy_fiber(fiber_);
#endif
  }

 private:
#if defined(__SANITIZE_ADDRESS__)
  void* fake_stack_ = nullptr;
  const void* home_bottom_ = nullptr;
  size_t home_size_ = 0;
#endif
#if defined(__SANITIZE_THREAD__)
  void* home_ = nullptr;
  void* fiber_ = nullptr;
#endif
};

struct Errand {
  void (*function)(void*);
  void* argument;
  SwitchNotes notes;
};

void run_errand(context::transfer_t from) {
  auto* errand = static_cast<Errand*>(from.data);
  errand->notes.arrived();
  errand->function(errand->argument);
  errand->notes.before_returning();
  context::jump_fcontext(from.fctx, nullptr);
  ISOLDE_CHECK(false, "a finished errand is never resumed");
}

/// An mmap with a guard page at its low end.
class BigStack {
 public:
  BigStack() {
    void* memory = mmap(nullptr, kBigStackBytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    bottom_ = static_cast<char*>(memory);
    size_t guard = static_cast<size_t>(getpagesize());
    ISOLDE_CHECK(mprotect(bottom_, guard, PROT_NONE) == 0, "the guard page must stand");
  }
  ~BigStack() { munmap(bottom_, kBigStackBytes); }
  BigStack(const BigStack&) = delete;
  BigStack& operator=(const BigStack&) = delete;

  void run(void (*function)(void*), void* argument) {
    Errand errand{function, argument, {}};
    auto there = context::make_fcontext(bottom_ + kBigStackBytes, kBigStackBytes, run_errand);
    errand.notes.before_leaving(bottom_, kBigStackBytes);
    context::jump_fcontext(there, &errand);
    errand.notes.returned();
  }

  /// Keeps the top, where shallow statements live.
  void give_back() {
    constexpr size_t kKeep = size_t{1} << 20;
    size_t guard = static_cast<size_t>(getpagesize());
    madvise(bottom_ + guard, kBigStackBytes - kKeep - guard, MADV_DONTNEED);
  }

 private:
  char* bottom_;
};

/// The idle stacks of one thread.
class StackPool {
 public:
  std::unique_ptr<BigStack> take() {
    if (idle_.empty()) return std::make_unique<BigStack>();
    auto stack = std::move(idle_.back());
    idle_.pop_back();
    return stack;
  }
  void put_back(std::unique_ptr<BigStack> stack) {
    if (idle_.size() < kKeep) idle_.push_back(std::move(stack));
  }

 private:
  static constexpr size_t kKeep = 4;
  std::vector<std::unique_ptr<BigStack>> idle_;
};

}  // namespace

namespace detail {

void call_on_big_stack(void (*function)(void*), void* argument, bool deep) {
  thread_local StackPool pool;
  auto stack = pool.take();
  stack->run(function, argument);
  if (deep) stack->give_back();
  pool.put_back(std::move(stack));
}

}  // namespace detail

}  // namespace isolde::sql
