#pragma once

#include "txn/concurrency_control.hpp"
#include "txn/transaction_manager.hpp"

// What the header of a row version says about who made it, deleted it or locked it. The bits of the
// infomask that storage leaves to this layer, and the rules of snapshot visibility.
//
//      xmax = 0                       nobody
//      xmax, kXmaxLocks               a transaction that has locked the row, with the strength in
//      the bits xmax, not kXmaxLocks           the transaction that deleted the version or replaced
//      it (`next`) kOtherHolders                  there are further lock holders, in RowHolders (in
//      memory)

namespace isolde::txn {

inline constexpr int kStrengthShift = 8;
inline constexpr uint16_t kStrengthBits = 0x0300;  ///< RowLock of xmax
inline constexpr uint16_t kXmaxLocks = 0x0400;     ///< xmax has only locked the row
inline constexpr uint16_t kOtherHolders = 0x0800;  ///< RowHolders knows more
inline constexpr uint16_t kRetracted = 0x1000;     ///< the insertion was taken back: never existed
inline constexpr uint16_t kHasRowId = 0x2000;      ///< the payload begins with the row's identity
inline constexpr uint16_t kReplaced = 0x4000;      ///< xmax replaced the version: the row lives on

inline RowLock strength_of(const storage::VersionHeader& header) {
  return static_cast<RowLock>((header.infomask & kStrengthBits) >> kStrengthShift);
}
inline uint16_t strength_bits(RowLock strength) {
  return static_cast<uint16_t>(static_cast<unsigned>(strength) << kStrengthShift);
}
inline bool only_locks(const storage::VersionHeader& header) {
  return header.xmax == TxnId{} || (header.infomask & kXmaxLocks) != 0;
}

/// xmax has put another version in its place, or is about to.
inline bool is_replaced(const storage::VersionHeader& header) {
  return !only_locks(header) && (header.infomask & kReplaced) != 0;
}

/// Whether two transactions may hold these locks on one row at the same time.
constexpr bool compatible(RowLock a, RowLock b) {
  constexpr bool table[4][4] = {
      // KEY SHARE, SHARE, NO KEY UPDATE, UPDATE
      {true, true, true, false},
      {true, true, false, false},
      {true, false, false, false},
      {false, false, false, false},
  };
  return table[static_cast<int>(a)][static_cast<int>(b)];
}

/// Does the transaction see the version by this snapshot? `hints` gets hint bits that may be set.
bool visible(const Transaction& transaction, const Snapshot& snapshot,
             const storage::VersionHeader& header, uint16_t& hints);

/// Whose work on the version is not in the snapshot, though it may come to be: of one that is
/// `seen` by the snapshot, who has replaced or deleted it; of another, who has made it. Null:
/// nobody but the transaction itself.
TxnId unseen_writer(const Transaction& transaction, const Snapshot& snapshot,
                    const storage::VersionHeader& header, bool seen);

}  // namespace isolde::txn
