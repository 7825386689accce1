#pragma once

#include <optional>
#include <string>

#include "storage/page.hpp"

// What can happen to a page, as data. A change is a list of small operations in bytes; the same
// bytes are applied to the page now and, out of the log, after a crash:
//
//      PageChange c;                       apply_changes(page, c.bytes())   now
//      c.put_item(3, tuple).patch(1, ..)   write-ahead log <- c.bytes()
//                                          apply_changes(page, ...)         in recovery
//
// So there is no separate redo code that could differ from what was done.

namespace isolde::storage {

enum class PageOp : uint8_t {
  kFormat = 1,   ///< type u8, special size u16: an empty page, whatever was there
  kInsert = 2,   ///< slot u16, length u16, item: later slots move up
  kPut = 3,      ///< slot u16, length u16, item: into a free slot
  kPatch = 4,    ///< slot u16, offset u16, length u16, bytes: inside an item
  kRemove = 5,   ///< slot u16: later slots move down
  kLine = 6,     ///< slot u16, line pointer u32
  kTrim = 7,     ///< slot u16: this slot and later ones are gone
  kCompact = 8,  ///< all free bytes together
  kBytes = 9,    ///< offset u16, length u16, bytes: behind the header
  kFlags = 10,   ///< page flags u8
};

class PageChange {
 public:
  PageChange& format(PageType type, size_t special_size = 0);
  PageChange& insert_item(int slot, ByteSpan item);
  /// An item of two parts, to spare the caller a copy.
  PageChange& insert_item(int slot, ByteSpan head, ByteSpan tail);
  PageChange& put_item(int slot, ByteSpan head, ByteSpan tail = {});
  PageChange& patch(int slot, size_t offset, ByteSpan bytes);
  PageChange& remove_item(int slot);
  PageChange& set_line(int slot, LinePointer line);
  PageChange& trim(int slot);
  PageChange& compact();
  PageChange& write(size_t offset, ByteSpan bytes);
  PageChange& set_flags(uint8_t flags);

  ByteSpan bytes() const { return bytes_.bytes(); }
  bool starts_afresh() const {
    return !bytes().empty() && bytes()[0] == static_cast<std::byte>(PageOp::kFormat);
  }

 private:
  PageChange& op(PageOp code);
  PageChange& item(PageOp code, int slot, ByteSpan head, ByteSpan tail);

  ByteBuffer bytes_;
};

/// False when the bytes are not a list of operations that this page can take; the page is then in
/// an undefined state. (What a running server made always applies.)
[[nodiscard]] bool apply_changes(PageEditor page, ByteSpan changes);

/// "PUT 3 (40 bytes), LINE 1": for people who read the log.
std::string describe_changes(ByteSpan changes);

}  // namespace isolde::storage
