#include "storage/btree.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace isolde::storage {

using base::Error;
using base::Result;
using base::Status;

namespace {

std::array<std::byte, 8> meta_bytes(BlockNumber root, uint32_t level) {
  std::array<std::byte, 8> bytes;
  store(bytes.data(), root.value);
  store(bytes.data() + 4, level);
  return bytes;
}

Bytes downlink(BlockNumber child, ByteSpan separator) {
  Bytes item;
  item.reserve(4 + separator.size());
  append(item, child.value);
  append_bytes(item, separator);
  return item;
}

size_t cost(size_t item_size) {
  return aligned(item_size) + kLinePointerSize;
}

}  // namespace

// ---- pages

Result<SharedPage> Btree::latch_shared(BlockNumber block) {
  auto ref = store_.pool().fetch(page_id(block));
  if (!ref) return ref.take_error();
  // What a search touches first, all at once: header, special area, middle line pointers.
  const std::byte* page = ref->view().data();
  for (size_t at : {size_t{0}, kBtreeSpecialOffset, size_t{832}}) __builtin_prefetch(page + at);
  return SharedPage(std::move(*ref));
}

Result<ExclusivePage> Btree::latch(BlockNumber block) {
  auto ref = store_.pool().fetch(page_id(block));
  if (!ref) return ref.take_error();
  return ExclusivePage(std::move(*ref));
}

Status Btree::create() {
  auto meta = store_.pool().extend(relation_, Fork::kMain);
  if (!meta) return meta.take_error();
  auto root = store_.pool().extend(relation_, Fork::kMain);
  if (!root) return root.take_error();
  Change change(store_.pool(), store_.wal(), RecordKind::kIndexMeta, TxnId{});
  change.on(*meta)
      .format(PageType::kBtreeMeta)
      .write(kPageHeaderSize, meta_bytes(root->block(), 0));
  PageChange& part = change.on(*root);
  part.format(PageType::kBtree, kBtreeSpecialSize);
  put_special(part, {kNoBlock, kNoBlock, 0, kBtreeLeaf | kBtreeRoot});
  auto lsn = change.commit();
  return lsn ? Status() : Status(lsn.take_error());
}

Result<BlockNumber> Btree::root(bool refresh) {
  const uint32_t known = root_.load(std::memory_order_relaxed);
  if (known != UINT32_MAX && !refresh) return BlockNumber{known};
  auto meta = latch_shared(kBtreeMetaBlock);
  if (!meta) return meta.take_error();
  if (meta->view().type() != PageType::kBtreeMeta)
    return Error(base::sqlstate::kIndexCorrupted,
                 "index " + relation_path(relation_, Fork::kMain) + " is not a btree");
  const auto block = load<uint32_t>(meta->view().data() + kPageHeaderSize);
  root_.store(block, std::memory_order_relaxed);
  return BlockNumber{block};
}

// ---- the way down

Result<BlockNumber> Btree::descend(ByteSpan entry, uint16_t level, Path* path) {
  uint64_t reuses = pages_->reuses();
  // Who looks for a higher level may hold a page that we remember as the root.
  auto at = root(level > 0);
  for (;;) {
    if (!at) return at;
    auto page = latch_shared(*at);
    if (!page) return page.take_error();
    BtreePageView view(page->view());
    // Started too low, with a root that the tree has outgrown, or perhaps led astray.
    const bool too_low = view.special().level < level;
    if (too_low || pages_->reuses() != reuses) {
      page->unlatch();
      reuses = pages_->reuses();
      if (path != nullptr) path->clear();
      at = root(true);
    } else if (view.beyond(entry)) {
      at = view.right();
    } else if (view.special().level == level) {
      return page->block();
    } else {
      if (path != nullptr) path->push_back(page->block());
      at = view.child(view.child_slot_for(entry));
    }
  }
}

