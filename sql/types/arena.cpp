#include "sql/types/arena.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace isolde::sql {

void MemoryBudget::take(size_t bytes) {
  if (bytes > limit_ - std::min(used_, limit_)) {
    throw base::SqlException(
        base::Error(base::sqlstate::kOutOfMemory, "out of memory")
            .detail("Failed on request of size " + std::to_string(bytes) + "."));
  }
  used_ += bytes;
}

Arena::~Arena() {
  if (budget_ != nullptr) budget_->give_back(footprint_);
}

char* Arena::allocate_slowly(size_t bytes) {
  while (current_ + 1 < blocks_.size()) {
    use(blocks_[++current_]);
    if (bytes <= static_cast<size_t>(end_ - next_)) return allocate(bytes);
  }
  size_t grown = blocks_.empty() ? kFirstBlock : std::min(blocks_.back().size * 2, kLargestBlock);
  size_t size = std::max(grown, bytes);
  if (budget_ != nullptr) budget_->take(size);
  blocks_.push_back(Block{std::unique_ptr<char[]>(new char[size]), size});
  footprint_ += size;
  current_ = blocks_.size() - 1;
  use(blocks_.back());
  return allocate(bytes);
}

void Arena::reset() {
  while (footprint_ > kKeep && blocks_.size() > 1) {
    footprint_ -= blocks_.back().size;
    if (budget_ != nullptr) budget_->give_back(blocks_.back().size);
    blocks_.pop_back();
  }
  current_ = 0;
  if (!blocks_.empty()) use(blocks_.front());
}

}  // namespace isolde::sql
