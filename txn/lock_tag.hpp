#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/task.hpp"
#include "storage/ids.hpp"

namespace isolde::txn {

using base::Oid;
using base::SessionId;
using base::TxnId;

/// The kinds of things that can be locked. pg_locks.locktype and the wait event carry their names.
enum class LockKind : uint8_t {
  kRelation,
  kExtend,
  kPage,
  kTuple,               ///< a row, by the place of a version of it
  kKey,                 ///< an index key, by the hash of its bytes
  kGap,                 ///< the gap before an index key
  kTransaction,         ///< held by the transaction itself until it ends
  kVirtualTransaction,  ///< the same for one that has no id yet
  kObject,              ///< a catalog object that is no relation
  kDatabase,
  kAdvisory,
};
inline constexpr int kLockKinds = 11;

/// What is locked: a small value, compared and hashed as a whole. Make them with the `of_`
/// functions.
struct LockTag {
  uint64_t word0 = 0;
  uint64_t word1 = 0;
  Oid database;  ///< 0: shared by all databases
  Oid relation;
  LockKind kind = LockKind::kRelation;

  constexpr bool operator==(const LockTag&) const = default;

  static constexpr LockTag of_relation(Oid database, Oid relation) {
    return {0, 0, database, relation, LockKind::kRelation};
  }
  static constexpr LockTag of_extension(Oid database, Oid relation) {
    return {0, 0, database, relation, LockKind::kExtend};
  }
  static constexpr LockTag of_page(Oid database, Oid relation, storage::BlockNumber block) {
    return {block.value, 0, database, relation, LockKind::kPage};
  }
  static constexpr LockTag of_tuple(Oid database, Oid relation, storage::TupleId tuple) {
    return {tuple.block.value, tuple.slot.value, database, relation, LockKind::kTuple};
  }
  /// A key of the index `relation`; equal bytes are the same lock.
  static LockTag of_key(Oid database, Oid relation, std::span<const std::byte> key);
  /// The gap before that key.
  static LockTag of_gap(Oid database, Oid relation, std::span<const std::byte> key);
  /// Above the last key: InnoDB's supremum pseudo-record.
  static constexpr LockTag of_supremum(Oid database, Oid relation) {
    return {UINT64_MAX, UINT64_MAX, database, relation, LockKind::kGap};
  }
  static constexpr LockTag of_transaction(TxnId txn) {
    return {txn.value, 0, Oid{}, Oid{}, LockKind::kTransaction};
  }
  static constexpr LockTag of_virtual_transaction(SessionId session, uint64_t number) {
    return {static_cast<uint32_t>(session.value), number, Oid{}, Oid{},
            LockKind::kVirtualTransaction};
  }
  /// `catalog` is the catalog's own oid (pg_locks.classid), `part` pg_locks.objsubid.
  static constexpr LockTag of_object(Oid database, Oid catalog, Oid object, uint16_t part = 0) {
    return {object.value, part, database, catalog, LockKind::kObject};
  }
  static constexpr LockTag of_database(Oid database) {
    return {0, 0, database, Oid{}, LockKind::kDatabase};
  }
  static constexpr LockTag of_advisory(Oid database, int64_t key) {
    return {static_cast<uint64_t>(key), 1, database, Oid{}, LockKind::kAdvisory};
  }
  static constexpr LockTag of_advisory(Oid database, int32_t key1, int32_t key2) {
    return {(uint64_t{static_cast<uint32_t>(key1)} << 32) | static_cast<uint32_t>(key2), 2,
            database, Oid{}, LockKind::kAdvisory};
  }
};

/// "relation", "tuple", "transactionid", ...: pg_locks.locktype.
std::string_view lock_kind_name(LockKind kind);
/// {"Lock", "relation"}, ...: what a waiter shows in pg_stat_activity.
const base::WaitEvent& lock_wait_event(LockKind kind);
/// "tuple (0,1) of relation 16384 of database 5": as in DETAIL lines and in the log.
std::string describe(const LockTag& tag);

}  // namespace isolde::txn