/// Like descend to a leaf, but comes back with it latched: one page access less for readers.
Result<SharedPage> Btree::find_leaf(ByteSpan entry) {
  uint64_t reuses = pages_->reuses();
  auto at = root();
  for (;;) {
    if (!at) return at.take_error();
    auto page = latch_shared(*at);
    if (!page) return page;
    BtreePageView view(page->view());
    if (pages_->reuses() != reuses) {
      reuses = pages_->reuses();
      at = root();
    } else if (view.beyond(entry)) {
      at = view.right();
    } else if (view.leaf()) {
      return page;
    } else {
      at = view.child(view.child_slot_for(entry));
    }
  }
}

/// The leaf where `entry` belongs; `path` gets the pages above it.
Result<ExclusivePage> Btree::latch_leaf(ByteSpan entry, Path& path) {
  for (;;) {
    path.clear();
    const uint64_t reuses = pages_->reuses();
    auto block = descend(entry, 0, &path);
    if (!block) return block.take_error();
    auto page = latch_for(*block, entry, &path, reuses);
    if (!page || *page) return page;
  }
}

/// Latches the page where `entry` belongs, at `block` or to the right of it, finishing splits that
/// a crash left unfinished on the way. Comes back with none when pages have been reused since
/// `reuses`, so that `block` may be anywhere by now; internal pages never are.
Result<ExclusivePage> Btree::latch_for(BlockNumber block, ByteSpan entry, Path* path,
                                       std::optional<uint64_t> reuses) {
  auto page = latch(block);
  if (page && reuses && pages_->reuses() != *reuses) return ExclusivePage();
  while (page) {
    BtreePageView view(page->view());
    if (view.split_unfinished() && path != nullptr) {
      const BlockNumber again = page->block();
      Path copy = *path;
      if (Status s = finish_split(TxnId{}, std::move(*page), copy); !s) return s.take_error();
      page = latch(again);
      if (page && reuses && pages_->reuses() != *reuses) return ExclusivePage();
      continue;
    }
    if (!view.beyond(entry)) return page;
    const BlockNumber right = view.right();
    page = latch(right);  // left before right: the old latch goes when the new one is held
  }
  return page;
}

// ---- inserting

Result<std::optional<TupleId>> Btree::check_unique(const ExclusivePage& leaf, ByteSpan key,
                                                   UniqueCheck unique) {
  const EntryBytes from(key, TupleId{BlockNumber{0}, Slot{0}});
  // 1: every equal entry of this page, and of those to the right while all are equal.
  auto look = [&](const BtreePageView& view, bool& goes_on) -> std::optional<TupleId> {
    int slot = view.lower_bound(from);
    for (; slot < view.end_slot(); ++slot) {
      ByteSpan entry = view.key(slot);
      if (compare_entries(key_of(entry), key) != 0) break;
      if (unique(tuple_of(entry))) return tuple_of(entry);
    }
    goes_on = slot == view.end_slot() && !view.rightmost();
    return std::nullopt;
  };
  bool goes_on = false;
  BtreePageView view(leaf.view());
  auto stopped = look(view, goes_on);
  BlockNumber next = view.right();
  SharedPage page;
  while (!stopped && goes_on) {
    auto neighbour = latch_shared(next);
    if (!neighbour) return neighbour.take_error();
    page = std::move(*neighbour);  // the old one is held until here, so the link was good
    BtreePageView right(page.view());
    stopped = look(right, goes_on);
    next = right.right();
  }
  return stopped;
}

/// Asks about the entries that would follow, on the latched page and then to the right of it. A
/// page is let go only when the next is latched: none of them can leave the tree meanwhile. False:
/// the new one must not come there.
Result<bool> Btree::check_gap(const ExclusivePage& leaf, ByteSpan entry, GapCheck gap) {
  std::optional<GapVerdict> verdict;
  auto ask = [&](const BtreePageView& view) {
    for (int slot = view.lower_bound(entry); slot < view.end_slot() && !verdict; ++slot) {
      const ByteSpan key = key_of(view.key(slot));
      const GapVerdict one = gap(&key, tuple_of(view.key(slot)));
      if (one != GapVerdict::kLookOn) verdict = one;
    }
  };
  ask(BtreePageView(leaf.view()));
  BlockNumber next = BtreePageView(leaf.view()).right();
  SharedPage at;
  while (!verdict && next != kNoBlock) {
    auto page = latch_shared(next);
    if (!page) return page.take_error();
    BtreePageView right(page->view());
    ask(right);
    next = right.right();
    at = std::move(*page);
  }
  if (!verdict) verdict = gap(nullptr, TupleId{});
  return *verdict != GapVerdict::kTaken;
}

