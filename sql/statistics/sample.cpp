#include "sql/statistics/sample.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "txn/snapshot_scan.hpp"
#include "txn/transaction_manager.hpp"
#include "txn/version_life.hpp"
#include "txn/version_rules.hpp"

namespace isolde::sql {

namespace {

using storage::BlockNumber;
using storage::VersionLife;
using storage::VersionView;

class Sampler {
 public:
  Sampler(base::Task& task, txn::Table& table, const txn::EngineTransaction& transaction,
          size_t wanted)
      : task_(task), table_(table), transaction_(transaction), wanted_(wanted) {}

  Sample run() {
    const uint32_t pages = base::value_or_throw(table_.heap.block_count()).value;
    sample_.pages = pages;
    pick_pages(pages);
    if (sample_.live_seen > static_cast<double>(wanted_)) {
      std::ranges::sort(picked_, {}, &Picked::place);
    }
    for (Picked& row : picked_) sample_.rows.push_back(std::move(row.bytes));
    if (sample_.pages_read > 0) {
      const double scale = static_cast<double>(pages) / static_cast<double>(sample_.pages_read);
      sample_.all_rows = std::floor(sample_.live_seen * scale + 0.5);
      sample_.dead = std::floor(sample_.dead_seen * scale + 0.5);
    }
    count_visible(pages);
    return std::move(sample_);
  }

 private:
  struct Picked {
    storage::TupleId place;
    storage::Bytes bytes;
  };

  /// In order, each with the chance that is left for it (Knuth's algorithm S).
  void pick_pages(uint32_t pages) {
    uint64_t left = std::min<uint64_t>(pages, wanted_);
    for (uint32_t block = 0; block < pages && left > 0; ++block) {
      base::value_or_throw(task_.poll());
      if (random_() % (pages - block) >= left) continue;
      --left;
      read(BlockNumber{block});
    }
  }

  void read(BlockNumber block) {
    base::value_or_throw(table_.heap.read_page(block, batch_, &ring_));
    ++sample_.pages_read;
    for (const VersionView& version : batch_.versions()) {
      if (!counts(version.header)) continue;
      ++sample_.live_seen;
      consider(version);
    }
  }

  bool counts(const storage::VersionHeader& header) {
    switch (txn::version_life(transaction_.manager(), header)) {
      case VersionLife::kEnded:
        ++sample_.dead_seen;
        return false;
      case VersionLife::kUnborn:
        if (!transaction_.is_mine(header.xmin)) return false;
        break;
      case VersionLife::kLive:
        break;
    }
    if (txn::only_locks(header) || !transaction_.is_mine(header.xmax)) return true;
    ++sample_.dead_seen;
    return false;
  }

  /// The n-th row replaces one of those kept with the chance of wanted / n.
  void consider(const VersionView& version) {
    if (picked_.size() < wanted_) {
      keep(picked_.emplace_back(), version);
      return;
    }
    const auto at =
        static_cast<uint64_t>(static_cast<double>(random_() >> 11) * 0x1p-53 * sample_.live_seen);
    if (at < wanted_) keep(picked_[at], version);
  }

  static void keep(Picked& into, const VersionView& version) {
    const storage::ByteSpan payload = txn::row_of(version, version.id).payload;
    into.place = version.id;
    into.bytes.assign(payload.begin(), payload.end());
  }

  void count_visible(uint32_t pages) {
    for (uint32_t block = 0; block < pages; ++block) {
      base::value_or_throw(task_.poll());
      if (base::value_or_throw(table_.heap.all_visible(BlockNumber{block})))
        ++sample_.all_visible_pages;
    }
  }

  base::Task& task_;
  txn::Table& table_;
  const txn::EngineTransaction& transaction_;
  const size_t wanted_;
  std::mt19937_64 random_{std::random_device{}()};
  storage::VersionBatch batch_;
  storage::ScanRing ring_;
  std::vector<Picked> picked_;
  Sample sample_;
};

}  // namespace

Sample sample_table(base::Task& task, txn::Table& table, const txn::EngineTransaction& transaction,
                    size_t wanted) {
  return Sampler(task, table, transaction, wanted).run();
}

}  // namespace isolde::sql
