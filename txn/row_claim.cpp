#include "txn/row_claim.hpp"

#include <algorithm>

namespace isolde::txn {

using storage::TxnFate;
using storage::VersionHeader;
using storage::VersionMark;

namespace {
/// Bits that say something of the version itself, whoever holds it.
constexpr uint16_t kLastingBits = kRetracted | kHasRowId;
}  // namespace

bool RowClaimer::running(TxnId id) const {
  return transaction_.manager().state(id).fate == TxnFate::kInProgress;
}

bool RowClaimer::holds(TupleId place, const VersionHeader& header) const {
  if (header.xmax != TxnId{} && only_locks(header) && transaction_.is_mine(header.xmax))
    return true;
  if ((header.infomask & kOtherHolders) == 0) return false;
  const auto others = holders().of(at(place));
  return std::any_of(others.begin(), others.end(), [this](const RowHolders::Holder& holder) {
    return transaction_.is_mine(holder.txn);
  });
}

Claim RowClaimer::examine(TupleId place, const VersionHeader& header, RowLock wanted) const {
  Claim claim;
  claim.header = header;
  claim.state = ClaimState::kFree;
  claim.ours = holds(place, header);
  const RowLock held = strength_of(header);
  if (header.xmax != TxnId{} && (header.infomask & storage::kXmaxAborted) == 0) {
    const bool writes = !only_locks(header);
    if (transaction_.is_mine(header.xmax)) {
      if (writes) {
        claim.state = ClaimState::kOurs;
        return claim;
      }
      claim.held_enough = held >= wanted;
    } else {
      const TxnFate fate = transaction_.manager().state(header.xmax).fate;
      if (fate == TxnFate::kInProgress) {
        if (!compatible(wanted, held)) {
          claim.state = ClaimState::kWait;
          claim.wait_for = header.xmax;
          return claim;
        }
        claim.other_in_xmax = true;
      } else if (fate == TxnFate::kCommitted && writes) {
        claim.state =
            (header.infomask & kReplaced) != 0 ? ClaimState::kReplaced : ClaimState::kDeleted;
        return claim;
      }
    }
  }
  if ((header.infomask & kOtherHolders) == 0) return claim;
  claim.others = holders().keep_running(at(place), [this](TxnId id) { return !running(id); });
  if (!claim.others) return claim;
  for (const RowHolders::Holder& holder : holders().of(at(place))) {
    if (transaction_.is_mine(holder.txn)) {
      claim.held_enough = claim.held_enough || holder.strength >= wanted;
    } else if (!compatible(wanted, holder.strength)) {
      claim.state = ClaimState::kWait;
      claim.wait_for = holder.txn;
      return claim;
    }
  }
  return claim;
}

/// Before another id goes into xmax: whoever stands there and must not be forgotten moves.
void RowClaimer::keep_holder(TupleId place, const Claim& claim) const {
  const VersionHeader& header = claim.header;
  const bool earlier_of_ours =
      header.xmax != id_ && only_locks(header) && transaction_.is_mine(header.xmax);
  if (claim.other_in_xmax || earlier_of_ours)
    holders().add(at(place), {header.xmax, strength_of(header)});
}

std::optional<VersionMark> RowClaimer::lock(TupleId place, const Claim& claim,
                                            RowLock wanted) const {
  const VersionHeader& header = claim.header;
  if (claim.held_enough) return std::nullopt;
  if (claim.other_in_xmax) {
    holders().add(at(place), {id_, wanted});
    if ((header.infomask & kOtherHolders) != 0) return std::nullopt;
    return VersionMark{header.xmax, header.cmax, header.next,
                       static_cast<uint16_t>(header.infomask | kOtherHolders)};
  }
  keep_holder(place, claim);
  const bool others = claim.others || (header.xmax != id_ && transaction_.is_mine(header.xmax));
  return VersionMark{
      id_, transaction_.command(), TupleId{},
      static_cast<uint16_t>(kXmaxLocks | strength_bits(wanted) | (others ? kOtherHolders : 0) |
                            (header.infomask & kLastingBits))};
}

base::Status RowClaimer::pass_on_holders(TupleId from, TupleId to) const {
  bool any = false;
  for (const RowHolders::Holder& holder : holders().of(at(from))) {
    if (transaction_.is_mine(holder.txn) || !running(holder.txn)) continue;
    holders().add(at(to), holder);
    any = true;
  }
  if (!any) return {};
  auto marked = const_cast<Table&>(table_).heap.mark(
      id_, to, [](const VersionHeader& header) -> std::optional<VersionMark> {
        return VersionMark{header.xmax, header.cmax, header.next,
                           static_cast<uint16_t>(header.infomask | kOtherHolders)};
      });
  return marked ? base::Status() : base::Status(marked.take_error());
}

VersionMark RowClaimer::write(TupleId place, const Claim& claim, RowLock strength,
                              bool replaced) const {
  const VersionHeader& header = claim.header;
  keep_holder(place, claim);
  const bool others = claim.others || claim.other_in_xmax ||
                      (header.xmax != id_ && transaction_.is_mine(header.xmax));
  return VersionMark{
      id_, transaction_.command(), TupleId{},
      static_cast<uint16_t>(strength_bits(strength) | (others ? kOtherHolders : 0) |
                            (replaced ? kReplaced : 0) | (header.infomask & kLastingBits))};
}

}  // namespace isolde::txn
