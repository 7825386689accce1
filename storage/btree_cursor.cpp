#include "storage/btree.hpp"

namespace isolde::storage {

using base::Status;

void BtreeCursor::copy(const SharedPage& page) {
  bytes_.resize(kPageSize);
  std::memcpy(bytes_.data(), page.view().data(), kPageSize);
  BtreePageView view{PageView(bytes_.data())};
  block_ = page.block();
  first_ = view.first_slot();
  end_ = view.end_slot();
}

Status BtreeCursor::seek(ByteSpan key) {
  const EntryBytes from(key, TupleId{BlockNumber{0}, Slot{0}});
  auto page = tree_.find_leaf(key.empty() ? ByteSpan() : ByteSpan(from));
  if (!page) return page.take_error();
  copy(*page);
  page->unlatch();
  slot_ = key.empty() ? first_ : BtreePageView(PageView(bytes_.data())).lower_bound(from);
  return slot_ < end_ ? Status() : step_right();
}

Status BtreeCursor::seek_before(ByteSpan key) {
  const EntryBytes from(key, TupleId{BlockNumber{0}, Slot{0}});
  auto page = tree_.find_leaf(from);
  if (!page) return page.take_error();
  copy(*page);
  page->unlatch();
  slot_ = BtreePageView(PageView(bytes_.data())).lower_bound(from) - 1;
  return slot_ >= first_ ? Status() : step_left();
}

Status BtreeCursor::seek_last() {
  const Bytes above(kMaxKeySize, std::byte{0xff});
  return seek_before(above);
}

Status BtreeCursor::next() {
  ++slot_;
  return slot_ < end_ ? Status() : step_right();
}

Status BtreeCursor::prev() {
  --slot_;
  return slot_ >= first_ ? Status() : step_left();
}

Status BtreeCursor::step_right() {
  for (;;) {
    const BlockNumber right = BtreePageView(PageView(bytes_.data())).right();
    if (right == kNoBlock) {
      slot_ = end_;
      return {};
    }
    auto page = tree_.latch_shared(right);
    if (!page) return page.take_error();
    copy(*page);
    slot_ = first_;
    if (slot_ < end_) return {};
  }
}

/// The left neighbour may have been split since: then ours is further to the right of it.
Status BtreeCursor::step_left() {
  for (;;) {
    const BlockNumber me = block_;
    // Our own copy may be old: entries that moved right are above us, but the left link may have
    // changed only to pages that hold entries below ours.
    BlockNumber left;
    {
      auto page = tree_.latch_shared(me);
      if (!page) return page.take_error();
      left = BtreePageView(page->view()).left();
    }
    if (left == kNoBlock) {
      slot_ = first_ - 1;
      return {};
    }
    auto page = tree_.latch_shared(left);
    while (page && BtreePageView(page->view()).right() != me) {
      const BlockNumber right = BtreePageView(page->view()).right();
      page->unlatch();
      page = tree_.latch_shared(right);
    }
    if (!page) return page.take_error();
    copy(*page);
    slot_ = end_ - 1;
    if (slot_ >= first_) return {};
  }
}

}  // namespace isolde::storage
