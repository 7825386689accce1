#include "txn/lock_tag.hpp"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

namespace isolde::txn {

namespace {

constexpr base::WaitEvent kEvents[kLockKinds] = {
    {"Lock", "relation"}, {"Lock", "extend"},   {"Lock", "page"},          {"Lock", "tuple"},
    {"Lock", "key"},      {"Lock", "gap"},      {"Lock", "transactionid"}, {"Lock", "virtualxid"},
    {"Lock", "object"},   {"Lock", "database"}, {"Lock", "advisory"},
};

LockTag of_bytes(LockKind kind, Oid database, Oid relation, std::span<const std::byte> key) {
  const XXH128_hash_t hash = XXH3_128bits(key.data(), key.size());
  return {hash.low64, hash.high64, database, relation, kind};
}

/// Six bytes of the hash in hex, as SQL Server's %%lockres%%.
std::string key_name(const LockTag& tag) {
  if (tag == LockTag::of_supremum(tag.database, tag.relation)) return "supremum";
  return fmt::format("key ({:012x})", tag.word0 >> 16);
}

std::string in_relation(const std::string& part, const LockTag& tag) {
  return fmt::format("{} of relation {} of database {}", part, tag.relation.value,
                     tag.database.value);
}

}  // namespace

LockTag LockTag::of_key(Oid database, Oid relation, std::span<const std::byte> key) {
  return of_bytes(LockKind::kKey, database, relation, key);
}

LockTag LockTag::of_gap(Oid database, Oid relation, std::span<const std::byte> key) {
  return of_bytes(LockKind::kGap, database, relation, key);
}

std::string_view lock_kind_name(LockKind kind) {
  return kEvents[static_cast<int>(kind)].name;
}

const base::WaitEvent& lock_wait_event(LockKind kind) {
  return kEvents[static_cast<int>(kind)];
}

std::string describe(const LockTag& tag) {
  switch (tag.kind) {
    case LockKind::kRelation:
      return fmt::format("relation {} of database {}", tag.relation.value, tag.database.value);
    case LockKind::kExtend:
      return in_relation("extension", tag);
    case LockKind::kPage:
      return in_relation(fmt::format("page {}", tag.word0), tag);
    case LockKind::kTuple:
      return in_relation(fmt::format("tuple ({},{})", tag.word0, tag.word1 + 1), tag);
    case LockKind::kKey:
      return in_relation(key_name(tag), tag);
    case LockKind::kGap:
      return in_relation("gap before " + key_name(tag), tag);
    case LockKind::kTransaction:
      return fmt::format("transaction {}", tag.word0);
    case LockKind::kVirtualTransaction:
      return fmt::format("virtual transaction {}/{}", tag.word0, tag.word1);
    case LockKind::kObject:
      return fmt::format("object {} of class {} of database {}", tag.word0, tag.relation.value,
                         tag.database.value);
    case LockKind::kDatabase:
      return fmt::format("database {}", tag.database.value);
    case LockKind::kAdvisory:
      return fmt::format("advisory lock [{},{},{},{}]", tag.database.value, tag.word0 >> 32,
                         tag.word0 & UINT32_MAX, tag.word1);
  }
  ISOLDE_CHECK(false, "a lock kind without words");
}

}  // namespace isolde::txn
