#include "txn/version_rules.hpp"

namespace isolde::txn {

using storage::TxnFate;
using storage::TxnState;
using storage::VersionHeader;

namespace {

/// Is the work of `id`, which is not ours, in the snapshot? `known_committed` is what a hint says.
bool in_snapshot(const Transaction& transaction, const Snapshot& snapshot, TxnId id,
                 bool known_committed, uint16_t committed_hint, uint16_t aborted_hint,
                 uint16_t& hints) {
  if (known_committed && id < snapshot.over_below) return true;
  const TxnState state = transaction.manager().state(id);
  switch (state.fate) {
    case TxnFate::kInProgress:
      return false;
    case TxnFate::kAborted:
      if (state.durable) hints |= aborted_hint;
      return false;
    case TxnFate::kCommitted:
      if (state.durable && !known_committed) hints |= committed_hint;
      return state.seq <= snapshot.seq;
  }
  return false;
}

}  // namespace

bool visible(const Transaction& transaction, const Snapshot& snapshot, const VersionHeader& header,
             uint16_t& hints) {
  const uint16_t bits = header.infomask;
  if ((bits & (kRetracted | storage::kXminAborted)) != 0) return false;
  if (transaction.is_mine(header.xmin)) {
    if (header.cmin >= snapshot.command) return false;
  } else if (!in_snapshot(transaction, snapshot, header.xmin, (bits & storage::kXminCommitted) != 0,
                          storage::kXminCommitted, storage::kXminAborted, hints)) {
    return false;
  }
  if (only_locks(header) || (bits & storage::kXmaxAborted) != 0) return true;
  if (transaction.is_mine(header.xmax)) return header.cmax >= snapshot.command;
  return !in_snapshot(transaction, snapshot, header.xmax, (bits & storage::kXmaxCommitted) != 0,
                      storage::kXmaxCommitted, storage::kXmaxAborted, hints);
}

TxnId unseen_writer(const Transaction& transaction, const Snapshot& snapshot,
                    const VersionHeader& header, bool seen) {
  const uint16_t bits = header.infomask;
  if (seen ? only_locks(header) || (bits & storage::kXmaxAborted) != 0
           : (bits & (kRetracted | storage::kXminAborted)) != 0)
    return {};
  const TxnId writer = seen ? header.xmax : header.xmin;
  if (transaction.is_mine(writer)) return {};
  if (!seen && (bits & storage::kXminCommitted) != 0 && writer < snapshot.over_below) return {};
  const TxnState state = transaction.manager().state(writer);
  if (state.fate == TxnFate::kAborted) return {};
  if (state.fate == TxnFate::kCommitted && state.seq <= snapshot.seq) return {};
  return writer;
}

}  // namespace isolde::txn
