#include "storage/free_space.hpp"

#include <algorithm>

namespace isolde::storage {

using base::Result;
using base::Status;

namespace {
constexpr size_t kUnit = 32;
constexpr uint32_t kBytesPerPage = kPageSize - kPageHeaderSize;

uint8_t units_down(size_t bytes) {
  return static_cast<uint8_t>(std::min<size_t>(bytes / kUnit, 255));
}
uint8_t units_up(size_t bytes) {
  return static_cast<uint8_t>(std::min<size_t>((bytes + kUnit - 1) / kUnit, 255));
}
}  // namespace

Result<PageRef> FreeSpace::map_page(BlockNumber heap_block) {
  return pool_.fetch_to_overwrite(
      {relation_, Fork::kFreeSpace, BlockNumber{heap_block.value / kBytesPerPage}});
}

Result<BlockNumber> FreeSpace::find(size_t bytes) {
  const uint8_t wanted = units_up(bytes);
  if (wanted >= nothing_above_.load(std::memory_order_relaxed)) return kNoBlock;
  auto pages = pool_.files().block_count(relation_, Fork::kFreeSpace);
  auto heap_blocks = pool_.files().block_count(relation_, Fork::kMain);
  if (!pages) return pages.take_error();
  if (!heap_blocks) return heap_blocks.take_error();
  const uint32_t first = next_search_.load(std::memory_order_relaxed);
  for (uint32_t n = 0; n <= pages->value; ++n) {
    const uint32_t number = (first / kBytesPerPage + n) % std::max(pages->value, 1U);
    if (number >= pages->value) break;
    auto ref = map_page(BlockNumber{number * kBytesPerPage});
    if (!ref) return ref.take_error();
    SharedPage page(std::move(*ref));
    const auto* begin = reinterpret_cast<const uint8_t*>(page.view().data()) + kPageHeaderSize;
    const auto* from = begin + (n == 0 ? first % kBytesPerPage : 0);
    const auto* at =
        std::find_if(from, begin + kBytesPerPage, [&](uint8_t u) { return u >= wanted; });
    const uint32_t block = number * kBytesPerPage + static_cast<uint32_t>(at - begin);
    if (at == begin + kBytesPerPage || block >= heap_blocks->value) continue;
    next_search_.store(block, std::memory_order_relaxed);
    return BlockNumber{block};
  }
  nothing_above_.store(wanted, std::memory_order_relaxed);
  return kNoBlock;
}

Status FreeSpace::record(BlockNumber block, size_t free_bytes) {
  const uint8_t units = units_down(free_bytes);
  auto ref = map_page(block);
  if (!ref) return ref.take_error();
  ExclusivePage page(std::move(*ref));
  const size_t at = kPageHeaderSize + block.value % kBytesPerPage;
  if (static_cast<uint8_t>(page.view().data()[at]) == units) return {};
  pool_.mark_dirty(page.ref());
  PageEditor editor = page.ref().hint_editor();
  if (editor.is_new()) editor.format(PageType::kFreeSpace, 0);
  editor.data()[at] = std::byte{units};
  if (units >= nothing_above_.load(std::memory_order_relaxed))
    nothing_above_.store(UINT32_MAX, std::memory_order_relaxed);
  return {};
}

Status FreeSpace::truncate(BlockNumber blocks) {
  target_.store(UINT32_MAX, std::memory_order_relaxed);
  next_search_.store(0, std::memory_order_relaxed);
  auto pages = pool_.files().block_count(relation_, Fork::kFreeSpace);
  if (!pages) return pages.take_error();
  for (uint64_t b = blocks.value; b < uint64_t{pages->value} * kBytesPerPage; ++b) {
    if (Status s = record(BlockNumber{static_cast<uint32_t>(b)}, 0); !s) return s;
  }
  return {};
}

BlockNumber FreeBlocks::take() {
  std::lock_guard lock(mutex_);
  if (blocks_.empty()) return kNoBlock;
  const BlockNumber block = blocks_.back();
  blocks_.pop_back();
  return block;
}

void FreeBlocks::replace(std::vector<BlockNumber> blocks) {
  std::lock_guard lock(mutex_);
  blocks_ = std::move(blocks);
  unseen_end_ = 0;
}

BlockNumber FreeBlocks::next_unseen(BlockNumber blocks) {
  std::lock_guard lock(mutex_);
  unseen_end_ = std::min(unseen_end_, blocks.value);
  return hand_ < unseen_end_ ? BlockNumber{hand_++} : kNoBlock;
}

}  // namespace isolde::storage
