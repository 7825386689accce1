#pragma once

#include <optional>
#include <string>

#include "storage/bytes.hpp"
#include "storage/ids.hpp"

// A page: 8 KiB, the unit of reading, writing, latching and checksumming.
//
//   0         24                lower            upper                 special       8192
//   | header  | line pointers -> |  free space    | <- items            | special     |
//
//   header:  lsn u64 | checksum u32 | type u8 | flags u8 | lower u16 | upper u16 | special u16 | 0
//   u32 line pointer: offset 15 bits | state 2 bits | length 15 bits
//
// Items begin at multiples of 8. An all-zero page is a valid, new one. Pages of types that keep an
// array instead of items (free space, visibility, transaction status, overflow) use the same
// header, with lower = upper = special = 24.

namespace isolde::storage {

inline constexpr size_t kPageSize = 8192;
inline constexpr size_t kPageHeaderSize = 24;
inline constexpr size_t kLinePointerSize = 4;

enum class PageType : uint8_t {
  kNew = 0,
  kHeap = 1,
  kBtree = 2,
  kBtreeMeta = 3,
  kFreeSpace = 4,
  kVisibility = 5,
  kOverflow = 6,
  kTxnStatus = 7,
  kSequence = 8,
};

enum class LineState : uint8_t {
  kUnused = 0,
  kNormal = 1,
  kRedirect = 2,  ///< offset is the slot of the version that took this one's place
  kDead = 3,      ///< index entries may still point here
};

struct LinePointer {
  uint16_t offset = 0;
  LineState state = LineState::kUnused;
  uint16_t length = 0;

  static LinePointer decode(uint32_t raw) {
    return {static_cast<uint16_t>(raw & 0x7fff), static_cast<LineState>((raw >> 15) & 3),
            static_cast<uint16_t>(raw >> 17)};
  }
  uint32_t encode() const {
    return offset | (static_cast<uint32_t>(state) << 15) | (static_cast<uint32_t>(length) << 17);
  }
};

constexpr size_t aligned(size_t n) {
  return (n + 7) & ~size_t{7};
}

/// Reads a page in place. The caller holds the page's latch.
class PageView {
 public:
  explicit PageView(const std::byte* bytes) : at_(const_cast<std::byte*>(bytes)) {}

  Lsn lsn() const { return Lsn{load<uint64_t>(at_)}; }
  PageType type() const { return static_cast<PageType>(at_[12]); }
  uint8_t flags() const { return static_cast<uint8_t>(at_[13]); }
  uint16_t lower() const { return load<uint16_t>(at_ + 14); }
  uint16_t upper() const { return load<uint16_t>(at_ + 16); }
  uint16_t special() const { return load<uint16_t>(at_ + 18); }
  bool is_new() const { return type() == PageType::kNew; }

  int slot_count() const {
    return (lower() - static_cast<int>(kPageHeaderSize)) / static_cast<int>(kLinePointerSize);
  }
  LinePointer line(int slot) const { return LinePointer::decode(raw_line(slot)); }
  uint32_t raw_line(int slot) const {
    return load<uint32_t>(at_ + kPageHeaderSize + kLinePointerSize * static_cast<size_t>(slot));
  }
  ByteSpan item(int slot) const {
    LinePointer lp = line(slot);
    return {at_ + lp.offset, lp.length};
  }
  /// Bytes between line pointers and items.
  size_t free_bytes() const { return static_cast<size_t>(upper() - lower()); }
  /// Would an item of this length and its new line pointer fit?
  bool fits(size_t length) const { return free_bytes() >= aligned(length) + kLinePointerSize; }
  ByteSpan special_area() const { return {at_ + special(), kPageSize - special()}; }
  const std::byte* data() const { return at_; }

 protected:
  std::byte* at_;
};

/// Changes a page in place; only apply_changes, redo and the buffer pool do.
class PageEditor : public PageView {
 public:
  explicit PageEditor(std::byte* bytes) : PageView(bytes) {}

  void format(PageType type, size_t special_size);
  void set_lsn(Lsn lsn) { store(at_, lsn.value); }
  void set_flags(uint8_t flags) { at_[13] = std::byte{flags}; }
  void set_line(int slot, uint32_t raw);
  /// The item goes into a new line pointer before `slot`; those from there on move up.
  void insert_item(int slot, ByteSpan item);
  /// The item goes into line pointer `slot`, unused or the next new one.
  void put_item(int slot, ByteSpan item);
  void remove_item(int slot);
  /// Forgets the line pointers from `slot` on.
  void trim(int slot);
  /// Moves all items together, so that all free bytes lie between lower and upper.
  void compact();
  std::byte* data() { return at_; }

 private:
  uint16_t place(ByteSpan item);
  void set_lower(size_t lower) { store(at_ + 14, static_cast<uint16_t>(lower)); }
  void set_upper(size_t upper) { store(at_ + 16, static_cast<uint16_t>(upper)); }
};

/// The checksum covers the page's place too: a page written to the wrong block is found.
uint32_t page_checksum(const std::byte* page, const PageId& id);
void set_page_checksum(std::byte* page, const PageId& id);
bool page_checksum_ok(const std::byte* page, const PageId& id);

/// Checks what must hold on every page whatever its type; says what is wrong.
std::optional<std::string> verify_page_layout(PageView page);

}  // namespace isolde::storage
