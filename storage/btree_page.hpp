#pragma once

#include <bit>
#include <string>

#include "storage/page_change.hpp"

// The layout of B+tree pages.
//
// An *entry* is the caller's key followed by the row's TupleId in six big-endian bytes: entries are
// unique, and comparing bytes orders them by key, then by place. (For that to be the keys' own
// order no key may be a proper prefix of another; encodings with terminators and fixed widths are
// like that.)
//
//   leaf:      [high key] entry entry entry ...
//   internal:  [high key] (child u32, separator) (child u32, separator) ...
//   special:   left u32 | right u32 | level u16 | flags u16 | 0 u32
//
// The high key, on all pages but the rightmost of a level, is in slot 0: every entry of the page is
// below it. A separator is at most every entry in its child, and cut to the bytes that tell the
// child from its left neighbour. Block 0 is the meta page: root u32 | level u32.

namespace isolde::storage {

inline constexpr size_t kBtreeSpecialSize = 16;
inline constexpr size_t kTupleIdSize = 6;
/// PostgreSQL's limit: three entries must fit on a page.
inline constexpr size_t kMaxKeySize = 2704;
inline constexpr BlockNumber kBtreeMetaBlock{0};

enum BtreeFlags : uint16_t {
  kBtreeLeaf = 1,
  kBtreeRoot = 2,
  kSplitUnfinished = 4,  ///< the right sibling has no downlink yet
  kBtreeDeleted = 8,     ///< no longer in the tree: everything is further to the right
};

struct BtreeSpecial {
  BlockNumber left = kNoBlock;
  BlockNumber right = kNoBlock;
  uint16_t level = 0;
  uint16_t flags = 0;

  static BtreeSpecial decode(PageView page) {
    const std::byte* at = page.special_area().data();
    return {BlockNumber{load<uint32_t>(at)}, BlockNumber{load<uint32_t>(at + 4)},
            load<uint16_t>(at + 8), load<uint16_t>(at + 10)};
  }
  void encode(std::byte* at) const {
    store(at, left.value);
    store(at + 4, right.value);
    store(at + 8, level);
    store(at + 10, flags);
    store(at + 12, uint32_t{0});
  }
};
inline constexpr size_t kBtreeSpecialOffset = kPageSize - kBtreeSpecialSize;
void put_special(PageChange& change, const BtreeSpecial& special);

inline int compare_entries(ByteSpan a, ByteSpan b) {
  if (a.size() >= 8 && b.size() >= 8) {
    const uint64_t x = __builtin_bswap64(load<uint64_t>(a.data()));
    const uint64_t y = __builtin_bswap64(load<uint64_t>(b.data()));
    if (x != y) return x < y ? -1 : 1;
  }
  const size_t n = std::min(a.size(), b.size());
  const int order = n == 0 ? 0 : std::memcmp(a.data(), b.data(), n);
  if (order != 0) return order;
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

inline void encode_tuple_id(TupleId id, std::byte* at) {
  store(at, __builtin_bswap32(id.block.value));
  store(at + 4, __builtin_bswap16(id.slot.value));
}
inline TupleId decode_tuple_id(const std::byte* at) {
  return {BlockNumber{__builtin_bswap32(load<uint32_t>(at))},
          Slot{__builtin_bswap16(load<uint16_t>(at + 4))}};
}
inline Bytes make_entry(ByteSpan key, TupleId id) {
  Bytes entry(key.size() + kTupleIdSize);
  if (!key.empty()) std::memcpy(entry.data(), key.data(), key.size());
  encode_tuple_id(id, entry.data() + key.size());
  return entry;
}
/// The same without an allocation, unless the key is long.
class EntryBytes {
 public:
  EntryBytes(ByteSpan key, TupleId id) : size_(key.size() + kTupleIdSize) {
    if (size_ > sizeof small_) large_.resize(size_);
    std::byte* to = large_.empty() ? small_ : large_.data();
    if (!key.empty()) std::memcpy(to, key.data(), key.size());
    encode_tuple_id(id, to + key.size());
  }
  EntryBytes(const EntryBytes&) = delete;
  EntryBytes& operator=(const EntryBytes&) = delete;

  operator ByteSpan() const { return {large_.empty() ? small_ : large_.data(), size_}; }

 private:
  const size_t size_;
  std::byte small_[64];
  Bytes large_;
};

inline ByteSpan key_of(ByteSpan entry) {
  return entry.first(entry.size() - kTupleIdSize);
}
inline TupleId tuple_of(ByteSpan entry) {
  return decode_tuple_id(entry.data() + entry.size() - kTupleIdSize);
}

/// A B+tree page to be read under its latch.
class BtreePageView {
 public:
  explicit BtreePageView(PageView page) : page_(page), special_(BtreeSpecial::decode(page)) {}

  bool leaf() const { return (special_.flags & kBtreeLeaf) != 0; }
  bool root() const { return (special_.flags & kBtreeRoot) != 0; }
  bool split_unfinished() const { return (special_.flags & kSplitUnfinished) != 0; }
  bool deleted() const { return (special_.flags & kBtreeDeleted) != 0; }
  bool empty() const { return end_slot() == first_slot(); }
  const BtreeSpecial& special() const { return special_; }
  BlockNumber right() const { return special_.right; }
  BlockNumber left() const { return special_.left; }
  bool rightmost() const { return special_.right == kNoBlock; }
  int first_slot() const { return rightmost() ? 0 : 1; }
  int end_slot() const { return page_.slot_count(); }
  ByteSpan high_key() const { return page_.item(0); }
  /// Does this belong on a page further to the right?
  bool beyond(ByteSpan entry) const {
    return !rightmost() && (deleted() || compare_entries(entry, high_key()) >= 0);
  }
  /// An entry (leaf) or a separator (internal).
  ByteSpan key(int slot) const {
    ByteSpan item = page_.item(slot);
    return leaf() ? item : item.subspan(4);
  }
  BlockNumber child(int slot) const { return BlockNumber{load<uint32_t>(page_.item(slot).data())}; }
  /// The first slot whose key is not below `entry`.
  int lower_bound(ByteSpan entry) const;
  /// The slot of the child in which `entry` belongs.
  int child_slot_for(ByteSpan entry) const;
  PageView page() const { return page_; }

 private:
  PageView page_;
  BtreeSpecial special_;
};

/// The shortest run of bytes above `left` and not above `right`.
ByteSpan separator_between(ByteSpan left, ByteSpan right);

}  // namespace isolde::storage
