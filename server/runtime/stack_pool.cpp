#include "server/runtime/stack_pool.hpp"

#include <sys/mman.h>

#include <new>

namespace isolde::server {

namespace {
constexpr size_t kGuard = 4096;
constexpr size_t kWarmBytes = size_t{32} << 10;
}  // namespace

StackPool::~StackPool() {
  for (Stack stack : free_) munmap(stack.bottom - kGuard, stack.size + kGuard);
}

StackPool::Stack StackPool::take() {
  if (!free_.empty()) {
    Stack stack = free_.back();
    free_.pop_back();
    return stack;
  }
  void* at = mmap(nullptr, kStackSize + kGuard, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) throw std::bad_alloc();
  if (mprotect(at, kGuard, PROT_NONE) != 0) {
    munmap(at, kStackSize + kGuard);
    throw std::bad_alloc();
  }
  return Stack{static_cast<char*>(at) + kGuard, kStackSize};
}

void StackPool::give_back(Stack stack) {
  if (free_.size() < kKept) {
    trim(stack, kWarmBytes);
    free_.push_back(stack);
  } else {
    munmap(stack.bottom - kGuard, stack.size + kGuard);
  }
}

void StackPool::trim(Stack stack, size_t keep_bytes) {
  if (keep_bytes < stack.size) madvise(stack.bottom, stack.size - keep_bytes, MADV_DONTNEED);
}

}  // namespace isolde::server