namespace {
std::optional<Error> too_long(ByteSpan key) {
  if (key.size() + 8 <= kMaxKeySize) return std::nullopt;
  return Error(base::sqlstate::kProgramLimitExceeded,
               "index row size " + std::to_string(key.size() + 8) +
                   " exceeds btree version 4 maximum " + std::to_string(kMaxKeySize))
      .hint("Values larger than 1/3 of a buffer page cannot be indexed.");
}
}  // namespace

/// Everyone who inserts a key into a unique index comes by the leaf where its lowest entry would
/// be, and holds it until done: so two cannot miss each other.
Result<InsertResult> Btree::insert(TxnId txn, ByteSpan key, TupleId row, const UniqueCheck* unique,
                                   const GapCheck* gap) {
  if (auto error = too_long(key)) return std::move(*error);
  const EntryBytes entry(key, row);
  const EntryBytes lowest(key, unique ? TupleId{BlockNumber{0}, Slot{0}} : row);
  Path path;
  auto leaf = latch_leaf(lowest, path);
  if (!leaf) return leaf.take_error();
  if (unique != nullptr) {
    auto stopped = check_unique(*leaf, key, *unique);
    if (!stopped) return stopped.take_error();
    if (*stopped) return InsertResult{false, **stopped, false};
  }
  auto put = [&](ExclusivePage page) -> Result<InsertResult> {
    if (gap != nullptr) {
      auto free = check_gap(page, entry, *gap);
      if (!free) return free.take_error();
      if (!*free) return InsertResult{false, {}, true};
    }
    Status s = insert_item(txn, std::move(page), entry, entry, path, {});
    return s ? Result<InsertResult>(InsertResult{true, {}, false}) : s.take_error();
  };
  if (!BtreePageView(leaf->view()).beyond(entry)) return put(std::move(*leaf));
  auto place = latch_for(BtreePageView(leaf->view()).right(), entry, nullptr);
  if (!place) return place.take_error();
  return put(std::move(*place));
}

/// Puts an item into its page, splitting it when full. `finished_child`, if any, is the page whose
/// split this downlink completes: it stays latched until its flag is cleared in the same change.
Status Btree::insert_item(TxnId txn, ExclusivePage page, ByteSpan item, ByteSpan key, Path& path,
                          ExclusivePage finished_child) {
  const int slot = BtreePageView(page.view()).lower_bound(key);
  if (!page.view().fits(item.size()))
    return split(txn, std::move(page), item, slot, path, std::move(finished_child));
  Change change(store_.pool(), store_.wal(), RecordKind::kIndexInsert, txn);
  change.on(page).insert_item(slot, item);
  if (finished_child) {
    BtreeSpecial special = BtreeSpecial::decode(finished_child.view());
    special.flags &= static_cast<uint16_t>(~kSplitUnfinished);
    put_special(change.on(finished_child), special);
  }
  auto lsn = change.commit();
  return lsn ? Status() : Status(lsn.take_error());
}

/// One that has left the tree, or a new one at the end of the file.
Result<ExclusivePage> Btree::new_page() {
  for (;;) {
    auto block = pages_->find_free();
    if (!block) return block.take_error();
    if (*block == kNoBlock) break;
    auto ref = store_.pool().fetch(page_id(*block));
    if (!ref) return ref.take_error();
    ExclusivePage page = ExclusivePage::try_latch(std::move(*ref));
    if (!page) break;  // somebody is passing by
    const bool free = page->type() == PageType::kBtree && BtreePageView(page.view()).deleted();
    if (free) pages_->note_reuse();
    if (Status s = pages_->record(*block, false); !s) return s.take_error();
    if (free) return page;
  }
  return store_.pool().extend(relation_, Fork::kMain);
}

