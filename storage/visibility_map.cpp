#include "storage/visibility_map.hpp"

namespace isolde::storage {

using base::Result;
using base::Status;

namespace {
constexpr uint32_t kBitsPerPage = (kPageSize - kPageHeaderSize) * 8;

size_t byte_of(BlockNumber heap_block) {
  return kPageHeaderSize + heap_block.value % kBitsPerPage / 8;
}
uint8_t mask_of(BlockNumber heap_block) {
  return static_cast<uint8_t>(1U << (heap_block.value % 8));
}
}  // namespace

PageId VisibilityMap::page_of(BlockNumber heap_block) const {
  return {relation_, Fork::kVisibility, BlockNumber{heap_block.value / kBitsPerPage}};
}

Result<bool> VisibilityMap::all_visible(BlockNumber heap_block) {
  const PageId id = page_of(heap_block);
  auto blocks = pool_.files().block_count(relation_, Fork::kVisibility);
  if (!blocks) return blocks.take_error();
  if (id.block >= *blocks) return false;
  auto ref = pool_.fetch(id);
  if (!ref) return ref.take_error();
  SharedPage page(std::move(*ref));
  return (static_cast<uint8_t>(page.view().data()[byte_of(heap_block)]) & mask_of(heap_block)) != 0;
}

Result<ExclusivePage> VisibilityMap::latch_for(BlockNumber heap_block) {
  const PageId id = page_of(heap_block);
  Status s = pool_.files().extend_to(relation_, Fork::kVisibility, BlockNumber{id.block.value + 1});
  if (!s) return s.take_error();
  auto ref = pool_.fetch(id);
  if (!ref) return ref.take_error();
  ExclusivePage page(std::move(*ref));
  if (page->is_new()) {
    Change change(pool_, wal_, RecordKind::kPageInit, TxnId{});
    change.on(page).format(PageType::kVisibility);
    if (auto lsn = change.commit(); !lsn) return lsn.take_error();
  }
  return page;
}

void VisibilityMap::put(Change& change, const ExclusivePage& map_page,
                        std::span<const BlockNumber> heap_blocks, bool bit) {
  PageChange& part = change.on(map_page);
  for (BlockNumber block : heap_blocks) {
    auto byte = static_cast<uint8_t>(map_page.view().data()[byte_of(block)]);
    for (BlockNumber other : heap_blocks) {  // neighbours share a byte
      if (byte_of(other) != byte_of(block)) continue;
      byte = static_cast<uint8_t>(bit ? byte | mask_of(other) : byte & ~mask_of(other));
    }
    part.write(byte_of(block), std::as_bytes(std::span(&byte, 1)));
  }
}

bool VisibilityMap::same_page(BlockNumber a, BlockNumber b) {
  return a.value / kBitsPerPage == b.value / kBitsPerPage;
}

}  // namespace isolde::storage
