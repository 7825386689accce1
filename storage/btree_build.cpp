#include <array>

#include "base/check.hpp"
#include "storage/btree.hpp"

namespace isolde::storage {

using base::Result;
using base::Status;

namespace {
constexpr size_t kFill = (kPageSize - kPageHeaderSize - kBtreeSpecialSize) * 9 / 10;
}

Result<BlockNumber> BtreeBuilder::new_block() {
  auto page = tree_.store_.pool().extend(tree_.relation_, Fork::kMain);
  if (!page) return page.take_error();
  return page->block();
}

Status BtreeBuilder::add(ByteSpan key, TupleId row) {
  if (levels_.empty()) {
    auto meta = new_block();
    if (!meta) return meta.take_error();
    ISOLDE_CHECK(*meta == kBtreeMetaBlock, "a tree can be built only in an empty file");
    levels_.emplace_back();
    if (Status s = start_page(0); !s) return s;
  }
  Bytes entry = make_entry(key, row);
  return add_item(0, entry, entry);
}

Status BtreeBuilder::start_page(size_t level) {
  auto block = new_block();
  if (!block) return block.take_error();
  levels_[level].block = *block;
  return {};
}

Status BtreeBuilder::add_item(size_t level, Bytes item, ByteSpan key) {
  const size_t cost = aligned(item.size()) + kLinePointerSize;
  // Room is kept for a high key, which is no longer than the item that made the page full.
  if (levels_[level].used + 2 * cost > kFill && levels_[level].items.size() > 1) {
    const ByteSpan cut = separator_between(levels_[level].last_key, key);
    const Bytes separator(cut.begin(), cut.end());
    const BlockNumber finished = levels_[level].block;
    if (level + 1 == levels_.size()) {
      levels_.emplace_back();
      if (Status s = start_page(level + 1); !s) return s;
      Bytes first;
      append(first, finished.value);
      if (Status s = add_item(level + 1, first, {}); !s) return s;
    }
    if (Status s = start_page(level); !s) return s;
    const BlockNumber next = levels_[level].block;
    levels_[level].block = finished;
    if (Status s = write_page(level, next, separator); !s) return s;
    levels_[level].left = finished;
    levels_[level].block = next;
    Bytes link;
    append(link, next.value);
    append_bytes(link, separator);
    if (Status s = add_item(level + 1, std::move(link), separator); !s) return s;
  }
  Level& here = levels_[level];
  here.used += cost;
  here.last_key.assign(key.begin(), key.end());
  here.items.push_back(std::move(item));
  return {};
}

Status BtreeBuilder::write_page(size_t level, BlockNumber right, ByteSpan high_key) {
  Level& here = levels_[level];
  auto page = tree_.latch(here.block);
  if (!page) return page.take_error();
  const bool root = right == kNoBlock && level + 1 == levels_.size();
  BtreeSpecial special{
      here.left, right, static_cast<uint16_t>(level),
      static_cast<uint16_t>((level == 0 ? kBtreeLeaf : 0) | (root ? kBtreeRoot : 0))};
  std::array<std::byte, kBtreeSpecialSize> bytes;
  special.encode(bytes.data());
  Change change(tree_.store_.pool(), tree_.store_.wal(), RecordKind::kIndexBuild, txn_);
  PageChange& part = change.on(*page);
  part.format(PageType::kBtree, kBtreeSpecialSize).write(kBtreeSpecialOffset, bytes);
  int slot = 0;
  if (right != kNoBlock) part.insert_item(slot++, high_key);
  for (const Bytes& item : here.items) part.insert_item(slot++, item);
  here.items.clear();
  here.used = 0;
  auto lsn = change.commit();
  return lsn ? Status() : Status(lsn.take_error());
}

Status BtreeBuilder::finish() {
  if (levels_.empty()) return tree_.create();
  for (size_t level = 0; level < levels_.size(); ++level) {
    if (Status s = write_page(level, kNoBlock, {}); !s) return s;
  }
  auto meta = tree_.latch(kBtreeMetaBlock);
  if (!meta) return meta.take_error();
  std::array<std::byte, 8> body;
  store(body.data(), levels_.back().block.value);
  store(body.data() + 4, static_cast<uint32_t>(levels_.size() - 1));
  Change change(tree_.store_.pool(), tree_.store_.wal(), RecordKind::kIndexMeta, txn_);
  change.on(*meta).format(PageType::kBtreeMeta).write(kPageHeaderSize, body);
  auto lsn = change.commit();
  return lsn ? Status() : Status(lsn.take_error());
}

}  // namespace isolde::storage