/// Where a page is cut: items [first, cut) of old and new together stay, [cut, end) go right.
struct Btree::SplitPlan {
  std::vector<ByteSpan> items;  // without the high key, the new one among them
  size_t cut = 0;

  SplitPlan(const BtreePageView& view, ByteSpan item, int slot) {
    for (int s = view.first_slot(); s < view.end_slot(); ++s) {
      if (s == slot) items.push_back(item);
      items.push_back(view.page().item(s));
    }
    const bool at_end = slot == view.end_slot();
    if (at_end) items.push_back(item);
    size_t total = 0;
    for (ByteSpan i : items) total += cost(i.size());
    // Keys that only grow: leave nearly full pages behind.
    const size_t wanted = at_end && view.rightmost() ? total * 9 / 10 : total / 2;
    const size_t old_high = view.rightmost() ? 0 : cost(view.high_key().size());
    choose_cut(total, wanted, old_high);
  }

 private:
  /// The cut nearest to the wanted one of those that leave room for both high keys.
  void choose_cut(size_t total, size_t wanted, size_t old_high) {
    constexpr size_t kRoom = kPageSize - kPageHeaderSize - kBtreeSpecialSize;
    size_t kept = 0, best = SIZE_MAX;
    for (size_t n = 1; n < items.size(); ++n) {
      kept += cost(items[n - 1].size());
      const size_t new_high = cost(std::min(items[n - 1].size() + 1, items[n].size()));
      if (kept + new_high > kRoom || total - kept + old_high > kRoom) continue;
      const size_t off = kept > wanted ? kept - wanted : wanted - kept;
      if (off >= best) continue;
      best = off;
      cut = n;
    }
    ISOLDE_CHECK(cut > 0, "no way to split an index page");
  }
};

Status Btree::split(TxnId txn, ExclusivePage page, ByteSpan item, int slot, Path& path,
                    ExclusivePage finished_child) {
  const BtreePageView view(page.view());
  const SplitPlan plan(view, item, slot);
  auto key = [&](ByteSpan i) { return view.leaf() ? i : i.subspan(4); };
  const ByteSpan separator =
      separator_between(key(plan.items[plan.cut - 1]), key(plan.items[plan.cut]));
  // Copies: the spans point into the page that is about to change.
  const Bytes high_key(separator.begin(), separator.end());
  const bool had_high_key = !view.rightmost();

  auto right = new_page();
  if (!right) return right.take_error();
  ExclusivePage neighbour;
  if (had_high_key) {
    auto latched = latch(view.right());
    if (!latched) return latched.take_error();
    neighbour = std::move(*latched);
  }

  Change change(store_.pool(), store_.wal(), RecordKind::kIndexSplit, txn);
  PageChange& right_part = change.on(*right);
  right_part.format(PageType::kBtree, kBtreeSpecialSize);
  BtreeSpecial right_special = view.special();
  right_special.left = page.block();
  right_special.flags = static_cast<uint16_t>(view.special().flags & kBtreeLeaf);
  put_special(right_part, right_special);
  int to = 0;
  if (had_high_key) right_part.insert_item(to++, view.high_key());
  for (size_t i = plan.cut; i < plan.items.size(); ++i) right_part.insert_item(to++, plan.items[i]);

  PageChange& left_part = change.on(page);
  const int new_at = slot - view.first_slot();
  const bool new_stays = new_at < static_cast<int>(plan.cut);
  const int old_kept = static_cast<int>(plan.cut) - (new_stays ? 1 : 0);
  left_part.trim(view.first_slot() + old_kept);
  if (had_high_key) left_part.remove_item(0);
  left_part.compact().insert_item(0, high_key);
  if (new_stays) left_part.insert_item(1 + new_at, item);
  BtreeSpecial left_special = view.special();
  left_special.right = right->block();
  left_special.flags |= kSplitUnfinished;
  put_special(left_part, left_special);

  if (neighbour) {
    BtreeSpecial special = BtreeSpecial::decode(neighbour.view());
    special.left = right->block();
    put_special(change.on(neighbour), special);
  }
  if (finished_child) {
    BtreeSpecial special = BtreeSpecial::decode(finished_child.view());
    special.flags &= static_cast<uint16_t>(~kSplitUnfinished);
    put_special(change.on(finished_child), special);
  }
  if (auto lsn = change.commit(); !lsn) return lsn.take_error();
  neighbour.unlatch();
  right->unlatch();
  finished_child.unlatch();
  return finish_split(txn, std::move(page), path);
}

