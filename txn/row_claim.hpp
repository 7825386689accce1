#pragma once

#include "txn/version_rules.hpp"

// Laying claim to a version: to lock it, to replace it or to delete it. What stands in the way is
// read from its header and from RowHolders, under the latch of its page:
//
//      xmax                                     one may claim it     who claims it goes
//      nobody, or over                          yes                  into xmax
//      a running holder, compatible             yes, to lock         into RowHolders
//                                               yes, to write        into xmax; the holder into
//                                               RowHolders
//      a running holder, incompatible           not yet: wait        -
//      committed, replaced or deleted it        no: follow `next`    -
//
// A transaction's own earlier lock under another savepoint moves to RowHolders when a stronger one
// replaces it, so that rolling back to the savepoint leaves it in place.

namespace isolde::txn {

enum class ClaimState : uint8_t {
  kFree,
  kWait,      ///< for `wait_for`
  kReplaced,  ///< a committed transaction put `header.next` in its place
  kDeleted,
  kOurs,   ///< this transaction has replaced or deleted it
  kNoRow,  ///< no such version (any more)
};

struct Claim {
  ClaimState state = ClaimState::kNoRow;
  TxnId wait_for;
  storage::VersionHeader header;
  bool ours = false;           ///< we hold some lock on it
  bool held_enough = false;    ///< xmax is ours and at least as strong
  bool other_in_xmax = false;  ///< xmax is a running transaction that stays a holder
  bool others = false;         ///< RowHolders has running holders
};

class RowClaimer {
 public:
  /// `id` is the transaction's present write_id().
  RowClaimer(const Transaction& transaction, const Table& table, TxnId id)
      : transaction_(transaction), table_(table), id_(id) {}

  Claim examine(TupleId place, const storage::VersionHeader& header, RowLock wanted) const;
  /// Of a free claim. Nothing: the page need not change for it.
  std::optional<storage::VersionMark> lock(TupleId place, const Claim& claim, RowLock wanted) const;
  /// A version that we have just replaced had other holders: they hold its successor as well, where
  /// those who come after our commit look for them.
  base::Status pass_on_holders(TupleId from, TupleId to) const;
  /// The version is replaced (update) or deleted.
  storage::VersionMark write(TupleId place, const Claim& claim, RowLock strength,
                             bool replaced) const;

 private:
  RowHolders& holders() const { return transaction_.manager().row_holders(); }
  RowHolders::Place at(TupleId place) const { return {table_.heap.relation(), place}; }
  bool running(TxnId id) const;
  bool holds(TupleId place, const storage::VersionHeader& header) const;
  void keep_holder(TupleId place, const Claim& claim) const;

  const Transaction& transaction_;
  const Table& table_;
  TxnId id_;
};

}  // namespace isolde::txn
