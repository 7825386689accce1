#include "storage/heap.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace isolde::storage {

using base::Error;
using base::Result;
using base::Status;

namespace {

using HeaderBytes = std::array<std::byte, kVersionHeaderSize>;

HeaderBytes header_of(const NewVersion& version, uint16_t extra_bits) {
  HeaderBytes bytes;
  VersionHeader header{version.xmin, TxnId{},
                       version.cmin, CommandId{},
                       TupleId{},    static_cast<uint16_t>(version.infomask | extra_bits)};
  header.encode(bytes.data());
  return bytes;
}

Error too_wide(size_t size) {
  return {base::sqlstate::kProgramLimitExceeded, "row is too big: size " + std::to_string(size) +
                                                     ", maximum size " +
                                                     std::to_string(kMaxVersionSize)};
}

bool is_version(PageView page, Slot slot) {
  return page.type() == PageType::kHeap && slot.value < page.slot_count() &&
         page.line(slot.value).state == LineState::kNormal &&
         page.line(slot.value).length >= kVersionHeaderSize;
}

/// An unused line pointer, or the next new one.
int free_slot(PageView page, int taken = 0) {
  if ((page.flags() & kPageHasFreeSlots) == 0) return page.slot_count() + taken;
  for (int slot = 0; slot < page.slot_count(); ++slot) {
    if (page.line(slot).state == LineState::kUnused && taken-- == 0) return slot;
  }
  return page.slot_count() + taken;
}

VersionMark with_next(VersionMark mark, TupleId next) {
  mark.next = next;
  return mark;
}

/// The part of a header that a mark changes: from xmax on, without cmin.
void put_mark(PageChange& change, PageView page, Slot slot, const VersionMark& mark,
              uint16_t kept_bits) {
  VersionHeader header = VersionHeader::decode(page.item(slot.value).data());
  const auto kept = static_cast<uint16_t>(
      header.infomask & (kXminCommitted | kXminAborted | kHeapOnly | kHasOverflow | kUpdated));
  header.xmax = mark.xmax;
  header.cmax = mark.cmax;
  header.next = mark.next;
  header.infomask =
      static_cast<uint16_t>(kept | kept_bits | (mark.infomask & (kCallerBits | kXmaxAborted)));
  HeaderBytes bytes;
  header.encode(bytes.data());
  change.patch(slot.value, 8, ByteSpan(bytes).subspan(8));
}

}  // namespace

Heap::Heap(Store& store, RelationId relation, VersionJudge* judge)
    : store_(store),
      relation_(relation),
      judge_(judge),
      space_(store.free_space(relation)),
      visibility_(store.pool(), store.wal(), relation) {}

Result<BlockNumber> Heap::block_count() {
  return store_.files().block_count(relation_, Fork::kMain);
}

Result<ExclusivePage> Heap::latch(BlockNumber block) {
  auto ref = store_.pool().fetch(page_id(block));
  if (!ref) return ref.take_error();
  return ExclusivePage(std::move(*ref));
}

// ---- room

Result<ExclusivePage> Heap::extend() {
  auto page = store_.pool().extend(relation_, Fork::kMain);
  if (page) space_->set_target(page->block());
  return page;
}

/// A latched page, new or of the heap, with room for a version of this size.
Result<ExclusivePage> Heap::page_with_room(size_t size) {
  BlockNumber block = space_->target();
  for (;;) {
    if (block == kNoBlock) {
      auto found = space_->find(aligned(size) + kLinePointerSize);
      if (!found) return found.take_error();
      if (*found == kNoBlock) return extend();
      block = *found;
    }
    auto blocks = block_count();
    if (!blocks) return blocks.take_error();
    if (block < *blocks) {
      auto page = latch(block);
      if (!page) return page;
      if (page->view().is_new() || page->view().fits(size)) {
        space_->set_target(block);
        return page;
      }
      if (judge_ != nullptr) {
        if (auto pruned = prune_latched(*page); !pruned) return pruned.take_error();
        if (page->view().fits(size)) return page;
      }
      const size_t left = page->view().free_bytes();
      page->unlatch();
      if (Status s = space_->record(block, left); !s) return s.take_error();
    }
    block = kNoBlock;
  }
}