/// The second half: gives the right sibling of `left` its downlink.
Status Btree::finish_split(TxnId txn, ExclusivePage left, Path& path) {
  const BtreePageView view(left.view());
  const Bytes separator(view.high_key().begin(), view.high_key().end());
  if (view.root()) return grow_root(txn, std::move(left), separator);
  const BlockNumber right = view.right();
  const auto level = static_cast<uint16_t>(view.special().level + 1);
  BlockNumber parent_block;
  if (!path.empty()) {
    parent_block = path.back();
    path.pop_back();
  } else {
    // We began below the root of today. Latches go from child to parent, so looking for the parent
    // from above takes only one shared latch at a time on pages above ours.
    auto found = descend(separator, level, nullptr);
    if (!found) return found.take_error();
    parent_block = *found;
  }
  Path above = path;
  auto parent = latch_for(parent_block, separator, &above);
  if (!parent) return parent.take_error();
  const Bytes item = downlink(right, separator);
  return insert_item(txn, std::move(*parent), item, separator, path, std::move(left));
}

Status Btree::grow_root(TxnId txn, ExclusivePage left, ByteSpan separator) {
  const BtreePageView view(left.view());
  const auto level = static_cast<uint16_t>(view.special().level + 1);
  auto top = new_page();
  if (!top) return top.take_error();
  auto meta = latch(kBtreeMetaBlock);
  if (!meta) return meta.take_error();
  Change change(store_.pool(), store_.wal(), RecordKind::kIndexSplit, txn);
  PageChange& top_part = change.on(*top);
  top_part.format(PageType::kBtree, kBtreeSpecialSize);
  put_special(top_part, {kNoBlock, kNoBlock, level, kBtreeRoot});
  top_part.insert_item(0, downlink(left.block(), {}));
  top_part.insert_item(1, downlink(view.right(), separator));
  BtreeSpecial special = view.special();
  special.flags &= static_cast<uint16_t>(~(kSplitUnfinished | kBtreeRoot));
  put_special(change.on(left), special);
  change.on(*meta).write(kPageHeaderSize, meta_bytes(top->block(), level));
  if (auto lsn = change.commit(); !lsn) return lsn.take_error();
  root_.store(top->block().value, std::memory_order_relaxed);
  return {};
}

// ---- looking up, removing

Status Btree::lookup(ByteSpan key, std::vector<TupleId>& rows) {
  rows.clear();
  const EntryBytes lowest(key, TupleId{BlockNumber{0}, Slot{0}});
  const ByteSpan from = lowest;
  auto page = find_leaf(from);
  while (page) {
    BtreePageView view(page->view());
    for (int slot = view.lower_bound(from); slot < view.end_slot(); ++slot) {
      ByteSpan entry = view.key(slot);
      if (entry.size() != from.size() || std::memcmp(entry.data(), key.data(), key.size()) != 0)
        return {};
      rows.push_back(tuple_of(entry));
    }
    if (view.rightmost()) return {};
    page = latch_shared(view.right());  // the old latch goes when the new one is held
  }
  return page.take_error();
}

Result<bool> Btree::erase(TxnId txn, ByteSpan key, TupleId row) {
  const EntryBytes entry(key, row);
  Path path;
  auto leaf = latch_leaf(entry, path);
  if (!leaf) return leaf.take_error();
  BtreePageView view(leaf->view());
  const int slot = view.lower_bound(entry);
  if (slot >= view.end_slot() || compare_entries(view.key(slot), entry) != 0) return false;
  Change change(store_.pool(), store_.wal(), RecordKind::kIndexVacuum, txn);
  change.on(*leaf).remove_item(slot).compact();
  if (auto lsn = change.commit(); !lsn) return lsn.take_error();
  return true;
}

}  // namespace isolde::storage
