#pragma once

#include <array>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "storage/ids.hpp"

namespace isolde::txn {

using base::TxnId;
enum class RowLock : uint8_t;

/// The further holders of row locks: a version names one of them in its xmax, and says by a bit
/// that there are more. In memory only, since no lock holder outlives the server; a bit that a
/// crash leaves behind finds nobody here. Thread safe; called under the latch of the version's
/// page.
class RowHolders {
 public:
  struct Holder {
    TxnId txn;
    RowLock strength;
  };
  struct Place {
    storage::RelationId relation;
    storage::TupleId id;
    bool operator==(const Place&) const = default;
  };

  void add(const Place& place, Holder holder);
  std::vector<Holder> of(const Place& place);
  /// Forgets the holders of which `over` says so; true when some are left.
  template <typename Over>
  bool keep_running(const Place& place, Over&& over) {
    Part& part = part_of(place);
    std::lock_guard lock(part.mutex);
    auto found = part.holders.find(place);
    if (found == part.holders.end()) return false;
    std::erase_if(found->second, [&](const Holder& holder) { return over(holder.txn); });
    if (!found->second.empty()) return true;
    part.holders.erase(found);
    return false;
  }
  /// Forgets what a transaction's ids hold there.
  void forget(const Place& place, TxnId first, TxnId last);

 private:
  struct Hash {
    size_t operator()(const Place& place) const noexcept {
      return std::hash<storage::PageId>{}({place.relation, storage::Fork::kMain, place.id.block}) +
             place.id.slot.value * size_t{0x9e3779b97f4a7c15U};
    }
  };
  struct Part {
    std::mutex mutex;
    std::unordered_map<Place, std::vector<Holder>, Hash> holders;
  };
  Part& part_of(const Place& place) { return parts_[Hash{}(place) % parts_.size()]; }

  std::array<Part, 16> parts_;
};

}  // namespace isolde::txn
