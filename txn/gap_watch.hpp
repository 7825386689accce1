#pragma once

#include <array>
#include <atomic>

#include "base/ids.hpp"

namespace isolde::txn {

/// How many transactions have locked gaps, by index (or table, for the gap above all its rows): who
/// inserts where there are none need not look. Several indexes may share a number; that costs a
/// look.
///
/// A walk counts itself before it reads the index, an inserter reads the number under the latch of
/// the leaf that it changes: one of the two sees the other.
class GapWatch {
 public:
  void add(base::Oid index) { number_of(index).fetch_add(1, std::memory_order_seq_cst); }
  void remove(base::Oid index) { number_of(index).fetch_sub(1, std::memory_order_seq_cst); }
  bool any(base::Oid index) const {
    return numbers_[index.value % kNumbers].load(std::memory_order_seq_cst) != 0;
  }

 private:
  static constexpr size_t kNumbers = 512;
  std::atomic<uint32_t>& number_of(base::Oid index) { return numbers_[index.value % kNumbers]; }
  std::array<std::atomic<uint32_t>, kNumbers> numbers_{};
};

}  // namespace isolde::txn
