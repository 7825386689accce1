#pragma once

#include "storage/heap.hpp"

namespace isolde::storage {

/// A page of a heap, copied whole for a scan: nothing is latched while one looks at it. Reuse it.
class HeapPageCopy {
 public:
  HeapPageCopy() : bytes_(kPageSize) {}

  base::Status read(Heap& heap, BlockNumber block, ScanRing* ring) {
    auto ref = heap.store().pool().fetch({heap.relation(), Fork::kMain, block}, ring);
    if (!ref) return ref.take_error();
    SharedPage page(std::move(*ref));
    std::memcpy(bytes_.data(), page.view().data(), kPageSize);
    return {};
  }

  bool all_visible() const { return (view().flags() & kPageAllVisible) != 0; }
  /// How many versions there may be at most.
  size_t slots() const {
    return view().type() == PageType::kHeap ? static_cast<size_t>(view().slot_count()) : 0;
  }
  /// Calls `visit(slot, item)` for the versions in the order of their slots, until it says false.
  template <typename Visit>
  void each(Visit visit) const {
    const PageView page = view();
    const auto count = static_cast<int>(slots());
    for (int slot = 0; slot < count; ++slot) {
      const LinePointer line = page.line(slot);
      if (line.state != LineState::kNormal) continue;
      const ByteSpan item{bytes_.data() + line.offset, line.length};
      if (!visit(Slot{static_cast<uint16_t>(slot)}, item)) return;
    }
  }

 private:
  PageView view() const { return PageView(bytes_.data()); }

  Bytes bytes_;
};

}  // namespace isolde::storage
