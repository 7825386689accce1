#include "txn/prepared_state.hpp"

namespace isolde::txn {

using storage::append;
using storage::ByteReader;
using storage::Bytes;
using storage::ByteSpan;

namespace {

constexpr uint8_t kFormat = 1;

void append_run(Bytes& to, ByteSpan bytes) {
  append(to, static_cast<uint32_t>(bytes.size()));
  storage::append_bytes(to, bytes);
}

ByteSpan take_run(ByteReader& in) {
  return in.take_bytes(in.take<uint32_t>());
}

std::string take_text(ByteReader& in) {
  ByteSpan bytes = take_run(in);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void append_lock(Bytes& to, const HeldLock& lock) {
  append(to, lock.tag.word0);
  append(to, lock.tag.word1);
  append(to, lock.tag.database.value);
  append(to, lock.tag.relation.value);
  append(to, lock.tag.kind);
  append(to, lock.mode.method);
  append(to, lock.mode.index);
  append_run(to, storage::as_bytes(lock.label));
}

HeldLock take_lock(ByteReader& in) {
  HeldLock lock;
  lock.tag.word0 = in.take<uint64_t>();
  lock.tag.word1 = in.take<uint64_t>();
  lock.tag.database = Oid{in.take<uint32_t>()};
  lock.tag.relation = Oid{in.take<uint32_t>()};
  lock.tag.kind = in.take<LockKind>();
  lock.mode.method = in.take<LockMethodId>();
  lock.mode.index = in.take<uint8_t>();
  lock.label = take_text(in);
  return lock;
}

}  // namespace

Bytes PreparedState::encode() const {
  Bytes to;
  append(to, kFormat);
  append_run(to, storage::as_bytes(name));
  append(to, owner.value);
  append(to, database.value);
  append(to, prepared_at.micros);
  append(to, isolation);
  append(to, static_cast<uint32_t>(ids.size()));
  for (TxnId id : ids) append(to, id.value);
  append(to, static_cast<uint32_t>(locks.size()));
  for (const HeldLock& lock : locks) append_lock(to, lock);
  append(to, static_cast<uint32_t>(dropped_files.size()));
  for (storage::RelationId file : dropped_files) append(to, file);
  append_run(to, catalog);
  return to;
}

std::optional<PreparedState> PreparedState::decode(ByteSpan bytes) {
  ByteReader in(bytes);
  if (in.take<uint8_t>() != kFormat) return std::nullopt;
  PreparedState state;
  state.name = take_text(in);
  state.owner = Oid{in.take<uint32_t>()};
  state.database = Oid{in.take<uint32_t>()};
  state.prepared_at.micros = in.take<int64_t>();
  state.isolation = in.take<IsolationLevel>();
  for (auto left = in.take<uint32_t>(); in.ok() && left > 0; --left)
    state.ids.push_back(TxnId{in.take<uint64_t>()});
  for (auto left = in.take<uint32_t>(); in.ok() && left > 0; --left)
    state.locks.push_back(take_lock(in));
  for (auto left = in.take<uint32_t>(); in.ok() && left > 0; --left)
    state.dropped_files.push_back(in.take<storage::RelationId>());
  const ByteSpan catalog = take_run(in);
  state.catalog.assign(catalog.begin(), catalog.end());
  if (!in.ok() || !in.empty() || state.ids.empty()) return std::nullopt;
  return state;
}

}  // namespace isolde::txn
