#include <array>

#include "storage/btree.hpp"

namespace isolde::storage {

using base::Result;
using base::Status;

/// Two walks. The first goes over the leaves from left to right and removes dead entries, the
/// second takes out those that it has found empty (btree.hpp has the picture), unless somebody has
/// filled them again. Any page may fail the second walk's conditions: then it stays as it is.
class BtreeVacuum {
 public:
  BtreeVacuum(Btree& tree, base::Task& task, base::FunctionRef<bool(TupleId)> dead)
      : tree_(tree), task_(task), dead_(dead) {}

  Result<BtreeVacuumStats> run() {
    auto file_size = tree_.store_.files().block_count(tree_.relation_, Fork::kMain);
    if (!file_size) return file_size.take_error();
    seen_.resize(file_size->value);
    if (Status s = remove_entries(); !s) return s.take_error();
    if (!tree_.pages_->try_start_vacuum()) return stats_;
    Status s = remove_pages();
    if (s) s = find_free_pages();
    tree_.pages_->end_vacuum();
    if (!s) return s.take_error();
    return stats_;
  }

 private:
  Status remove_entries() {
    auto at = tree_.descend({}, 0, nullptr);
    if (!at) return at.take_error();
    Bytes bound;
    uint64_t reuses = tree_.pages_->reuses();
    for (BlockNumber block = *at; block != kNoBlock;) {
      if (Status s = task_.poll(); !s) return s;
      auto page = tree_.latch(block);
      if (page && tree_.pages_->reuses() != reuses) page = tree_.latch_leaf(bound, path_);
      if (!page) return page.take_error();
      if (page->block().value < seen_.size()) seen_[page->block().value] = true;
      if (Status s = remove_entries_of(*page); !s) return s;
      const BtreePageView view(page->view());
      if (removable(view)) empty_.push_back(page->block());
      if (!view.rightmost()) bound.assign(view.high_key().begin(), view.high_key().end());
      reuses = tree_.pages_->reuses();
      block = view.right();
    }
    return {};
  }

  Status remove_entries_of(const ExclusivePage& page) {
    BtreePageView view(page.view());
    Change change(tree_.store_.pool(), tree_.store_.wal(), RecordKind::kIndexVacuum, TxnId{});
    PageChange& part = change.on(page);
    uint64_t here = 0;
    for (int slot = view.end_slot() - 1; slot >= view.first_slot(); --slot) {
      if (!dead_(tuple_of(view.key(slot)))) continue;
      part.remove_item(slot);
      ++here;
    }
    if (here == 0) return {};
    part.compact();
    if (auto lsn = change.commit(); !lsn) return lsn.take_error();
    stats_.entries_removed += here;
    return {};
  }

  /// The leftmost leaf may be an old root that somebody still starts from.
  static bool removable(const BtreePageView& page) {
    return page.empty() && !page.rightmost() && page.left() != kNoBlock && !page.root() &&
           !page.split_unfinished() && !page.deleted();
  }

  Status remove_pages() {
    for (BlockNumber block : empty_) {
      if (Status s = task_.poll(); !s) return s;
      auto removed = remove_page(block);
      if (!removed) return removed.take_error();
      if (!*removed) continue;
      ++stats_.pages_removed;
      if (Status s = tree_.pages_->record(block, true); !s) return s;
    }
    return {};
  }

  Result<bool> remove_page(BlockNumber block) {
    BlockNumber left_block;
    {
      auto page = tree_.latch_shared(block);
      if (!page) return page.take_error();
      if (!removable(BtreePageView(page->view()))) return false;
      left_block = BtreePageView(page->view()).left();
    }
    auto left = latch_left_of(block, left_block);
    if (!left) return left.take_error();
    if (!*left) return false;
    auto page = tree_.latch(block);
    if (!page) return page.take_error();
    const BtreePageView view(page->view());
    if (!removable(view)) return false;
    auto right = tree_.latch(view.right());
    if (!right) return right.take_error();
    // The place of the right neighbour's downlink.
    const Bytes bound(view.high_key().begin(), view.high_key().end());
    auto above = tree_.descend(bound, 1, nullptr);
    if (!above) return above.take_error();
    auto parent = tree_.latch_for(*above, bound, nullptr);
    if (!parent) return parent.take_error();
    return unlink(*left, *page, *right, *parent, bound);
  }

  /// The neighbour may have been split since: then ours is further to the right. None when it is
  /// not found soon, or has no downlink yet.
  Result<ExclusivePage> latch_left_of(BlockNumber block, BlockNumber at) {
    constexpr int kFar = 16;
    auto left = tree_.latch(at);
    for (int n = 0; left && BtreePageView(left->view()).right() != block; ++n) {
      const BtreePageView view(left->view());
      if (n == kFar || view.rightmost()) return ExclusivePage();
      left = tree_.latch(view.right());
    }
    if (left && BtreePageView(left->view()).split_unfinished()) return ExclusivePage();
    return left;
  }

  Result<bool> unlink(ExclusivePage& left, ExclusivePage& page, ExclusivePage& right,
                      ExclusivePage& parent, const Bytes& bound) {
    const BtreePageView above(parent.view());
    const int slot = above.child_slot_for(bound);
    const bool in_place = slot > above.first_slot() && above.child(slot) == right.block() &&
                          compare_entries(above.key(slot), bound) == 0 &&
                          above.child(slot - 1) == page.block();
    if (!in_place) return false;  // the last child of its parent
    Change change(tree_.store_.pool(), tree_.store_.wal(), RecordKind::kIndexUnlink, TxnId{});
    auto relink = [&](ExclusivePage& at, auto edit) {
      BtreeSpecial special = BtreeSpecial::decode(at.view());
      edit(special);
      put_special(change.on(at), special);
    };
    relink(left, [&](BtreeSpecial& special) { special.right = right.block(); });
    relink(page, [&](BtreeSpecial& special) { special.flags |= kBtreeDeleted; });
    relink(right, [&](BtreeSpecial& special) { special.left = left.block(); });
    std::array<std::byte, 4> link;
    store(link.data(), right.block().value);
    change.on(parent).patch(slot - 1, 0, link).remove_item(slot).compact();
    auto lsn = change.commit();
    return lsn ? Result<bool>(true) : lsn.take_error();
  }

  /// Pages that left the tree earlier and that a crash made us forget.
  Status find_free_pages() {
    for (uint32_t block = kBtreeMetaBlock.value + 1; block < seen_.size(); ++block) {
      if (seen_[block]) continue;
      if (Status s = task_.poll(); !s) return s;
      bool free = false;
      {
        auto page = tree_.latch_shared(BlockNumber{block});
        if (!page) return page.take_error();
        free = page->view().type() == PageType::kBtree && BtreePageView(page->view()).deleted();
      }
      if (!free) continue;
      if (Status s = tree_.pages_->record(BlockNumber{block}, true); !s) return s;
    }
    return {};
  }

  Btree& tree_;
  base::Task& task_;
  base::FunctionRef<bool(TupleId)> dead_;
  BtreeVacuumStats stats_;
  Btree::Path path_;
  std::vector<bool> seen_;          // the leaves of the first walk, by block
  std::vector<BlockNumber> empty_;  // those of them to be looked at again
};

Result<BtreeVacuumStats> Btree::vacuum(base::Task& task, base::FunctionRef<bool(TupleId)> dead) {
  return BtreeVacuum(*this, task, dead).run();
}

}  // namespace isolde::storage
