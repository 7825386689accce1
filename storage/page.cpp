#include "storage/page.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "base/crc32c.hpp"

namespace isolde::storage {

std::string relation_path(RelationId relation, Fork fork) {
  static constexpr const char* kSuffix[kForks] = {"", "_fsm", "_vm", "_ovf"};
  return "base/" + std::to_string(relation.space) + "/" + std::to_string(relation.number) +
         kSuffix[static_cast<size_t>(fork)];
}

void PageEditor::format(PageType type, size_t special_size) {
  Lsn keep = lsn();
  std::memset(at_, 0, kPageSize);
  set_lsn(keep);
  at_[12] = static_cast<std::byte>(type);
  const size_t special = kPageSize - special_size;
  const bool has_items =
      type == PageType::kHeap || type == PageType::kBtree || type == PageType::kSequence;
  set_lower(kPageHeaderSize);
  set_upper(has_items ? special : kPageHeaderSize);
  store(at_ + 18, static_cast<uint16_t>(has_items ? special : kPageHeaderSize));
}

void PageEditor::set_line(int slot, uint32_t raw) {
  ISOLDE_ASSERT(slot < slot_count(), "no such line pointer");
  store(at_ + kPageHeaderSize + kLinePointerSize * static_cast<size_t>(slot), raw);
}

uint16_t PageEditor::place(ByteSpan item) {
  size_t to = upper() - aligned(item.size());
  ISOLDE_CHECK(to >= lower() && to < kPageSize, "an item does not fit into its page");
  std::memcpy(at_ + to, item.data(), item.size());
  set_upper(to);
  return static_cast<uint16_t>(to);
}

void PageEditor::insert_item(int slot, ByteSpan item) {
  ISOLDE_ASSERT(slot <= slot_count(), "a gap in the line pointers");
  std::byte* line_at = at_ + kPageHeaderSize + kLinePointerSize * static_cast<size_t>(slot);
  size_t behind = lower() - static_cast<size_t>(line_at - at_);
  set_lower(lower() + kLinePointerSize);
  uint16_t offset = place(item);
  std::memmove(line_at + kLinePointerSize, line_at, behind);
  set_line(slot,
           LinePointer{offset, LineState::kNormal, static_cast<uint16_t>(item.size())}.encode());
}

void PageEditor::put_item(int slot, ByteSpan item) {
  if (slot == slot_count()) {
    insert_item(slot, item);
    return;
  }
  ISOLDE_ASSERT(line(slot).state == LineState::kUnused, "this line pointer is in use");
  uint16_t offset = place(item);
  set_line(slot,
           LinePointer{offset, LineState::kNormal, static_cast<uint16_t>(item.size())}.encode());
}

void PageEditor::remove_item(int slot) {
  ISOLDE_ASSERT(slot < slot_count(), "no such line pointer");
  std::byte* line_at = at_ + kPageHeaderSize + kLinePointerSize * static_cast<size_t>(slot);
  size_t behind = lower() - static_cast<size_t>(line_at - at_) - kLinePointerSize;
  std::memmove(line_at, line_at + kLinePointerSize, behind);
  set_lower(lower() - kLinePointerSize);
}

void PageEditor::trim(int slot) {
  set_lower(kPageHeaderSize + kLinePointerSize * static_cast<size_t>(slot));
}

void PageEditor::compact() {
  std::array<std::byte, kPageSize> old;
  std::memcpy(old.data(), at_, kPageSize);
  set_upper(special());
  for (int slot = 0; slot < slot_count(); ++slot) {
    LinePointer lp = line(slot);
    if (lp.state != LineState::kNormal) continue;
    lp.offset = place({old.data() + lp.offset, lp.length});
    set_line(slot, lp.encode());
  }
}

uint32_t page_checksum(const std::byte* page, const PageId& id) {
  uint64_t place[2] = {(uint64_t{id.relation.number} << 32) | id.block.value,
                       (uint64_t{id.relation.space} << 8) | static_cast<uint8_t>(id.fork)};
  uint32_t crc = base::crc32c(std::as_bytes(std::span(place)));
  crc = base::crc32c({page, 8}, crc);
  return base::crc32c({page + 12, kPageSize - 12}, crc);
}

void set_page_checksum(std::byte* page, const PageId& id) {
  store(page + 8, page_checksum(page, id));
}

bool page_checksum_ok(const std::byte* page, const PageId& id) {
  if (load<uint32_t>(page + 8) == page_checksum(page, id)) return true;
  return std::all_of(page, page + kPageSize, [](std::byte b) { return b == std::byte{0}; });
}

std::optional<std::string> verify_page_layout(PageView page) {
  if (page.is_new()) return std::nullopt;
  if (page.type() > PageType::kSequence)
    return "unknown page type " + std::to_string(static_cast<int>(page.type()));
  if (page.lower() < kPageHeaderSize || page.lower() > page.upper() ||
      page.upper() > page.special() || page.special() > kPageSize)
    return "bounds of free space out of order: lower " + std::to_string(page.lower()) + ", upper " +
           std::to_string(page.upper()) + ", special " + std::to_string(page.special());
  std::vector<std::pair<int, int>> extents;
  for (int slot = 0; slot < page.slot_count(); ++slot) {
    LinePointer lp = page.line(slot);
    if (lp.state != LineState::kNormal) continue;
    if (lp.offset < page.upper() || lp.offset + lp.length > page.special() || lp.offset % 8 != 0)
      return "item " + std::to_string(slot + 1) + " lies outside of the item space";
    extents.emplace_back(lp.offset, lp.offset + lp.length);
  }
  std::sort(extents.begin(), extents.end());
  for (size_t i = 1; i < extents.size(); ++i) {
    if (extents[i].first < extents[i - 1].second) return "two items overlap";
  }
  return std::nullopt;
}

}  // namespace isolde::storage
