#include "txn/snapshot_scan.hpp"

#include "txn/key_range.hpp"
#include "txn/version_rules.hpp"

namespace isolde::txn {

using base::Result;
using base::Status;
using storage::BlockNumber;
using storage::VersionBatch;
using storage::VersionView;

namespace {
/// What kHasRowId puts in front of a payload.
constexpr size_t kRowIdSize = 8;
/// Rows of an index scan at a time: few at first, for those who want only the first.
constexpr size_t kFirstRows = 4;
constexpr size_t kMostRows = 64;
}  // namespace

Row row_of(const VersionView& version, TupleId root) {
  Row row{version.id, root, version.header, version.payload, {}};
  if ((version.header.infomask & kHasRowId) != 0) row.payload = row.payload.subspan(kRowIdSize);
  return row;
}

const VersionView* visible_version(const Transaction& transaction, const Snapshot& snapshot,
                                   storage::Heap& heap, const VersionBatch& chain) {
  for (const VersionView& version : chain.versions()) {
    uint16_t hints = 0;
    const bool seen = visible(transaction, snapshot, version.header, hints);
    if (hints != 0) heap.hint(version.id, version.header, hints);
    if (seen) return &version;
  }
  return nullptr;
}

namespace {

/// Keeps its snapshot from vacuum for as long as it lives.
class SnapshotScan : public Scan {
 public:
  SnapshotScan(Transaction& transaction, Table& table, const Snapshot& snapshot)
      : transaction_(transaction), table_(table), snapshot_(snapshot) {
    transaction_.hold_snapshot(snapshot_);
  }
  ~SnapshotScan() override { transaction_.release_snapshot(snapshot_); }

 protected:
  Transaction& transaction_;
  Table& table_;
  const Snapshot snapshot_;
  std::vector<Row> rows_;
};

/// Page after page, as many as there were at the start.
class TableScan final : public SnapshotScan {
 public:
  using SnapshotScan::SnapshotScan;

  Result<std::span<const Row>> next() override {
    if (!started_) {
      auto count = table_.heap.block_count();
      if (!count) return count.take_error();
      end_ = count->value;
      started_ = true;
    }
    rows_.clear();
    while (rows_.empty() && block_ < end_) {
      if (Status s = transaction_.task().poll(); !s) return s.take_error();
      if (Status s = table_.heap.read_page(BlockNumber{block_++}, page_, &ring_); !s)
        return s.take_error();
      collect();
    }
    return std::span<const Row>(rows_);
  }

  Status restart(const KeyRange&) override {
    block_ = 0;
    started_ = false;
    return {};
  }

 private:
  void collect() {
    for (const VersionView& version : page_.versions()) {
      uint16_t hints = 0;
      const bool seen =
          page_.all_visible() || visible(transaction_, snapshot_, version.header, hints);
      if (hints != 0) table_.heap.hint(version.id, version.header, hints);
      if (seen) rows_.push_back(row_of(version, version.id));
    }
  }

  VersionBatch page_;
  storage::ScanRing ring_;
  uint32_t block_ = 0;
  uint32_t end_ = 0;
  bool started_ = false;
};

class IndexScan final : public SnapshotScan {
 public:
  IndexScan(Transaction& transaction, Table& table, const ScanSpec& spec, const Snapshot& snapshot)
      : SnapshotScan(transaction, table, snapshot),
        index_(*spec.index),
        range_(spec.range),
        backward_(spec.backward),
        keys_only_(spec.keys_only),
        cursor_(index_.tree) {}

  Result<std::span<const Row>> next() override {
    rows_.clear();
    chains_used_ = 0;
    if (!started_) {
      started_ = true;
      if (Status s = seek_start(cursor_, range_, backward_); !s) return s.take_error();
    }
    while (!done_ && rows_.size() < batch_) {
      if (!cursor_.valid() || !within()) {
        done_ = true;
        break;
      }
      if (Status s = transaction_.task().poll(); !s) return s.take_error();
      // Not when the range's start is exclusive and shared by more entries than the cursor passed.
      if (above_lower(range_, cursor_.key()) && below_upper(range_, cursor_.key())) {
        if (Status s = take_entry(); !s) return s.take_error();
      }
      if (Status s = backward_ ? cursor_.prev() : cursor_.next(); !s) return s.take_error();
    }
    batch_ = std::min(batch_ * 2, kMostRows);
    return std::span<const Row>(rows_);
  }

  Status restart(const KeyRange& range) override {
    range_ = range;
    started_ = done_ = false;
    batch_ = kFirstRows;
    return {};
  }

 private:
  bool within() const {
    return backward_ ? above_lower(range_, cursor_.key()) : below_upper(range_, cursor_.key());
  }

  Status take_entry() {
    const TupleId root = cursor_.row();
    Chain& chain = next_chain();
    chain.key.assign(cursor_.key().begin(), cursor_.key().end());
    if (keys_only_) {
      auto all = table_.heap.all_visible(root.block);
      if (!all) return all.take_error();
      if (*all) {
        rows_.push_back(Row{root, root, {}, {}, chain.key});
        return {};
      }
    }
    auto found = table_.heap.read_chain(root, chain.versions);
    if (!found) return found.take_error();
    const VersionView* seen =
        *found ? visible_version(transaction_, snapshot_, table_.heap, chain.versions) : nullptr;
    if (seen == nullptr) {
      --chains_used_;
      return {};
    }
    rows_.push_back(row_of(*seen, root));
    rows_.back().key = chain.key;
    return {};
  }

  struct Chain {
    Bytes key;
    VersionBatch versions;
  };
  Chain& next_chain() {
    if (chains_used_ == chains_.size()) chains_.push_back(std::make_unique<Chain>());
    return *chains_[chains_used_++];
  }

  Index& index_;
  KeyRange range_;
  const bool backward_;
  const bool keys_only_;
  storage::BtreeCursor cursor_;
  std::vector<std::unique_ptr<Chain>> chains_;
  size_t chains_used_ = 0;
  size_t batch_ = kFirstRows;
  bool started_ = false;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<Scan> make_snapshot_scan(Transaction& transaction, Table& table,
                                         const ScanSpec& spec, const Snapshot& snapshot) {
  if (spec.index != nullptr) return std::make_unique<IndexScan>(transaction, table, spec, snapshot);
  return std::make_unique<TableScan>(transaction, table, snapshot);
}

}  // namespace isolde::txn
