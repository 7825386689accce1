#pragma once

#include <cstddef>
#include <vector>

namespace isolde::server {

/// Stacks for coroutines: address space is reserved whole, memory is committed page by page as a
/// stack grows, and a guard page below turns an overflow into a crash instead of a corruption.
/// Finished stacks are kept for the next session. One pool a worker; not thread safe.
class StackPool {
 public:
  struct Stack {
    char* bottom = nullptr;  ///< lowest usable address, just above the guard page
    size_t size = 0;
    char* top() const { return bottom + size; }
  };

  StackPool() = default;
  ~StackPool();
  StackPool(const StackPool&) = delete;
  StackPool& operator=(const StackPool&) = delete;

  /// Throws std::bad_alloc when the address space is exhausted.
  Stack take();
  void give_back(Stack stack);

  /// Returns the memory of all but the topmost pages, which nobody uses at the moment.
  static void trim(Stack stack, size_t keep_bytes);

  static constexpr size_t kStackSize = size_t{1} << 20;

 private:
  static constexpr size_t kKept = 256;
  std::vector<Stack> free_;
};

}  // namespace isolde::server