/// Commits a change of heap pages that may carry the all-visible flag: it goes, with the map's bit.
Result<Lsn> Heap::commit_with_visibility(Change& change, const ExclusivePage* pages[], size_t n) {
  std::array<BlockNumber, 2> blocks;
  size_t count = 0;
  for (size_t i = 0; i < n; ++i) {
    if ((pages[i]->view().flags() & kPageAllVisible) != 0) blocks[count++] = pages[i]->block();
  }
  std::array<ExclusivePage, 2> maps;
  for (size_t i = 0; i < count;) {
    const bool both = i + 1 < count && VisibilityMap::same_page(blocks[i], blocks[i + 1]);
    auto map = visibility_.latch_for(blocks[i]);
    if (!map) return map.take_error();
    maps[i] = std::move(*map);
    const size_t here = both ? 2 : 1;
    VisibilityMap::put(change, maps[i], std::span(blocks).subspan(i, here), false);
    i += here;
  }
  return change.commit();
}

namespace {
void clear_all_visible(PageChange& part, PageView page) {
  if ((page.flags() & kPageAllVisible) != 0)
    part.set_flags(static_cast<uint8_t>(page.flags() & ~kPageAllVisible));
}
}  // namespace

// ---- writing

/// As many as one page takes and one transaction made, at least one; returns how many.
Result<size_t> Heap::insert_on_a_page(std::span<const NewVersion> versions, TupleId* ids) {
  const TxnId txn = versions.front().xmin;
  const size_t first_size = kVersionHeaderSize + versions.front().payload.size();
  if (first_size > kMaxVersionSize) return too_wide(first_size);
  auto page = page_with_room(first_size);
  if (!page) return page.take_error();
  Change change(store_.pool(), store_.wal(), RecordKind::kHeapInsert, txn);
  PageChange& part = change.on(*page);
  const PageView view = page->view();
  const bool fresh = view.is_new();
  if (fresh) part.format(PageType::kHeap);
  size_t room = fresh ? kPageSize - kPageHeaderSize : view.free_bytes();
  int taken = 0;
  for (const NewVersion& v : versions) {
    const size_t cost = aligned(kVersionHeaderSize + v.payload.size()) + kLinePointerSize;
    if (cost > room || v.xmin != txn) break;
    room -= cost;
    const int slot = fresh ? taken : free_slot(view, taken);
    part.put_item(slot, header_of(v, 0), v.payload);
    ids[taken++] = {page->block(), Slot{static_cast<uint16_t>(slot)}};
  }
  clear_all_visible(part, view);
  const ExclusivePage* pages[] = {&*page};
  if (auto lsn = commit_with_visibility(change, pages, 1); !lsn) return lsn.take_error();
  return static_cast<size_t>(taken);
}

Result<TupleId> Heap::insert(const NewVersion& version) {
  TupleId id;
  auto done = insert_on_a_page({&version, 1}, &id);
  return done ? Result<TupleId>(id) : done.take_error();
}

Result<std::vector<TupleId>> Heap::insert_many(std::span<const NewVersion> versions) {
  std::vector<TupleId> ids(versions.size());
  for (size_t at = 0; at < versions.size();) {
    auto done = insert_on_a_page(versions.subspan(at), ids.data() + at);
    if (!done) return done.take_error();
    at += *done;
  }
  return ids;
}

Result<bool> Heap::mark(TxnId by, TupleId id, Decide decide) {
  auto page = latch(id.block);
  if (!page) return page.take_error();
  if (!is_version(page->view(), id.slot)) return false;
  const VersionHeader old = VersionHeader::decode(page->view().item(id.slot.value).data());
  auto wanted = decide(old);
  if (!wanted) return false;
  Change change(store_.pool(), store_.wal(), RecordKind::kHeapMark, by);
  PageChange& part = change.on(*page);
  // A link belongs to the xmax that made it. Under another xmax it would lead to whatever that
  // transaction has put into the slot since.
  const bool same_link = wanted->next == old.next;
  if (same_link && wanted->xmax != old.xmax) wanted->next = TupleId{};
  const bool keep_hot = same_link && wanted->xmax == old.xmax;
  put_mark(part, page->view(), id.slot, *wanted,
           static_cast<uint16_t>(keep_hot ? old.infomask & kHotUpdated : 0));
  clear_all_visible(part, page->view());
  const ExclusivePage* pages[] = {&*page};
  if (auto lsn = commit_with_visibility(change, pages, 1); !lsn) return lsn.take_error();
  return true;
}

/// `page` holds the old version and has room for the new one.
Result<UpdateResult> Heap::update_on_page(ExclusivePage& page, TupleId old,
                                          const NewVersion& version, bool hot, VersionMark mark) {
  const PageView view = page.view();
  const int slot = free_slot(view);
  const TupleId id{page.block(), Slot{static_cast<uint16_t>(slot)}};
  Change change(store_.pool(), store_.wal(), RecordKind::kHeapUpdate, version.xmin);
  PageChange& part = change.on(page);
  part.put_item(slot,
                header_of(version, static_cast<uint16_t>(hot ? kUpdated | kHeapOnly : kUpdated)),
                version.payload);
  put_mark(part, view, old.slot, with_next(mark, id), hot ? kHotUpdated : 0);
  clear_all_visible(part, view);
  const ExclusivePage* pages[] = {&page};
  if (auto lsn = commit_with_visibility(change, pages, 1); !lsn) return lsn.take_error();
  return UpdateResult{true, id, hot};
}

