#include "storage/wal_record.hpp"

#include <cstdio>

namespace isolde::storage {

std::string_view record_kind_name(RecordKind kind) {
  switch (kind) {
    case RecordKind::kHeapInsert:
      return "HEAP_INSERT";
    case RecordKind::kHeapUpdate:
      return "HEAP_UPDATE";
    case RecordKind::kHeapMark:
      return "HEAP_MARK";
    case RecordKind::kHeapPrune:
      return "HEAP_PRUNE";
    case RecordKind::kHeapFreeze:
      return "HEAP_FREEZE";
    case RecordKind::kVisibility:
      return "VISIBILITY";
    case RecordKind::kOverflow:
      return "OVERFLOW";
    case RecordKind::kIndexInsert:
      return "INDEX_INSERT";
    case RecordKind::kIndexSplit:
      return "INDEX_SPLIT";
    case RecordKind::kIndexVacuum:
      return "INDEX_VACUUM";
    case RecordKind::kIndexBuild:
      return "INDEX_BUILD";
    case RecordKind::kIndexMeta:
      return "INDEX_META";
    case RecordKind::kPageInit:
      return "PAGE_INIT";
    case RecordKind::kTxnBegin:
      return "TXN_BEGIN";
    case RecordKind::kCommit:
      return "COMMIT";
    case RecordKind::kAbort:
      return "ABORT";
    case RecordKind::kCreateFile:
      return "CREATE_FILE";
    case RecordKind::kFileNumbers:
      return "FILE_NUMBERS";
    case RecordKind::kCheckpoint:
      return "CHECKPOINT";
    case RecordKind::kTruncate:
      return "TRUNCATE";
    case RecordKind::kPrepare:
      return "PREPARE";
    case RecordKind::kSequence:
      return "SEQUENCE";
    case RecordKind::kIndexUnlink:
      return "INDEX_UNLINK";
  }
  return "";
}

uint32_t wal_crc_seed(Lsn lsn) {
  return static_cast<uint32_t>(lsn.value) ^ static_cast<uint32_t>(lsn.value >> 32);
}

namespace {

bool parse_block(ByteReader& reader, LoggedBlock& block) {
  block.id.relation.space = reader.take<uint32_t>();
  block.id.relation.number = reader.take<uint32_t>();
  block.id.block = BlockNumber{reader.take<uint32_t>()};
  auto fork = reader.take<uint8_t>();
  block.id.fork = static_cast<Fork>(fork);
  block.flags = reader.take<uint8_t>();
  block.body = reader.take_bytes(reader.take<uint16_t>());
  return reader.ok() && fork < kForks;
}

}  // namespace

bool parse_wal_record(ByteSpan bytes, Lsn lsn, WalRecord& into) {
  ByteReader reader(bytes);
  into.lsn = lsn;
  into.end = Lsn{lsn.value + aligned(bytes.size())};
  reader.take<uint64_t>();  // length, crc
  into.previous = Lsn{reader.take<uint64_t>()};
  into.txn = TxnId{reader.take<uint64_t>()};
  auto kind = reader.take<uint8_t>();
  into.kind = static_cast<RecordKind>(kind);
  into.blocks.resize(reader.take<uint8_t>());
  into.incarnation = reader.take<uint16_t>();
  into.main = reader.take_bytes(reader.take<uint32_t>());
  if (!reader.ok() || record_kind_name(into.kind).empty()) return false;
  for (LoggedBlock& block : into.blocks) {
    if (!parse_block(reader, block)) return false;
  }
  return reader.empty();
}

bool restore_image(ByteSpan body, std::byte* page) {
  ByteReader reader(body);
  size_t hole = reader.take<uint16_t>(), length = reader.take<uint16_t>();
  if (!reader.ok() || hole + length > kPageSize) return false;
  ByteSpan head = reader.take_bytes(hole);
  ByteSpan tail = reader.take_bytes(kPageSize - hole - length);
  if (!reader.ok() || !reader.empty()) return false;
  std::memset(page, 0, kPageSize);
  std::memcpy(page, head.data(), head.size());
  std::memcpy(page + hole + length, tail.data(), tail.size());
  return true;
}

std::string lsn_text(Lsn lsn) {
  char text[40];
  std::snprintf(text, sizeof text, "%X/%X", static_cast<unsigned>(lsn.value >> 32),
                static_cast<unsigned>(lsn.value));
  return text;
}

std::string segment_name(uint64_t number) {
  char text[40];
  std::snprintf(text, sizeof text, "%016llX", static_cast<unsigned long long>(number));
  return text;
}

}  // namespace isolde::storage
