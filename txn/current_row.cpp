#include "txn/current_row.hpp"

namespace isolde::txn {

using State = CurrentRow::State;
using storage::TxnFate;
using storage::VersionHeader;
using storage::VersionView;

CurrentRow judge_version(const Transaction& transaction, CommandId command,
                         const VersionView& version, Dirty dirty) {
  const VersionHeader& header = version.header;
  const uint16_t bits = header.infomask;
  CurrentRow row;
  if ((bits & (kRetracted | storage::kXminAborted)) != 0) return row;
  if (transaction.is_mine(header.xmin)) {
    if (header.cmin >= command) return row;
  } else if ((bits & storage::kXminCommitted) == 0) {
    const TxnFate made = transaction.manager().state(header.xmin).fate;
    if (made == TxnFate::kAborted) return row;
    if (made == TxnFate::kInProgress && dirty == Dirty::kNo)
      return {State::kBusy, nullptr, header.xmin, {}};
  }
  row.state = State::kPresent;
  row.version = &version;
  if (only_locks(header) || (bits & storage::kXmaxAborted) != 0) return row;
  if (transaction.is_mine(header.xmax)) {
    if (header.cmax >= command) return row;
  } else if ((bits & storage::kXmaxCommitted) == 0) {
    const TxnFate ended = transaction.manager().state(header.xmax).fate;
    if (ended == TxnFate::kAborted) return row;
    if (ended == TxnFate::kInProgress && dirty == Dirty::kNo)
      return {State::kBusy, &version, header.xmax, {}};
  }
  const bool moved = (bits & kReplaced) != 0;
  return {moved ? State::kMoved : State::kDeleted, &version, header.xmax, header.next};
}

base::Result<CurrentRow> read_current(const Transaction& transaction, CommandId command,
                                      Table& table, TupleId root, storage::VersionBatch& chain,
                                      Dirty dirty) {
  auto found = table.heap.read_chain(root, chain);
  if (!found) return found.take_error();
  CurrentRow row;
  for (const VersionView& version : chain.versions()) {
    row = judge_version(transaction, command, version, dirty);
    const bool goes_on =
        row.state == State::kMoved && (version.header.infomask & storage::kHotUpdated) != 0;
    if (!goes_on) break;
  }
  return row;
}

}  // namespace isolde::txn
