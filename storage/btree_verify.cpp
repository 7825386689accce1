#include <unordered_set>

#include "storage/btree.hpp"

namespace isolde::storage {

using base::Result;
using base::Status;

/// Walks every level from its leftmost page: order, bounds, links, and that each page of a lower
/// level has exactly one downlink, at its place, unless its split is unfinished.
class BtreeVerifier {
 public:
  explicit BtreeVerifier(Btree& tree) : tree_(tree) {}

  Result<std::optional<std::string>> run() {
    auto root = tree_.root(true);
    if (!root) return root.take_error();
    BlockNumber leftmost = *root;
    int level = -1;
    while (leftmost != kNoBlock && !wrong_) {
      auto next = walk_level(leftmost, level);
      if (!next) return next.take_error();
      leftmost = *next;
    }
    if (!wrong_) {
      if (Status s = check_other_blocks(); !s) return s.take_error();
    }
    return wrong_;
  }

 private:
  struct Child {
    BlockNumber block;
    Bytes separator;
  };

  void complain(BlockNumber block, const std::string& what) {
    if (!wrong_) wrong_ = "block " + std::to_string(block.value) + ": " + what;
  }

  /// Checks a level; returns the leftmost page of the next one, or kNoBlock below the leaves.
  Result<BlockNumber> walk_level(BlockNumber leftmost, int& level) {
    std::vector<Child> expected;
    expected.swap(children_);
    size_t at = 0;
    BlockNumber left = kNoBlock;
    Bytes low;
    bool unfinished = false;
    for (BlockNumber block = leftmost; block != kNoBlock && !wrong_;) {
      if (!seen_.insert(block.value).second) {
        complain(block, "reached twice");
        break;
      }
      auto page = tree_.latch_shared(block);
      if (!page) return page.take_error();
      if (auto bad = verify_page_layout(page->view())) complain(block, *bad);
      if (page->view().type() != PageType::kBtree) {
        complain(block, "not a btree page");
        break;
      }
      BtreePageView view(page->view());
      if (level < 0) level = view.special().level;
      if (view.special().level != level) complain(block, "on the wrong level");
      if (view.leaf() != (level == 0)) complain(block, "leaf flag and level disagree");
      if (view.deleted()) complain(block, "in the tree, but marked as free");
      if (view.left() != left) complain(block, "left link does not lead back");
      if (!expected.empty() && !unfinished) {
        if (at >= expected.size() || expected[at].block != block)
          complain(block, "no downlink in its place");
        else if (at > 0 && compare_entries(expected[at].separator, low) != 0)
          complain(block, "downlink's separator is not the left neighbour's high key");
        ++at;
      }
      check_items(block, view, low);
      unfinished = view.split_unfinished();
      left = block;
      if (!view.rightmost()) low.assign(view.high_key().begin(), view.high_key().end());
      block = view.right();
    }
    if (!expected.empty() && at != expected.size())
      complain(leftmost, "downlinks to missing pages");
    if (--level < 0 || children_.empty()) return kNoBlock;
    return children_.front().block;
  }

  void check_items(BlockNumber block, const BtreePageView& view, const Bytes& low) {
    Bytes previous = low;
    for (int slot = view.first_slot(); slot < view.end_slot(); ++slot) {
      ByteSpan key = view.key(slot);
      const bool first_child = !view.leaf() && slot == view.first_slot();
      if (!first_child && compare_entries(key, previous) < (slot == view.first_slot() ? 0 : 1))
        complain(block, "entry " + std::to_string(slot) + " out of order");
      if (view.beyond(key))
        complain(block, "entry " + std::to_string(slot) + " above the high key");
      previous.assign(key.begin(), key.end());
      if (!view.leaf()) children_.push_back({view.child(slot), previous});
    }
  }

  /// What is not in the tree left it, or a crash came before it was first used.
  Status check_other_blocks() {
    auto blocks = tree_.store_.files().block_count(tree_.relation_, Fork::kMain);
    if (!blocks) return blocks.take_error();
    for (uint32_t n = kBtreeMetaBlock.value + 1; n < blocks->value; ++n) {
      const BlockNumber block{n};
      if (seen_.contains(n)) continue;
      auto page = tree_.latch_shared(block);
      if (!page) return page.take_error();
      if (page->view().is_new()) continue;
      if (page->view().type() != PageType::kBtree)
        complain(block, "not a btree page");
      else if (!BtreePageView(page->view()).deleted())
        complain(block, "neither in the tree nor free");
    }
    return {};
  }

  Btree& tree_;
  std::vector<Child> children_;
  std::unordered_set<uint32_t> seen_;
  std::optional<std::string> wrong_;
};

Result<std::optional<std::string>> Btree::verify() {
  return BtreeVerifier(*this).run();
}

}  // namespace isolde::storage
