#include "txn/unique_check.hpp"

namespace isolde::txn {

using storage::TxnFate;
using storage::VersionHeader;

namespace {

TxnFate fate_of(const Transaction& transaction, TxnId id) {
  // What we have done counts as done.
  if (transaction.is_mine(id)) return TxnFate::kCommitted;
  return transaction.manager().state(id).fate;
}

}  // namespace

base::Result<KeyHolder> examine_key_holder(const Transaction& transaction, Table& table,
                                           TupleId root, storage::VersionBatch& chain) {
  auto found = table.heap.read_chain(root, chain);
  // A page that cannot be read may well hold the key: whoever waits for nobody looks again and
  // reports.
  for (const storage::VersionView& version : chain.versions()) {
    const VersionHeader& header = version.header;
    if ((header.infomask & (kRetracted | storage::kXminAborted)) != 0) continue;
    const TxnFate made = fate_of(transaction, header.xmin);
    if (made == TxnFate::kAborted) continue;
    if (made == TxnFate::kInProgress)
      return KeyHolder{KeyHolder::State::kUndecided, header.xmin, version.id};
    if (only_locks(header)) return KeyHolder{KeyHolder::State::kTaken, {}, version.id};
    const TxnFate ended = fate_of(transaction, header.xmax);
    if (ended == TxnFate::kAborted) return KeyHolder{KeyHolder::State::kTaken, {}, version.id};
    if (ended == TxnFate::kInProgress)
      return KeyHolder{KeyHolder::State::kUndecided, header.xmax, version.id};
  }
  return KeyHolder{};
}

}  // namespace isolde::txn