Result<UpdateResult> Heap::update(TupleId old, const NewVersion& version, bool hot, Decide decide) {
  const size_t size = kVersionHeaderSize + version.payload.size();
  if (size > kMaxVersionSize) return too_wide(size);
  {
    auto page = latch(old.block);
    if (!page) return page.take_error();
    if (!is_version(page->view(), old.slot)) return UpdateResult{};
    auto wanted = decide(VersionHeader::decode(page->view().item(old.slot.value).data()));
    if (!wanted) return UpdateResult{};
    if (!page->view().fits(size) && judge_ != nullptr) {
      if (auto pruned = prune_latched(*page); !pruned) return pruned.take_error();
      // The judge and Decide are different functions: what one gave up the other must not want.
      if (!is_version(page->view(), old.slot)) return UpdateResult{};
    }
    if (page->view().fits(size)) return update_on_page(*page, old, version, hot, *wanted);
  }
  return update_across(old, version, decide);
}

Result<UpdateResult> Heap::update_across(TupleId old, const NewVersion& version, Decide decide) {
  const size_t size = kVersionHeaderSize + version.payload.size();
  for (;;) {
    BlockNumber target;
    {
      auto room = page_with_room(size);
      if (!room) return room.take_error();
      target = room->block();
    }
    if (target == old.block) {
      auto page = latch(old.block);
      if (!page) return page.take_error();
      if (!is_version(page->view(), old.slot)) return UpdateResult{};
      auto wanted = decide(VersionHeader::decode(page->view().item(old.slot.value).data()));
      if (!wanted) return UpdateResult{};
      if (page->view().fits(size)) return update_on_page(*page, old, version, false, *wanted);
      continue;
    }
    ExclusivePage pages[2];  // in block order
    for (BlockNumber block : {std::min(old.block, target), std::max(old.block, target)}) {
      auto page = latch(block);
      if (!page) return page.take_error();
      pages[pages[0] ? 1 : 0] = std::move(*page);
    }
    ExclusivePage& from = pages[0].block() == old.block ? pages[0] : pages[1];
    ExclusivePage& to = pages[0].block() == old.block ? pages[1] : pages[0];
    if (!is_version(from.view(), old.slot)) return UpdateResult{};
    auto wanted = decide(VersionHeader::decode(from.view().item(old.slot.value).data()));
    if (!wanted) return UpdateResult{};
    const bool fresh = to.view().is_new();
    if (!fresh && !to.view().fits(size)) continue;

    Change change(store_.pool(), store_.wal(), RecordKind::kHeapUpdate, version.xmin);
    PageChange& to_part = change.on(to);
    if (fresh) to_part.format(PageType::kHeap);
    const int slot = fresh ? 0 : free_slot(to.view());
    const TupleId id{target, Slot{static_cast<uint16_t>(slot)}};
    to_part.put_item(slot, header_of(version, kUpdated), version.payload);
    clear_all_visible(to_part, to.view());
    PageChange& from_part = change.on(from);
    put_mark(from_part, from.view(), old.slot, with_next(*wanted, id), 0);
    clear_all_visible(from_part, from.view());
    const ExclusivePage* latched[] = {&pages[0], &pages[1]};
    if (auto lsn = commit_with_visibility(change, latched, 2); !lsn) return lsn.take_error();
    return UpdateResult{true, id, false};
  }
}

// ---- reading

Status Heap::read_page(BlockNumber block, VersionBatch& into, ScanRing* ring) {
  into.versions_.clear();
  into.bytes_.resize(kPageSize);
  auto ref = store_.pool().fetch(page_id(block), ring);
  if (!ref) return ref.take_error();
  {
    SharedPage page(std::move(*ref));
    std::memcpy(into.bytes_.data(), page.view().data(), kPageSize);
  }
  PageView page(into.bytes_.data());
  into.all_visible_ = (page.flags() & kPageAllVisible) != 0;
  if (page.type() != PageType::kHeap) return {};
  for (int slot = 0; slot < page.slot_count(); ++slot) {
    if (page.line(slot).state != LineState::kNormal) continue;
    ByteSpan item = page.item(slot);
    into.versions_.push_back({{block, Slot{static_cast<uint16_t>(slot)}},
                              VersionHeader::decode(item.data()),
                              item.subspan(kVersionHeaderSize)});
  }
  return {};
}

