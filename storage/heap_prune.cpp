#include <algorithm>
#include <array>

#include "storage/heap.hpp"

// Pruning a page: walk each chain from its root, find the last version that nobody needs, and let
// the root point behind it.
//
//      before:  [3] dead -> [7] dead -> [9] needed        [4] dead, no successor
//      after:   [3] redirect ---------> [9] needed        [4] dead line pointer
//               [7] unused
//
// Index entries name roots only, so [7] may be filled again at once, [3] and [4] only after vacuum.

namespace isolde::storage {

using base::Error;
using base::Result;
using base::Status;

namespace {

constexpr int kMaxSlots = (kPageSize - kPageHeaderSize) / kLinePointerSize;

class Pruner {
 public:
  Pruner(PageView page, VersionJudge& judge) : page_(page), judge_(judge), fates_(kMaxSlots) {}

  /// Fills the change; false when there is nothing to do.
  bool plan(PageChange& change, PruneResult& result) {
    judge_all();
    for (int slot = 0; slot < page_.slot_count(); ++slot) {
      if (is_root(slot)) prune_chain(slot);
    }
    // Left over by aborted updates: in no chain any more.
    for (int slot = 0; slot < page_.slot_count(); ++slot) {
      if (is_normal(slot) && !visited_[slot] && header(slot).infomask & kHeapOnly &&
          fates_[slot] == VersionFate::kDead)
        make_unused(slot);
    }
    collect(result);
    if (!changed_) return false;
    write(change);
    return true;
  }

 private:
  bool is_normal(int slot) const { return page_.line(slot).state == LineState::kNormal; }
  VersionHeader header(int slot) const { return VersionHeader::decode(page_.item(slot).data()); }
  bool is_root(int slot) const {
    if (page_.line(slot).state == LineState::kRedirect) return true;
    return is_normal(slot) && (header(slot).infomask & kHeapOnly) == 0;
  }

  void judge_all() {
    for (int slot = 0; slot < page_.slot_count(); ++slot) {
      lines_[slot] = page_.line(slot);
      if (is_normal(slot)) fates_[slot] = judge_.judge(header(slot));
    }
  }

  std::vector<int> chain_of(int root) const {
    std::vector<int> chain;
    int slot = page_.line(root).state == LineState::kRedirect ? page_.line(root).offset : root;
    TxnId expected;
    while (slot < page_.slot_count() && is_normal(slot) &&
           static_cast<int>(chain.size()) < page_.slot_count()) {
      const VersionHeader h = header(slot);
      if (expected != TxnId{} && h.xmin != expected) break;
      chain.push_back(slot);
      if ((h.infomask & kHotUpdated) == 0) break;
      expected = h.xmax;
      slot = h.next.slot.value;
    }
    return chain;
  }

  void prune_chain(int root) {
    const std::vector<int> chain = chain_of(root);
    for (int slot : chain) visited_[slot] = true;
    auto dead = [this](int slot) { return fates_[slot] == VersionFate::kDead; };
    auto first_needed = std::find_if_not(chain.begin(), chain.end(), dead);
    for (auto at = chain.begin(); at != first_needed; ++at) {
      if (*at != root) make_unused(*at);
    }
    // Versions at the chain's end that were aborted, or deleted by their own maker. One in the
    // middle must stay, dead or not: it leads to the next.
    for (auto at = chain.end(); at != first_needed && dead(*(at - 1)); --at) make_unused(*(at - 1));
    if (first_needed == chain.begin() && !chain.empty()) return;
    if (is_normal(root)) ++removed_;
    if (first_needed == chain.end()) {
      set(root, {0, LineState::kDead, 0});
    } else {
      set(root, {static_cast<uint16_t>(*first_needed), LineState::kRedirect, 0});
    }
  }

  void make_unused(int slot) {
    ++removed_;
    has_free_slots_ = true;
    set(slot, {0, LineState::kUnused, 0});
  }
  void set(int slot, LinePointer line) {
    lines_[slot] = line;
    changed_ = true;
  }

  void collect(PruneResult& result) const {
    result.removed = removed_;
    result.all_visible = true;
    for (int slot = 0; slot < page_.slot_count(); ++slot) {
      if (lines_[slot].state == LineState::kDead)
        result.dead.push_back(Slot{static_cast<uint16_t>(slot)});
      if (lines_[slot].state == LineState::kNormal && fates_[slot] != VersionFate::kAllSee)
        result.all_visible = false;
    }
    if (!result.dead.empty()) result.all_visible = false;
  }

  void write(PageChange& change) const {
    for (int slot = 0; slot < page_.slot_count(); ++slot) {
      if (lines_[slot].encode() != page_.raw_line(slot)) change.set_line(slot, lines_[slot]);
    }
    if (has_free_slots_) change.set_flags(static_cast<uint8_t>(page_.flags() | kPageHasFreeSlots));
    change.compact();
  }

