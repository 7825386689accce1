#include "sql/catalog/catalog_file.hpp"

#include <algorithm>
#include <map>

#include "sql/catalog/object_codec.hpp"
#include "sql/catalog/open_relation.hpp"
#include "txn/version_rules.hpp"

namespace isolde::sql {

namespace {

using base::Result;
using base::Status;
using storage::Bytes;
using storage::ByteSpan;
using storage::CommandId;
using storage::TupleId;
using storage::TxnId;

struct PartHeader {
  ObjectKind kind;
  Oid oid;
  uint16_t part = 0, parts = 0;
};
constexpr size_t kPartHeaderSize = 9;
constexpr size_t kPartSize = storage::kMaxVersionSize - storage::kVersionHeaderSize - 64;

Bytes part_of_object(const PartHeader& header, ByteSpan body) {
  Bytes bytes;
  storage::append(bytes, header.kind);
  storage::append(bytes, header.oid.value);
  storage::append(bytes, header.part);
  storage::append(bytes, header.parts);
  storage::append_bytes(bytes, body);
  return bytes;
}

bool read_part(ByteSpan bytes, PartHeader& header) {
  storage::ByteReader in(bytes);
  header.kind = in.take<ObjectKind>();
  header.oid = Oid(in.take<uint32_t>());
  header.part = in.take<uint16_t>();
  header.parts = in.take<uint16_t>();
  return in.ok() && header.part < header.parts;
}

/// The parts of one object as they turn up.
struct Parts {
  std::vector<Bytes> bodies;
  std::vector<TupleId> rows;
};

base::Error damaged(storage::RelationId file, Oid object) {
  return {base::sqlstate::kDataCorrupted,
          "the catalog in " + storage::relation_path(file, storage::Fork::kMain) +
              " has a damaged description of object " + std::to_string(object.value)};
}

Result<EntryPtr> assemble(storage::RelationId file, Oid oid, const Parts& parts) {
  Bytes whole;
  for (size_t i = 0; i < parts.bodies.size(); ++i) {
    if (!parts.rows[i].valid()) return damaged(file, oid);
    storage::append_bytes(whole, parts.bodies[i]);
  }
  ObjectPtr object = decode_object(whole);
  if (object == nullptr) return damaged(file, oid);
  return make_entry(std::move(object), parts.rows);
}

}  // namespace

Result<bool> CatalogFile::committed(const storage::VersionHeader& version) {
  storage::TxnTable& txns = heap_.store().txns();
  auto made = txns.state(version.xmin);
  if (!made) return made.take_error();
  if (made->fate != storage::TxnFate::kCommitted) return false;
  if (txn::only_locks(version)) return true;
  auto removed = txns.state(version.xmax);
  if (!removed) return removed.take_error();
  return removed->fate != storage::TxnFate::kCommitted;
}

Result<std::vector<EntryPtr>> CatalogFile::read() {
  std::map<std::pair<ObjectKind, Oid>, Parts> found;
  auto blocks = heap_.block_count();
  if (!blocks) return blocks.take_error();
  storage::VersionBatch batch;
  for (uint32_t block = 0; block < blocks->value; ++block) {
    if (Status s = heap_.read_page(storage::BlockNumber(block), batch); !s) return s.take_error();
    for (const storage::VersionView& version : batch.versions()) {
      auto counts = committed(version.header);
      if (!counts) return counts.take_error();
      if (!*counts) continue;
      PartHeader header;
      if (!read_part(version.payload, header)) return damaged(relation(), header.oid);
      Parts& parts = found[{header.kind, header.oid}];
      parts.bodies.resize(header.parts);
      parts.rows.resize(header.parts);
      ByteSpan body = version.payload.subspan(kPartHeaderSize);
      parts.bodies[header.part].assign(body.begin(), body.end());
      parts.rows[header.part] = version.id;
    }
  }
  std::vector<EntryPtr> entries;
  for (const auto& [key, parts] : found) {
    auto entry = assemble(relation(), key.second, parts);
    if (!entry) return entry.take_error();
    entries.push_back(std::move(*entry));
  }
  return entries;
}

Result<std::vector<TupleId>> CatalogFile::insert(TxnId by, CommandId command,
                                                 const CatalogObject& object) {
  const Bytes whole = encode_object(object);
  PartHeader header{object.kind, object.oid};
  header.parts = static_cast<uint16_t>((whole.size() + kPartSize - 1) / kPartSize);
  std::vector<Bytes> payloads;
  std::vector<storage::NewVersion> versions;
  for (; header.part < header.parts; ++header.part) {
    ByteSpan rest = ByteSpan(whole).subspan(header.part * kPartSize);
    payloads.push_back(part_of_object(header, rest.first(std::min(kPartSize, rest.size()))));
  }
  for (const Bytes& payload : payloads) versions.push_back({by, command, payload});
  return heap_.insert_many(versions);
}

Status CatalogFile::remove(TxnId by, CommandId command, std::span<const TupleId> rows) {
  for (TupleId row : rows) {
    auto marked = heap_.mark(by, row, [&](const storage::VersionHeader&) {
      return storage::VersionMark{by, command, TupleId{}, 0};
    });
    if (!marked) return marked.take_error();
  }
  return {};
}

Status CatalogFile::clean(std::span<const TupleId> rows) {
  std::set<storage::BlockNumber> blocks;
  for (TupleId row : rows) blocks.insert(row.block);
  for (storage::BlockNumber block : blocks) {
    auto pruned = heap_.prune(block);
    if (!pruned) return pruned.take_error();
    // No index has entries for these rows.
    if (pruned->dead.empty()) continue;
    if (Status s = heap_.release_dead(block, pruned->dead); !s) return s;
  }
  return {};
}

}  // namespace isolde::sql
