#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "sql/types/arena.hpp"

namespace isolde::sql {

/// Memory for packed rows that come and go together, many at a time. Unlike an arena it keeps its
/// blocks until the end, and counts what is in use.
class ChunkStore {
 public:
  explicit ChunkStore(MemoryBudget* budget) : budget_(budget) {}
  ~ChunkStore() { free_all(); }
  ChunkStore(const ChunkStore&) = delete;
  ChunkStore& operator=(const ChunkStore&) = delete;

  char* allocate(size_t bytes) {
    used_ += bytes;
    if (bytes > static_cast<size_t>(end_ - next_)) next_chunk(bytes);
    char* at = next_;
    next_ += bytes;
    return at;
  }
  /// Gives back the last bytes of what was allocated last.
  void shrink(size_t bytes) {
    used_ -= bytes;
    next_ -= bytes;
  }
  size_t used() const { return used_; }
  void clear() {
    used_ = 0;
    current_ = 0;
    next_ = end_ = nullptr;
  }
  void free_all() {
    clear();
    if (budget_ != nullptr) budget_->give_back(held_);
    held_ = 0;
    chunks_.clear();
  }

 private:
  static constexpr size_t kChunk = size_t{64} << 10;
  struct Chunk {
    std::unique_ptr<char[]> memory;
    size_t size;
  };

  void next_chunk(size_t bytes) {
    while (current_ < chunks_.size()) {
      const Chunk& chunk = chunks_[current_++];
      if (chunk.size < bytes) continue;
      use(chunk);
      return;
    }
    const size_t size = std::max(bytes, kChunk);
    if (budget_ != nullptr) budget_->take(size);
    held_ += size;
    chunks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
    current_ = chunks_.size();
    use(chunks_.back());
  }
  void use(const Chunk& chunk) {
    next_ = chunk.memory.get();
    end_ = next_ + chunk.size;
  }

  MemoryBudget* budget_;
  std::vector<Chunk> chunks_;
  size_t current_ = 0;  ///< the first chunk that is free
  size_t used_ = 0;
  size_t held_ = 0;
  char* next_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace isolde::sql