Result<bool> Heap::read(TupleId id, VersionBatch& into) {
  auto found = read_chain(id, into);
  if (found && *found) into.versions_.resize(1);
  return found;
}

Result<bool> Heap::read_chain(TupleId root, VersionBatch& into) {
  into.versions_.clear();
  into.bytes_.clear();
  auto ref = store_.pool().fetch(page_id(root.block));
  if (!ref) return ref.take_error();
  SharedPage page(std::move(*ref));
  const PageView view = page.view();
  into.all_visible_ = (view.flags() & kPageAllVisible) != 0;
  Slot slot = root.slot;
  if (view.type() == PageType::kHeap && slot.value < view.slot_count() &&
      view.line(slot.value).state == LineState::kRedirect)
    slot = Slot{view.line(slot.value).offset};
  TxnId expected;
  while (is_version(view, slot)) {
    ByteSpan item = view.item(slot.value);
    VersionHeader header = VersionHeader::decode(item.data());
    if (expected != TxnId{} && header.xmin != expected) break;
    // Spans are made at the end: the bytes may still move.
    into.versions_.push_back({{root.block, slot}, header, item.subspan(kVersionHeaderSize)});
    append_bytes(into.bytes_, item.subspan(kVersionHeaderSize));
    if ((header.infomask & kHotUpdated) == 0 || header.next.block != root.block) break;
    expected = header.xmax;
    slot = header.next.slot;
  }
  size_t at = 0;
  for (VersionView& version : into.versions_) {
    version.payload = {into.bytes_.data() + at, version.payload.size()};
    at += version.payload.size();
  }
  return !into.versions_.empty();
}

namespace {

bool is_root(PageView page, int slot) {
  const LinePointer line = page.line(slot);
  if (line.state == LineState::kRedirect) return true;
  return is_version(page, Slot{static_cast<uint16_t>(slot)}) &&
         (VersionHeader::decode(page.item(slot).data()).infomask & kHeapOnly) == 0;
}

/// Does the chain from this root lead to the version in `wanted`?
bool leads_to(PageView page, BlockNumber block, int root, Slot wanted) {
  Slot slot{static_cast<uint16_t>(root)};
  if (page.line(root).state == LineState::kRedirect) slot = Slot{page.line(root).offset};
  TxnId expected;
  for (int steps = 0; steps < page.slot_count() && is_version(page, slot); ++steps) {
    const VersionHeader header = VersionHeader::decode(page.item(slot.value).data());
    if (expected != TxnId{} && header.xmin != expected) return false;
    if (slot == wanted) return true;
    if ((header.infomask & kHotUpdated) == 0 || header.next.block != block) return false;
    expected = header.xmax;
    slot = header.next.slot;
  }
  return false;
}

}  // namespace

Status Heap::read_roots(BlockNumber block, std::vector<TupleId>& into, ScanRing* ring) {
  into.clear();
  auto ref = store_.pool().fetch(page_id(block), ring);
  if (!ref) return ref.take_error();
  SharedPage page(std::move(*ref));
  if (page.view().type() != PageType::kHeap) return {};
  for (int slot = 0; slot < page.view().slot_count(); ++slot) {
    if (is_root(page.view(), slot)) into.push_back({block, Slot{static_cast<uint16_t>(slot)}});
  }
  return {};
}

Result<TupleId> Heap::root_of(TupleId id) {
  auto ref = store_.pool().fetch(page_id(id.block));
  if (!ref) return ref.take_error();
  SharedPage page(std::move(*ref));
  const PageView view = page.view();
  if (!is_version(view, id.slot) || is_root(view, id.slot.value)) return id;
  for (int slot = 0; slot < view.slot_count(); ++slot) {
    if (is_root(view, slot) && leads_to(view, id.block, slot, id.slot))
      return TupleId{id.block, Slot{static_cast<uint16_t>(slot)}};
  }
  return id;
}

void Heap::hint(TupleId id, const VersionHeader& seen, uint16_t bits) {
  auto ref = store_.pool().fetch(page_id(id.block));
  if (!ref || !ref->latch().try_lock()) return;
  PageEditor page = ref->hint_editor();
  if (is_version(page, id.slot)) {
    std::byte* item = page.data() + page.line(id.slot.value).offset;
    const VersionHeader now = VersionHeader::decode(item);
    if (now.xmin != seen.xmin) bits = 0;
    if (now.xmax != seen.xmax) bits &= kXminCommitted | kXminAborted;
    std::byte* infomask = item + 30;
    storage::store(infomask, static_cast<uint16_t>(load<uint16_t>(infomask) | (bits & kHintBits)));
  }
  ref->latch().unlock();
}

}  // namespace isolde::storage
