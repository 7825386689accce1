#pragma once

#include <string>
#include <vector>

#include "storage/page_change.hpp"

// One record of the write-ahead log. storage/README.md has the format in prose; these constants
// and the writer in wal.cpp say the same.
//
//   header 32 bytes | main data | block 0 | block 1 | ...        the whole padded to 8 bytes
//
//   header:  length u32 | crc u32 | previous record's lsn u64 | txn u64 |
//            kind u8 | block count u8 | incarnation u16 | main data length u32
//   block:   space u32 | number u32 | block u32 | fork u8 | flags u8 | length u16 | body
//   body:    page operations, or, flag kImage: hole begin u16 | hole length u16 | page sans hole
//
// The CRC starts from the record's own lsn, so that a record of a recycled segment is never taken
// for one of this place. `incarnation` grows by one with every start of the server: what an earlier
// run left behind the end of the log cannot come to life behind a new record of the same length.

namespace isolde::storage {

inline constexpr size_t kWalHeaderSize = 32;
inline constexpr size_t kWalBlockHeaderSize = 16;
inline constexpr size_t kMaxWalRecord = size_t{1} << 20;
inline constexpr size_t kMaxWalBlocks = 8;

/// What a record is about: for people, and for recovery where it is more than a change of pages.
enum class RecordKind : uint8_t {
  kHeapInsert = 1,
  kHeapUpdate,
  kHeapMark,  ///< xmax, next version or a lock in a version's header
  kHeapPrune,
  kHeapFreeze,
  kVisibility,
  kOverflow,
  kIndexInsert,
  kIndexSplit,
  kIndexVacuum,
  kIndexBuild,
  kIndexMeta,
  kPageInit,
  kTxnBegin,  ///< a sub-transaction names its parent
  kCommit,    ///< main: commit record (txn_status.hpp)
  kAbort,
  kCreateFile,   ///< main: RelationId
  kFileNumbers,  ///< main: u32, file numbers below it may be in use
  kCheckpoint,   ///< main: CheckpointData
  kTruncate,     ///< main: RelationId, fork u8, blocks u32
  kPrepare,      ///< main: what the caller needs to know of a prepared transaction
  kSequence,
  kIndexUnlink,
};
std::string_view record_kind_name(RecordKind kind);

enum WalBlockFlags : uint8_t { kBlockImage = 1, kBlockAfresh = 2 };

/// One page's part of a record to be written.
struct BlockToLog {
  PageId id;
  ByteSpan changes;
  bool afresh = false;              ///< the changes begin with kFormat
  const std::byte* page = nullptr;  ///< after the change
};

/// One page's part of a record that was read.
struct LoggedBlock {
  PageId id;
  uint8_t flags = 0;
  ByteSpan body;
  bool is_image() const { return (flags & kBlockImage) != 0; }
  bool afresh() const { return (flags & (kBlockImage | kBlockAfresh)) != 0; }
};

struct WalRecord {
  Lsn lsn, end, previous;
  TxnId txn;
  RecordKind kind{};
  uint16_t incarnation = 0;
  ByteSpan main;
  std::vector<LoggedBlock> blocks;
};

/// Takes the bytes of a record apart; false when they make no sense. `crc` is not looked at.
bool parse_wal_record(ByteSpan bytes, Lsn lsn, WalRecord& into);
uint32_t wal_crc_seed(Lsn lsn);
/// Puts a page image back; false when its bounds make no sense.
bool restore_image(ByteSpan body, std::byte* page);

/// "0/16B3740", as PostgreSQL writes positions.
std::string lsn_text(Lsn lsn);
std::string segment_name(uint64_t number);

}  // namespace isolde::storage
