#pragma once

#include "base/result.hpp"
#include "txn/version_rules.hpp"

// Is there a row with this key already? Looked at under the index leaf's latch, by what is
// committed or in progress now, whatever the snapshot:
//
//      a version           its xmax                        the key is
//      aborted             -                               free
//      of a running other  -                               undecided: wait for its maker
//      committed or ours   none, or only locks             taken
//                          of a running other              undecided: wait for it
//                          committed or ours               free; look at the chain's next

namespace isolde::txn {

struct KeyHolder {
  enum class State : uint8_t { kFree, kTaken, kUndecided } state = State::kFree;
  TxnId wait_for;   ///< of kUndecided
  TupleId version;  ///< of kTaken
};

base::Result<KeyHolder> examine_key_holder(const Transaction& transaction, Table& table,
                                           TupleId root, storage::VersionBatch& chain);

}  // namespace isolde::txn
