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

void VisibilityMap::put(Change& change, const ExclusivePage& map_page, BlockNumber heap_block,
                        bool bit) {
  auto byte = static_cast<uint8_t>(map_page.view().data()[byte_of(heap_block)]);
  byte = static_cast<uint8_t>(bit ? byte | mask_of(heap_block) : byte & ~mask_of(heap_block));
  change.on(map_page).write(byte_of(heap_block), std::as_bytes(std::span(&byte, 1)));
}

}  // namespace isolde::storage
