#include "txn/row_holders.hpp"

#include <algorithm>

namespace isolde::txn {

void RowHolders::add(const Place& place, Holder holder) {
  Part& part = part_of(place);
  std::lock_guard lock(part.mutex);
  std::vector<Holder>& holders = part.holders[place];
  for (Holder& known : holders) {
    if (known.txn != holder.txn) continue;
    known.strength = std::max(known.strength, holder.strength);
    return;
  }
  holders.push_back(holder);
}

std::vector<RowHolders::Holder> RowHolders::of(const Place& place) {
  Part& part = part_of(place);
  std::lock_guard lock(part.mutex);
  auto found = part.holders.find(place);
  return found == part.holders.end() ? std::vector<Holder>{} : found->second;
}

void RowHolders::forget(const Place& place, TxnId first, TxnId last) {
  keep_running(place, [&](TxnId txn) { return txn >= first && txn <= last; });
}

}  // namespace isolde::txn
