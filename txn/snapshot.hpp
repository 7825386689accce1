#pragma once

#include "base/ids.hpp"

namespace isolde::txn {

using base::CommandId;
using base::CommitSeq;
using base::TxnId;

/// A moment in the order of commits: one sees what was committed up to `seq`, and what one's own
/// transaction did in commands before `command`.
///
/// `over_below` spares look-ups: every transaction with a smaller id had ended when the snapshot
/// was taken, so a version that a hint bit calls committed is seen without asking for its sequence
/// number.
struct Snapshot {
  CommitSeq seq;
  TxnId over_below;
  CommandId command;
};

}  // namespace isolde::txn
