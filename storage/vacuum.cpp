#include "storage/vacuum.hpp"

#include <algorithm>
#include <unordered_set>

#include "storage/overflow.hpp"

namespace isolde::storage {

using base::Error;
using base::Result;
using base::Status;

namespace {

constexpr base::WaitEvent kVacuumDelay{"Timeout", "VacuumDelay"};

class Vacuum {
 public:
  Vacuum(base::Task& task, Heap& heap, std::span<Btree* const> indexes,
         const VacuumOptions& options)
      : task_(task), heap_(heap), indexes_(indexes), options_(options) {}

  Result<VacuumStats> run() {
    auto blocks = heap_.block_count();
    if (!blocks) return blocks.take_error();
    for (uint32_t block = 0; block < blocks->value; ++block) {
      if (Status s = rest(); !s) return s.take_error();
      auto next = skip_visible(block, blocks->value);
      if (!next) return next.take_error();
      block = *next;
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
  Status rest() {
    if (options_.nap.count() > 0 && work_ >= options_.work_before_nap) {
      work_ = 0;
      const base::SteadyTime until = base::steady_now() + options_.nap;
      while (base::steady_now() < until) {
        if (task_.wait(kVacuumDelay, until) != base::Wake::kInterrupted) continue;
        if (Status s = task_.take_interrupt(); !s) return s;
      }
    }
    return task_.poll();
  }

  /// Where to go on from: behind the pages that are visible to all, if there are enough of them.
  Result<uint32_t> skip_visible(uint32_t block, uint32_t end) {
    if (block < looked_ahead_ || options_.skip_runs_of == 0) return block;
    uint32_t next = block;
    while (next < end) {
      auto visible = heap_.all_visible(BlockNumber{next});
      if (!visible) return visible.take_error();
      if (!*visible) break;
      ++next;
      if (Status s = task_.poll(); !s) return s.take_error();
    }
    looked_ahead_ = next + 1;
    // The last page is looked at in any case, for what may be cut off behind it.
    if (next == end && next > block) --next;
    if (next - block < options_.skip_runs_of) return block;
    stats_.pages += next - block;
    stats_.pages_skipped += next - block;
    stats_.pages_all_visible += next - block;
    if (next > block) stats_.blocks_in_use = BlockNumber{next};
    return next;
  }

  Status vacuum_page(BlockNumber block) {
    ++stats_.pages;
    work_ += 2;
    auto visible = heap_.all_visible(block);
    if (!visible) return visible.take_error();
    auto pruned = heap_.prune(block);
    if (!pruned) return pruned.take_error();
    stats_.versions_removed += pruned->removed;
    if (pruned->removed > 0) work_ += 20;
    if (Status s = count(block, !pruned->dead.empty()); !s) return s;
    for (Slot slot : pruned->dead) dead_.push_back({block, slot});
    if (pruned->all_visible) ++stats_.pages_all_visible;
    return pruned->all_visible && !*visible ? heap_.set_all_visible(block) : Status();
  }

  Status count(BlockNumber block, bool has_dead_lines) {
    if (Status s = heap_.read_page(block, batch_); !s) return s;
    if (has_dead_lines || !batch_.versions().empty())
      stats_.blocks_in_use = BlockNumber{block.value + 1};
    if (!options_.life) return {};
    for (const VersionView& version : batch_.versions()) {
      const VersionLife life = options_.life(version.header);
      if (life == VersionLife::kLive) ++stats_.rows;
      if (life == VersionLife::kEnded) ++stats_.ended;
    }
    return {};
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
      work_ += 20;
      if (Status s = rest(); !s) return s;
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
  VersionBatch batch_;
  std::vector<TupleId> dead_;
  uint32_t looked_ahead_ = 0;  ///< which of the blocks before are all visible has been seen
  uint32_t work_ = 0;          ///< since the last nap
};

/// References stand at the end of a payload, their number behind them.
Status collect_references(const VersionView& version, std::unordered_set<uint32_t>& named) {
  if ((version.header.infomask & kHasOverflow) == 0 || version.payload.size() < 2) return {};
  const std::byte* end = version.payload.data() + version.payload.size() - 2;
  const size_t count = load<uint16_t>(end);
  if (count * OverflowRef::kEncodedSize + 2 > version.payload.size())
    return Error(base::sqlstate::kDataCorrupted, "a row's list of out-of-line values is broken");
  for (size_t i = 1; i <= count; ++i)
    named.insert(OverflowRef::decode(end - i * OverflowRef::kEncodedSize).first.value);
  return {};
}

}  // namespace

Result<VacuumStats> vacuum(base::Task& task, Heap& heap, std::span<Btree* const> indexes,
                           const VacuumOptions& options) {
  return Vacuum(task, heap, indexes, options).run();
}

Result<uint64_t> vacuum_overflow(base::Task& task, Heap& heap, TxnId over_below) {
  Overflow overflow(heap.store(), heap.relation());
  auto chains = overflow.block_count();
  if (!chains) return chains.take_error();
  if (chains->value == 0) return 0;
  auto blocks = heap.block_count();
  if (!blocks) return blocks.take_error();
  std::unordered_set<uint32_t> named;
  VersionBatch batch;
  for (uint32_t block = 0; block < blocks->value; ++block) {
    if (Status s = task.poll(); !s) return s.take_error();
    if (Status s = heap.read_page(BlockNumber{block}, batch); !s) return s.take_error();
    for (const VersionView& version : batch.versions()) {
      if (Status s = collect_references(version, named); !s) return s.take_error();
    }
  }
  return overflow.free_unnamed(named, [over_below](TxnId maker) { return maker < over_below; });
}

}  // namespace isolde::storage
