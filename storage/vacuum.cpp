#include "storage/vacuum.hpp"

#include <algorithm>

namespace isolde::storage {

using base::Result;
using base::Status;

namespace {

class Vacuum {
 public:
  Vacuum(base::Task& task, Heap& heap, std::span<Btree* const> indexes,
         const VacuumOptions& options)
      : task_(task), heap_(heap), indexes_(indexes), options_(options) {}

  Result<VacuumStats> run() {
    auto blocks = heap_.block_count();
    if (!blocks) return blocks.take_error();
    for (uint32_t block = 0; block < blocks->value; ++block) {
      if (Status s = task_.poll(); !s) return s.take_error();
      if (Status s = vacuum_page(BlockNumber{block}); !s) return s.take_error();
      if (dead_.size() < options_.max_dead_rows) continue;
      if (Status s = clear_dead(); !s) return s.take_error();
    }
    if (Status s = clear_dead(); !s) return s.take_error();
    stats_.blocks_left = *blocks;
    if (options_.truncate) {
      auto left = heap_.truncate_tail();
      if (!left) return left.take_error();
      stats_.blocks_left = *left;
    }
    return stats_;
  }

 private:
  Status vacuum_page(BlockNumber block) {
    ++stats_.pages;
    auto visible = heap_.all_visible(block);
    if (!visible) return visible.take_error();
    if (*visible) {
      ++stats_.pages_skipped;
      return {};
    }
    auto pruned = heap_.prune(block);
    if (!pruned) return pruned.take_error();
    stats_.versions_removed += pruned->removed;
    for (Slot slot : pruned->dead) dead_.push_back({block, slot});
    return pruned->all_visible ? heap_.set_all_visible(block) : Status();
  }

  /// `dead_` is in order of place, as it was collected.
  Status clear_dead() {
    if (dead_.empty()) return {};
    auto is_dead = [this](TupleId id) {
      return std::binary_search(dead_.begin(), dead_.end(), id);
    };
    for (Btree* index : indexes_) {
      auto removed = index->vacuum(task_, is_dead);
      if (!removed) return removed.take_error();
      stats_.index_entries_removed += removed->entries_removed;
      stats_.index_pages_removed += removed->pages_removed;
    }
    std::vector<Slot> slots;
    for (size_t i = 0; i < dead_.size(); ++i) {
      slots.push_back(dead_[i].slot);
      if (i + 1 < dead_.size() && dead_[i + 1].block == dead_[i].block) continue;
      if (Status s = task_.poll(); !s) return s;
      if (Status s = heap_.release_dead(dead_[i].block, slots); !s) return s;
      slots.clear();
    }
    stats_.rows_released += dead_.size();
    dead_.clear();
    return {};
  }

  base::Task& task_;
  Heap& heap_;
  std::span<Btree* const> indexes_;
  const VacuumOptions& options_;
  VacuumStats stats_;
  std::vector<TupleId> dead_;
};

}  // namespace

Result<VacuumStats> vacuum(base::Task& task, Heap& heap, std::span<Btree* const> indexes,
                           const VacuumOptions& options) {
  return Vacuum(task, heap, indexes, options).run();
}

}  // namespace isolde::storage
