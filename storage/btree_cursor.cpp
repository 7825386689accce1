#include "storage/btree.hpp"

namespace isolde::storage {

using base::Result;
using base::Status;

void BtreeCursor::copy(const SharedPage& page) {
  bytes_.resize(kPageSize);
  std::memcpy(bytes_.data(), page.view().data(), kPageSize);
  block_ = page.block();
  reuses_ = tree_.pages_->reuses();
  first_ = copied().first_slot();
  end_ = copied().end_slot();
}

Status BtreeCursor::go_to(ByteSpan from) {
  auto page = tree_.find_leaf(from);
  if (!page) return page.take_error();
  copy(*page);
  page->unlatch();
  edge_.assign(from.begin(), from.end());
  slot_ = from.empty() ? first_ : copied().lower_bound(from);
  return {};
}

Status BtreeCursor::seek(ByteSpan key) {
  crossed_ = false;
  const EntryBytes from(key, TupleId{BlockNumber{0}, Slot{0}});
  if (Status s = go_to(key.empty() ? ByteSpan() : ByteSpan(from)); !s) return s;
  return slot_ < end_ ? Status() : step_right();
}

Status BtreeCursor::seek_before(ByteSpan key) {
  crossed_ = false;
  const EntryBytes from(key, TupleId{BlockNumber{0}, Slot{0}});
  if (Status s = go_to(from); !s) return s;
  --slot_;
  return slot_ >= first_ ? Status() : step_left();
}

Status BtreeCursor::seek_last() {
  const Bytes above(kMaxKeySize, std::byte{0xff});
  return seek_before(above);
}

Status BtreeCursor::next() {
  crossed_ = false;
  ++slot_;
  return slot_ < end_ ? Status() : step_right();
}

Status BtreeCursor::prev() {
  crossed_ = false;
  --slot_;
  return slot_ >= first_ ? Status() : step_left();
}

Result<bool> BtreeCursor::unchanged() {
  if (crossed_) return false;
  auto page = tree_.latch_shared(block_);
  if (!page) return page.take_error();
  return page->view().lsn() == PageView(bytes_.data()).lsn();
}

/// On from the copy's high key: the range of a page that left the tree is on the right one too.
Status BtreeCursor::step_right() {
  do {
    if (copied().rightmost()) {
      slot_ = end_;
      return {};
    }
    crossed_ = true;
    edge_.assign(copied().high_key().begin(), copied().high_key().end());
    auto page = tree_.latch_shared(copied().right());
    if (page && tree_.pages_->reuses() != reuses_) {
      page->unlatch();
      page = tree_.find_leaf(edge_);
    }
    if (!page) return page.take_error();
    copy(*page);
    slot_ = copied().lower_bound(edge_);
  } while (slot_ >= end_);
  return {};
}

Status BtreeCursor::step_left() {
  do {
    if (first_ < end_) {
      const ByteSpan first = copied().key(first_);
      if (compare_entries(first, edge_) < 0) edge_.assign(first.begin(), first.end());
    }
    crossed_ = true;
    auto page = left_neighbour();
    if (!page) return page.take_error();
    if (!*page) {
      slot_ = first_ - 1;
      return {};
    }
    copy(*page);
    slot_ = copied().lower_bound(edge_) - 1;
  } while (slot_ < first_);
  return {};
}

/// None on the left end. When the neighbour has been split or left the tree since, the leaf where
/// edge_ belongs: it has entries below edge_, or its left neighbour is the one.
Result<SharedPage> BtreeCursor::left_neighbour() {
  auto unchanged = [this] { return tree_.pages_->reuses() == reuses_; };
  auto me = tree_.latch_shared(block_);
  if (!me) return me;
  const BtreePageView view(me->view());
  if (unchanged() && !view.deleted()) {
    if (view.left() == kNoBlock) return SharedPage();
    const BlockNumber left = view.left();
    me->unlatch();
    auto page = tree_.latch_shared(left);
    if (!page) return page;
    const BtreePageView there(page->view());
    if (unchanged() && !there.deleted() && there.right() == block_) return page;
    page->unlatch();
  } else {
    me->unlatch();
  }
  return tree_.find_leaf(edge_);
}

}  // namespace isolde::storage
