#pragma once

#include <absl/container/flat_hash_map.h>

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "txn/key_range.hpp"

// SIREAD locks on ranges of index keys. A range that is a point (lower and upper bound the same
// bytes, a whole key or a prefix of keys) is found by hashing: an index knows the lengths of the
// points that are locked in it, so a new key is looked up once for each of those lengths. All other
// ranges of an index are in a list, which is compared one by one; the limit of locks for each
// transaction keeps it short.

namespace isolde::txn {

class PredicateOwner;

/// Hears who has locked a place. Called with the place's mutex held.
class PredicateVisitor {
 public:
  virtual ~PredicateVisitor() = default;
  /// `owner` null: of committed ones, the latest of which did so as the `committed_at`-th.
  virtual base::Status visit(PredicateOwner* owner, uint64_t committed_at) = 0;
};

struct RangeLock {
  uint64_t number = 0;
  Oid database, index;
  KeyRange range;
  PredicateOwner* owner = nullptr;  ///< null: of committed ones, merged
  uint64_t committed_at = 0;
};

bool same_range(const KeyRange& a, const KeyRange& b);

class PredicateRanges {
 public:
  RangeLock* add(PredicateOwner& owner, Oid database, Oid index, const KeyRange& range);
  void narrow(RangeLock* lock, const KeyRange& range);
  void remove(RangeLock* lock);
  /// Leaves the lock without an owner. True: it was merged into another one and is gone.
  bool disown(RangeLock* lock, uint64_t committed_at);

  base::Status visit(Oid database, Oid index, ByteSpan key, PredicateVisitor& visitor);
  /// Removes the ownerless locks for which `goes` says so; returns how many.
  size_t remove_disowned(const std::function<bool(const RangeLock&)>& goes);
  void each(const std::function<void(const RangeLock&)>& look);

 private:
  using LockPtr = std::unique_ptr<RangeLock>;
  struct IndexLocks {
    absl::flat_hash_map<std::string, std::vector<LockPtr>> points;
    std::map<size_t, size_t> lengths;  ///< of points: how many of each
    std::vector<LockPtr> ranges;
  };
  struct Part {
    std::mutex mutex;
    absl::flat_hash_map<uint64_t, IndexLocks> indexes;
  };

  static uint64_t key_of(Oid database, Oid index) {
    return (uint64_t{database.value} << 32) | index.value;
  }
  Part& part(uint64_t key) { return parts_[(key ^ (key >> 32)) % parts_.size()]; }
  static std::vector<LockPtr>& list_for(IndexLocks& locks, const KeyRange& range);
  static LockPtr take(IndexLocks& locks, RangeLock* lock);

  std::array<Part, 16> parts_;
  std::atomic<uint64_t> last_number_{0};
};

}  // namespace isolde::txn
