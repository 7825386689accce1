#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "sql/views/all_locks.hpp"
#include "sql/views/lock_places.hpp"

// The lock table as InnoDB would show it. Its next-key locks are two locks here, of the row and of
// the gap before it: where a transaction has both they are shown as one.
//
//      here                            there
//      idx_age   gap before 30   X     idx_age   30, 7   X
//      row       (0,3)           X     PRIMARY   7       X,REC_NOT_GAP
//
//      primary   gap before 7    X     PRIMARY   7       X
//      row       (0,3)           X

namespace isolde::sql {

struct InnodbLock {
  std::string id;
  uint64_t transaction = 0;
  base::SessionId session;
  std::string schema, table, index;  ///< empty: has none
  std::string type;                  ///< "TABLE", "RECORD"; "DATABASE" and others are ours
  std::string mode;
  bool granted = false;
  std::string data;  ///< empty for locks on tables
  std::optional<base::Timestamp> wait_start;
  txn::LockTag tag;
  std::optional<txn::LockTag> row;  ///< of a next-key lock, whose gap is `tag`

  bool is_on(const txn::LockTag& one) const { return tag == one || row == one; }
};

class InnodbLocks {
 public:
  InnodbLocks(SessionServices& services, Arena& arena);

  const std::vector<InnodbLock>& locks() const { return locks_; }
  const std::vector<txn::TransactionView>& transactions() const { return all_.transactions; }
  /// Of a transaction without one, a number above all others, as InnoDB gives them.
  static uint64_t transaction_id(const txn::TransactionView& transaction);

  struct Wait {
    const InnodbLock* requested;
    const InnodbLock* blocking;
  };
  /// Who waits for whom. Somebody who has only asked first is shown with what it asks for.
  std::vector<Wait> waits(SessionServices& services) const;

 private:
  void add(const txn::LockView& view);
  void add_row(const txn::LockView& view);
  void add_gap(const txn::LockView& view);
  InnodbLock start(const txn::LockView& view) const;
  void finish(InnodbLock lock, std::string_view where);
  /// The transaction's lock on one of these rows, of the same strength as the gap lock.
  const txn::LockView* row_lock_with(const txn::LockView& gap, Oid table,
                                     const std::vector<storage::TupleId>& rows) const;

  AllLocks all_;
  LockPlaces places_;
  std::vector<InnodbLock> locks_;
  /// Row locks that are held: by session, table, place and strength.
  using RowKey = std::tuple<int32_t, uint32_t, uint64_t, uint64_t, char>;
  absl::flat_hash_map<RowKey, const txn::LockView*> held_rows_;
  absl::flat_hash_set<const txn::LockView*> merged_;  ///< shown with the gap before them
};

}  // namespace isolde::sql
