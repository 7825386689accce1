#pragma once

#include <functional>
#include <optional>
#include <unordered_set>

#include "storage/store.hpp"

// Values too wide for a heap page, in a chain of pages of the relation's overflow fork.
//
//      row version: ... OverflowRef (20 bytes) ...
//                           |first
//      [ page: txn, head, next -> | 8144 bytes ] -> [ page ... ] -> [ page: next none ]
//
// Chains are written once and never changed. They have no reference count: several versions of a
// row may name one chain (an update that leaves the value alone copies the reference). Vacuum
// collects the references of all versions and frees the chains that none names and whose maker was
// over by then; so what a crash or an abort leaves behind is found as well.

namespace isolde::storage {

/// Where a value is. Encoded in 20 bytes wherever the caller likes within its payload.
struct OverflowRef {
  BlockNumber first = kNoBlock;
  uint64_t size = 0;         ///< of the value
  uint64_t stored_size = 0;  ///< smaller when it is compressed (LZ4)

  static constexpr size_t kEncodedSize = 20;
  void encode(std::byte* at) const {
    storage::store(at, first.value);
    storage::store(at + 4, size);
    storage::store(at + 12, stored_size);
  }
  static OverflowRef decode(const std::byte* at) {
    return {BlockNumber{load<uint32_t>(at)}, load<uint64_t>(at + 4), load<uint64_t>(at + 12)};
  }
  bool compressed() const { return stored_size != size; }
};

/// Wider payloads should send their widest values here.
inline constexpr size_t kOverflowThreshold = kPageSize / 4;
inline constexpr uint64_t kMaxValueSize = uint64_t{1} << 30;

class Overflow {
 public:
  Overflow(Store& store, RelationId relation) : store_(store), relation_(relation) {}

  /// 54000 for more than 1 GB.
  base::Result<OverflowRef> write(TxnId txn, ByteSpan value);
  base::Result<Bytes> read(const OverflowRef& ref);
  /// A part of the value; cheap near the front of a value that is not compressed.
  base::Result<Bytes> read(const OverflowRef& ref, uint64_t offset, uint64_t size);

  /// Frees the pages whose chain's first block is not in `named` and whose maker was over before
  /// the collecting of references began, as `was_over` says. (One that was at work then may have
  /// put a reference where the collector had been already.) Returns how many pages are free.
  base::Result<uint64_t> free_unnamed(const std::unordered_set<uint32_t>& named,
                                      const std::function<bool(TxnId)>& was_over);
  base::Result<BlockNumber> block_count();
  /// Says what is wrong with a chain, if anything.
  base::Result<std::optional<std::string>> verify(const OverflowRef& ref);

 private:
  base::Result<ExclusivePage> free_page();
  base::Result<Bytes> read_stored(const OverflowRef& ref, uint64_t offset, uint64_t size);

  Store& store_;
  const RelationId relation_;
};

}  // namespace isolde::storage
