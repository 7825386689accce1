#pragma once

#include "storage/page.hpp"

// A row version as it lies on a page: a header of 32 bytes, then the caller's payload.
//
//   0     8     16    20    24          28         30        32
//   | xmin| xmax| cmin| cmax| next block| next slot| infomask| payload ...
//
// `next` is the version that followed this one, and counts only when that version's xmin is this
// one's xmax: after an aborted update its slot may have been taken by another row.

namespace isolde::storage {

inline constexpr size_t kVersionHeaderSize = 32;

enum VersionBits : uint16_t {
  // Hints: may be lost at any time, never wrong.
  kXminCommitted = 1,
  kXminAborted = 2,
  kXmaxCommitted = 4,
  kXmaxAborted = 8,
  kHintBits = 15,
  kHotUpdated = 16,   ///< the next version is on this page and has no index entries of its own
  kHeapOnly = 32,     ///< no index entry points here: reached through the chain
  kHasOverflow = 64,  ///< the payload ends with overflow references (overflow.hpp)
  kUpdated = 128,     ///< made by an update, not an insert
  // The upper eight bits belong to the concurrency layer (lock-only xmax and the like).
  kCallerBits = 0xff00,
};

struct VersionHeader {
  TxnId xmin, xmax;
  CommandId cmin, cmax;
  TupleId next;
  uint16_t infomask = 0;

  static VersionHeader decode(const std::byte* at) {
    return {TxnId{load<uint64_t>(at)},
            TxnId{load<uint64_t>(at + 8)},
            CommandId{load<uint32_t>(at + 16)},
            CommandId{load<uint32_t>(at + 20)},
            {BlockNumber{load<uint32_t>(at + 24)}, Slot{load<uint16_t>(at + 28)}},
            load<uint16_t>(at + 30)};
  }
  void encode(std::byte* at) const {
    store(at, xmin.value);
    store(at + 8, xmax.value);
    store(at + 16, cmin.value);
    store(at + 20, cmax.value);
    store(at + 24, next.block.value);
    store(at + 28, next.slot.value);
    store(at + 30, infomask);
  }
};

/// Flags of a heap page.
enum HeapPageFlags : uint8_t { kPageAllVisible = 1, kPageHasFreeSlots = 2 };

/// The largest version that fits on a page with its line pointer.
inline constexpr size_t kMaxVersionSize = (kPageSize - kPageHeaderSize - kLinePointerSize) / 8 * 8;

}  // namespace isolde::storage