  PageView page_;
  VersionJudge& judge_;
  std::vector<VersionFate> fates_;
  std::array<LinePointer, kMaxSlots> lines_{};
  std::array<bool, kMaxSlots> visited_{};
  size_t removed_ = 0;
  bool changed_ = false;
  bool has_free_slots_ = false;
};

}  // namespace

Result<PruneResult> Heap::prune_latched(ExclusivePage& page) {
  PruneResult result;
  if (page.view().type() != PageType::kHeap || judge_ == nullptr) return result;
  Change change(store_.pool(), store_.wal(), RecordKind::kHeapPrune, TxnId{});
  if (Pruner(page.view(), *judge_).plan(change.on(page), result)) {
    if (auto lsn = change.commit(); !lsn) return lsn.take_error();
  }
  result.free_bytes = page.view().free_bytes();
  return result;
}

Result<PruneResult> Heap::prune(BlockNumber block) {
  Result<PruneResult> result = PruneResult{};
  {
    auto page = latch(block);
    if (!page) return page.take_error();
    if (page->view().is_new()) {
      result->free_bytes = kPageSize - kPageHeaderSize;
    } else {
      result = prune_latched(*page);
    }
  }
  if (result) {
    if (Status s = space_->record(block, result->free_bytes); !s) return s.take_error();
  }
  return result;
}

Status Heap::release_dead(BlockNumber block, std::span<const Slot> slots) {
  size_t free_bytes;
  {
    auto page = latch(block);
    if (!page) return page.take_error();
    Change change(store_.pool(), store_.wal(), RecordKind::kHeapPrune, TxnId{});
    PageChange& part = change.on(*page);
    for (Slot slot : slots) {
      if (slot.value < page->view().slot_count() &&
          page->view().line(slot.value).state == LineState::kDead)
        part.set_line(slot.value, LinePointer{});
    }
    part.set_flags(static_cast<uint8_t>(page->view().flags() | kPageHasFreeSlots));
    if (auto lsn = change.commit(); !lsn) return lsn.take_error();
    free_bytes = page->view().free_bytes();
  }
  return space_->record(block, free_bytes);
}

Status Heap::set_all_visible(BlockNumber block) {
  auto page = latch(block);
  if (!page) return page.take_error();
  if (page->view().type() != PageType::kHeap || (page->view().flags() & kPageAllVisible) != 0)
    return {};
  // Judged again, under the latch that the change is made under.
  for (int slot = 0; slot < page->view().slot_count(); ++slot) {
    const LinePointer line = page->view().line(slot);
    if (line.state == LineState::kDead) return {};
    if (line.state != LineState::kNormal) continue;
    const VersionHeader header = VersionHeader::decode(page->view().item(slot).data());
    if (judge_ == nullptr || judge_->judge(header) != VersionFate::kAllSee) return {};
  }
  auto map = visibility_.latch_for(block);
  if (!map) return map.take_error();
  Change change(store_.pool(), store_.wal(), RecordKind::kVisibility, TxnId{});
  change.on(*page).set_flags(static_cast<uint8_t>(page->view().flags() | kPageAllVisible));
  VisibilityMap::put(change, *map, std::span(&block, 1), true);
  auto lsn = change.commit();
  return lsn ? Status() : Status(lsn.take_error());
}

Result<BlockNumber> Heap::truncate_tail() {
  auto count = block_count();
  if (!count) return count;
  BlockNumber keep = *count;
  while (keep.value > 0) {
    auto ref = store_.pool().fetch(page_id(BlockNumber{keep.value - 1}));
    if (!ref) return ref.take_error();
    SharedPage page(std::move(*ref));
    auto unused = [&](int slot) { return page->line(slot).state == LineState::kUnused; };
    bool empty = true;
    for (int slot = 0; slot < page->slot_count() && empty; ++slot) empty = unused(slot);
    if (!empty) break;
    --keep.value;
  }
  if (keep == *count) return keep;
  // The map first: a bit that outlived its page would vouch for whatever comes there later.
  for (uint32_t block = keep.value; block < count->value; ++block) {
    const BlockNumber gone{block};
    auto set = visibility_.all_visible(gone);
    if (!set) return set.take_error();
    if (!*set) continue;
    auto map = visibility_.latch_for(gone);
    if (!map) return map.take_error();
    Change change(store_.pool(), store_.wal(), RecordKind::kVisibility, TxnId{});
    VisibilityMap::put(change, *map, std::span(&gone, 1), false);
    if (auto lsn = change.commit(); !lsn) return lsn.take_error();
  }
  if (Status s = store_.truncate(relation_, Fork::kMain, keep); !s) return s.take_error();
  if (Status s = space_->truncate(keep); !s) return s.take_error();
  return keep;
}

std::optional<std::string> verify_heap_page(PageView page) {
  if (auto wrong = verify_page_layout(page)) return wrong;
  if (page.is_new()) return std::nullopt;
  if (page.type() != PageType::kHeap) return "not a heap page";
  auto says = [](int slot, const char* what) {
    return "line pointer " + std::to_string(slot + 1) + " " + what;
  };
  for (int slot = 0; slot < page.slot_count(); ++slot) {
    const LinePointer line = page.line(slot);
    if (line.state == LineState::kRedirect) {
      const bool good =
          line.offset < page.slot_count() && page.line(line.offset).state == LineState::kNormal;
      if (!good) return says(slot, "redirects to nothing");
      const VersionHeader to = VersionHeader::decode(page.item(line.offset).data());
      if ((to.infomask & kHeapOnly) == 0)
        return says(slot, "redirects to a version with index entries");
    }
    if (line.state != LineState::kNormal) continue;
    if (line.length < kVersionHeaderSize) return says(slot, "is shorter than a header");
    const VersionHeader header = VersionHeader::decode(page.item(slot).data());
    if (header.xmin == TxnId{}) return says(slot, "has no xmin");
    if ((header.infomask & kXminCommitted) != 0 && (header.infomask & kXminAborted) != 0)
      return says(slot, "has contradicting hints");
  }
  return std::nullopt;
}

}  // namespace isolde::storage
