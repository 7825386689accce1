#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sql/types/datum.hpp"

namespace isolde::sql {

/// How much memory the arenas of one statement may hold together (isolde.statement_memory). Used by
/// one task at a time.
class MemoryBudget {
 public:
  explicit MemoryBudget(size_t limit) : limit_(limit) {}
  /// Throws 53200 when the limit would be passed.
  void take(size_t bytes);
  void give_back(size_t bytes) { used_ -= bytes; }
  size_t used() const { return used_; }

 private:
  size_t limit_;
  size_t used_ = 0;
};

/// A bump allocator for values whose lives end together: a row, a group, a statement. Nothing is
/// freed singly; reset() makes all of it free at once and keeps the blocks for the next round. No
/// destructors run, so only trivially destructible things live here.
class Arena {
 public:
  explicit Arena(MemoryBudget* budget = nullptr) : budget_(budget) {}
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// Bytes aligned for any scalar, not cleared.
  char* allocate(size_t bytes) {
    bytes = (bytes + (kAlignment - 1)) & ~(kAlignment - 1);
    if (bytes > static_cast<size_t>(end_ - next_)) return allocate_slowly(bytes);
    char* at = next_;
    next_ += bytes;
    return at;
  }

  /// An array of default-constructed elements.
  template <typename T>
  T* allocate_array(size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kAlignment);
    T* array = reinterpret_cast<T*>(allocate(count * sizeof(T)));
    for (size_t i = 0; i < count; ++i) new (array + i) T();
    return array;
  }

  std::string_view copy(std::string_view bytes) {
    if (bytes.empty()) return {"", 0};
    char* to = allocate(bytes.size());
    std::memcpy(to, bytes.data(), bytes.size());
    return {to, bytes.size()};
  }
  Datum bytes(std::string_view bytes) { return Datum::of_bytes(copy(bytes)); }

  /// Forgets everything allocated. The blocks stay for reuse, but not more than kKeep bytes.
  void reset();

  /// Bytes held from the system.
  size_t footprint() const { return footprint_; }

 private:
  static constexpr size_t kAlignment = 8;
  static constexpr size_t kFirstBlock = size_t{4} << 10;
  static constexpr size_t kLargestBlock = size_t{1} << 20;
  static constexpr size_t kKeep = size_t{1} << 20;

  struct Block {
    std::unique_ptr<char[]> memory;
    size_t size;
  };

  char* allocate_slowly(size_t bytes);
  void use(const Block& block) {
    next_ = block.memory.get();
    end_ = next_ + block.size;
  }

  char* next_ = nullptr;
  char* end_ = nullptr;
  size_t current_ = 0;  ///< the block in use; those after it are free
  size_t footprint_ = 0;
  std::vector<Block> blocks_;
  MemoryBudget* budget_;
};

}  // namespace isolde::sql
