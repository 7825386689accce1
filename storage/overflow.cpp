#include "storage/overflow.hpp"

#include <lz4.h>

#include <algorithm>
#include <array>

namespace isolde::storage {

using base::Error;
using base::Result;
using base::Status;

namespace {

// Behind the page header: txn u64 | head u32 | next u32 | length u16 | 6 bytes unused | data.
constexpr size_t kDataOffset = kPageHeaderSize + 24;
constexpr size_t kDataPerPage = kPageSize - kDataOffset;

struct ChainPage {
  TxnId txn;
  BlockNumber head, next;
  ByteSpan data;

  static ChainPage decode(PageView page) {
    const std::byte* at = page.data() + kPageHeaderSize;
    const size_t length = std::min<size_t>(load<uint16_t>(at + 16), kDataPerPage);
    return {TxnId{load<uint64_t>(at)},
            BlockNumber{load<uint32_t>(at + 8)},
            BlockNumber{load<uint32_t>(at + 12)},
            {page.data() + kDataOffset, length}};
  }
  std::array<std::byte, 24> head_bytes() const {
    std::array<std::byte, 24> bytes{};
    store(bytes.data(), txn.value);
    store(bytes.data() + 8, head.value);
    store(bytes.data() + 12, next.value);
    store(bytes.data() + 16, static_cast<uint16_t>(data.size()));
    return bytes;
  }
};

/// Compressed when that saves at least an eighth, else as it is.
Bytes compress(ByteSpan value) {
  Bytes packed(static_cast<size_t>(LZ4_compressBound(static_cast<int>(value.size()))));
  const int size = LZ4_compress_default(
      reinterpret_cast<const char*>(value.data()), reinterpret_cast<char*>(packed.data()),
      static_cast<int>(value.size()), static_cast<int>(packed.size()));
  if (size <= 0 || static_cast<size_t>(size) > value.size() - value.size() / 8) return {};
  packed.resize(static_cast<size_t>(size));
  return packed;
}

Error broken_chain(RelationId relation, BlockNumber block) {
  return {base::sqlstate::kDataCorrupted, "overflow chain broken at block " +
                                              std::to_string(block.value) + " of relation " +
                                              relation_path(relation, Fork::kOverflow)};
}

}  // namespace

Result<BlockNumber> Overflow::block_count() {
  return store_.files().block_count(relation_, Fork::kOverflow);
}

/// Free pages are zero or of no transaction. Which are free is known to a list in memory that
/// vacuum fills; after a restart, until the next vacuum, a few pages of the fork are looked at each
/// time.
Result<ExclusivePage> Overflow::free_page() {
  constexpr int kLooks = 8;
  FreeBlocks& free = store_.free_overflow(relation_);
  auto blocks = block_count();
  if (!blocks) return blocks.take_error();
  for (int looks = 0; looks < kLooks;) {
    BlockNumber block = free.take();
    if (block == kNoBlock) {
      block = free.next_unseen(*blocks);
      if (block == kNoBlock) break;
      ++looks;
    }
    auto ref = store_.pool().fetch({relation_, Fork::kOverflow, block});
    if (!ref) return ref.take_error();
    // Two chains may be at each other's pages if the list has changed under them: nobody waits.
    ExclusivePage page = ExclusivePage::try_latch(std::move(*ref));
    if (!page) continue;
    if (page->is_new() || ChainPage::decode(page.view()).txn == TxnId{}) return page;
  }
  return store_.pool().extend(relation_, Fork::kOverflow);
}

Result<OverflowRef> Overflow::write(TxnId txn, ByteSpan value) {
  if (value.size() > kMaxValueSize)
    return Error(base::sqlstate::kProgramLimitExceeded,
                 "value of " + std::to_string(value.size()) + " bytes exceeds the maximum of 1 GB");
  const Bytes packed = compress(value);
  const ByteSpan stored = packed.empty() ? value : ByteSpan(packed);
  OverflowRef ref{kNoBlock, value.size(), stored.size()};
  // The next page is taken before the one that points to it is written.
  auto page = free_page();
  if (!page) return page.take_error();
  ref.first = page->block();
  for (size_t at = 0;;) {
    const ByteSpan part = stored.subspan(at, std::min(kDataPerPage, stored.size() - at));
    at += part.size();
    Result<ExclusivePage> next = ExclusivePage();
    if (at < stored.size()) {
      next = free_page();
      if (!next) return next.take_error();
    }
    ChainPage content{txn, ref.first, *next ? next->block() : kNoBlock, part};
    Change change(store_.pool(), store_.wal(), RecordKind::kOverflow, txn);
    change.on(*page)
        .format(PageType::kOverflow)
        .write(kPageHeaderSize, content.head_bytes())
        .write(kDataOffset, part);
    if (auto lsn = change.commit(); !lsn) return lsn.take_error();
    if (at >= stored.size()) return ref;
    page = std::move(next);
  }
}

Result<Bytes> Overflow::read_stored(const OverflowRef& ref, uint64_t offset, uint64_t size) {
  Bytes out;
  out.reserve(size);
  uint64_t at = 0;
  for (BlockNumber block = ref.first; block != kNoBlock && out.size() < size;) {
    auto fetched = store_.pool().fetch({relation_, Fork::kOverflow, block});
    if (!fetched) return fetched.take_error();
    SharedPage page(std::move(*fetched));
    const ChainPage part = ChainPage::decode(page.view());
    if (page->type() != PageType::kOverflow || part.head != ref.first || part.data.empty())
      return broken_chain(relation_, block);
    if (at + part.data.size() > offset) {
      const uint64_t skip = offset > at ? offset - at : 0;
      append_bytes(out,
                   part.data.subspan(skip, std::min(part.data.size() - skip, size - out.size())));
    }
    at += part.data.size();
    block = part.next;
  }
  if (out.size() != size) return broken_chain(relation_, ref.first);
  return out;
}

Result<Bytes> Overflow::read(const OverflowRef& ref) {
  if (ref.size > kMaxValueSize || ref.stored_size > ref.size)
    return broken_chain(relation_, ref.first);
  auto stored = read_stored(ref, 0, ref.stored_size);
  if (!stored || !ref.compressed()) return stored;
  Bytes value(ref.size);
  const int size = LZ4_decompress_safe(
      reinterpret_cast<const char*>(stored->data()), reinterpret_cast<char*>(value.data()),
      static_cast<int>(stored->size()), static_cast<int>(value.size()));
  if (size < 0 || static_cast<uint64_t>(size) != ref.size)
    return broken_chain(relation_, ref.first);
  return value;
}

Result<Bytes> Overflow::read(const OverflowRef& ref, uint64_t offset, uint64_t size) {
  offset = std::min(offset, ref.size);
  size = std::min(size, ref.size - offset);
  if (!ref.compressed()) return read_stored(ref, offset, size);
  auto whole = read(ref);
  if (!whole) return whole;
  return Bytes(whole->begin() + static_cast<ptrdiff_t>(offset),
               whole->begin() + static_cast<ptrdiff_t>(offset + size));
}

Result<uint64_t> Overflow::free_unnamed(const std::unordered_set<uint32_t>& named,
                                        const std::function<bool(TxnId)>& was_over) {
  auto blocks = block_count();
  if (!blocks) return blocks.take_error();
  std::vector<BlockNumber> free;
  for (uint32_t block = 0; block < blocks->value; ++block) {
    auto fetched = store_.pool().fetch({relation_, Fork::kOverflow, BlockNumber{block}});
    if (!fetched) return fetched.take_error();
    ExclusivePage page(std::move(*fetched));
    const ChainPage content = ChainPage::decode(page.view());
    if (!page->is_new() && content.txn != TxnId{}) {
      if (named.contains(content.head.value) || !was_over(content.txn)) continue;
      // An empty page of no transaction: free for whoever comes.
      Change change(store_.pool(), store_.wal(), RecordKind::kOverflow, TxnId{});
      change.on(page).format(PageType::kOverflow);
      if (auto lsn = change.commit(); !lsn) return lsn.take_error();
    }
    free.push_back(BlockNumber{block});
  }
  const uint64_t count = free.size();
  store_.free_overflow(relation_).replace(std::move(free));
  return count;
}

Result<std::optional<std::string>> Overflow::verify(const OverflowRef& ref) {
  auto value = read(ref);
  if (value) return std::optional<std::string>();
  if (value.error().state() != base::sqlstate::kDataCorrupted) return value.take_error();
  return std::optional(value.error().message());
}

}  // namespace isolde::storage
