#include <absl/container/flat_hash_map.h>
#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "sql/session/session_services.hpp"
#include "sql/views/all_locks.hpp"
#include "sql/views/tradition_fills.hpp"
#include "txn/lock_words.hpp"

// sys.dm_tran_locks: the lock table with SQL Server's columns and words. What has no meaning here
// is NULL.

namespace isolde::sql {

namespace {

using txn::LockKind;
using txn::LockTag;
using txn::LockView;

/// As in SQL Server: "1:page:slot" (there is one file), "(hash of the key)"; the last gap's key is
/// of all ones.
std::string description(const LockTag& tag) {
  switch (tag.kind) {
    case LockKind::kPage:
      return fmt::format("1:{}", tag.word0);
    case LockKind::kTuple:
      return fmt::format("1:{}:{}", tag.word0, tag.word1 + 1);
    case LockKind::kKey:
    case LockKind::kGap:
      return fmt::format("({:012x})", tag.word0 >> 16);
    case LockKind::kTransaction:
      return std::to_string(tag.word0);
    case LockKind::kObject:
      return fmt::format("object_id = {}, class_id = {}", tag.word0, tag.relation.value);
    case LockKind::kAdvisory:
      return fmt::format("0:[{}]:({:x})", static_cast<int64_t>(tag.word0), tag.word1);
    case LockKind::kRelation:
    case LockKind::kExtend:
    case LockKind::kVirtualTransaction:
    case LockKind::kDatabase:
      return "";
  }
  return "";
}

/// Locks of one session on one thing: what each says depends on the others.
class LocksTogether {
 public:
  explicit LocksTogether(const AllLocks& all) {
    for (const LockView& lock : all.locks) groups_[key_of(lock)].push_back(&lock);
  }

  /// It holds a lower mode already and waits for more: a conversion.
  bool converts(const LockView& lock) const {
    return std::ranges::any_of(groups_.at(key_of(lock)), [&](const LockView* other) {
      return other->granted && other->mode.method == lock.mode.method;
    });
  }
  /// It only keeps the table's shape, and there is another that does it as well.
  bool is_implied(const LockView& lock) const {
    const std::string_view words = txn::sql_server_mode(lock.mode);
    if (!lock.granted || words != "Sch-S") return false;
    return std::ranges::any_of(groups_.at(key_of(lock)), [&](const LockView* other) {
      if (other == &lock || !other->granted) return false;
      return txn::sql_server_mode(other->mode) != words || other < &lock;
    });
  }

 private:
  using Key = std::tuple<int32_t, uint64_t, uint8_t, uint32_t, uint32_t, uint64_t, uint64_t>;
  static Key key_of(const LockView& lock) {
    return {lock.session.value,      lock.prepared.value,     static_cast<uint8_t>(lock.tag.kind),
            lock.tag.database.value, lock.tag.relation.value, lock.tag.word0,
            lock.tag.word1};
  }
  absl::flat_hash_map<Key, std::vector<const LockView*>> groups_;
};

}  // namespace

void fill_dm_tran_locks(SessionServices& services, VirtualRows& rows) {
  const AllLocks all(services.instance());
  const LocksTogether together(all);
  for (const LockView& lock : all.locks) {
    const LockTag& tag = lock.tag;
    const bool own = tag.kind == LockKind::kTransaction && !lock.materialised && lock.granted;
    if (own || tag.kind == LockKind::kVirtualTransaction) continue;
    if (together.is_implied(lock)) continue;
    const char* status = lock.granted ? "GRANT" : together.converts(lock) ? "CONVERT" : "WAIT";
    const bool of_session = lock.scope == txn::LockScope::kSession;
    const txn::TransactionView* transaction = all.transaction_of(lock);
    std::optional<base::TxnId> owner;
    if (transaction != nullptr && transaction->id != base::TxnId{}) owner = transaction->id;
    rows.row(txn::sql_server_resource(tag.kind), "", tag.database, description(tag),
             tag.kind == LockKind::kObject ? Oid{} : tag.relation, 0,
             txn::sql_server_mode(lock.mode), "LOCK", status, 1, 0, lock.session, 0, 0,
             of_session ? "SESSION" : "TRANSACTION", owner, nullptr, nullptr, nullptr);
  }
}

}  // namespace isolde::sql
