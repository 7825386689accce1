#include "txn/snapshot_scan.hpp"

#include "base/check.hpp"
#include "storage/heap_page_copy.hpp"
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

Result<const VersionView*> tracked_version(const Transaction& transaction, const Snapshot& snapshot,
                                           Table& table, const VersionBatch& chain,
                                           ReadTracker& tracker, VersionBatch& spare) {
  for (const VersionView& version : chain.versions()) {
    uint16_t hints = 0;
    const bool seen = visible(transaction, snapshot, version.header, hints);
    if (hints != 0) table.heap.hint(version.id, version.header, hints);
    if (Status s = tracker.saw(version.header, snapshot, seen); !s) return s.take_error();
    if (!seen) continue;
    auto look_again = tracker.took(table, version);
    if (!look_again) return look_again.take_error();
    if (*look_again) {
      auto found = table.heap.read(version.id, spare);
      if (!found) return found.take_error();
      ISOLDE_CHECK(*found, "a version that a snapshot sees was removed");
      Status s = tracker.saw(spare.versions().front().header, snapshot, true);
      if (!s) return s.take_error();
    }
    return &version;
  }
  return nullptr;
}

namespace {

/// Keeps its snapshot from vacuum for as long as it lives.
class SnapshotScan : public Scan {
 public:
  SnapshotScan(Transaction& transaction, Table& table, const Snapshot& snapshot,
               ReadTracker* tracker)
      : transaction_(transaction), table_(table), snapshot_(snapshot), tracker_(tracker) {
    transaction_.hold_snapshot(snapshot_);
  }
  ~SnapshotScan() override { transaction_.release_snapshot(snapshot_); }

 protected:
  Transaction& transaction_;
  Table& table_;
  const Snapshot snapshot_;
  ReadTracker* const tracker_;
  std::vector<Row> rows_;
};

/// Page after page, as many as there were at the start.
class TableScan final : public SnapshotScan {
 public:
  using SnapshotScan::SnapshotScan;

  Result<std::span<const Row>> next() override {
    if (!started_) {
      if (tracker_ != nullptr) {
        if (Status s = tracker_->reads_table(table_); !s) return s.take_error();
      }
      auto count = table_.heap.block_count();
      if (!count) return count.take_error();
      end_ = count->value;
      started_ = true;
    }
    count_ = 0;
    while (count_ == 0 && block_ < end_) {
      if (Status s = transaction_.task().poll(); !s) return s.take_error();
      const BlockNumber block{block_++};
      if (Status s = page_.read(table_.heap, block, &ring_); !s) return s.take_error();
      if (Status s = collect(block); !s) return s.take_error();
    }
    return std::span<const Row>(rows_.data(), count_);
  }

  Status restart(const KeyRange&) override {
    block_ = 0;
    started_ = false;
    return {};
  }

 private:
  /// Rows are made in place: this is where most of a scan's time goes.
  Status collect(BlockNumber block) {
    if (rows_.size() < page_.slots()) rows_.resize(page_.slots());
    const bool all = page_.all_visible();
    Status status;
    page_.each([&](storage::Slot slot, ByteSpan item) {
      Row& row = rows_[count_];
      row.header = storage::VersionHeader::decode(item.data());
      row.id = row.root = {block, slot};
      if (!all) {
        uint16_t hints = 0;
        const bool seen = visible(transaction_, snapshot_, row.header, hints);
        if (hints != 0) table_.heap.hint(row.id, row.header, hints);
        if (tracker_ != nullptr) status = tracker_->saw(row.header, snapshot_, seen);
        if (!status) return false;
        if (!seen) return true;
      }
      const bool has_id = (row.header.infomask & kHasRowId) != 0;
      row.payload = item.subspan(storage::kVersionHeaderSize + (has_id ? kRowIdSize : 0));
      ++count_;
      return true;
    });
    return status;
  }

  storage::HeapPageCopy page_;
  size_t count_ = 0;  ///< of rows_, that are of this page
  storage::ScanRing ring_;
  uint32_t block_ = 0;
  uint32_t end_ = 0;
  bool started_ = false;
};

class IndexScan final : public SnapshotScan {
 public:
  IndexScan(Transaction& transaction, Table& table, const ScanSpec& spec, const Snapshot& snapshot,
            ReadTracker* tracker)
      : SnapshotScan(transaction, table, snapshot, tracker),
        index_(*spec.index),
        range_(spec.range),
        backward_(spec.backward),
        keys_only_(spec.keys_only),
        cursor_(index_.tree),
        batch_(first_batch()) {}
  ~IndexScan() override { give_up_rest(); }

  Result<std::span<const Row>> next() override {
    rows_.clear();
    chains_used_ = 0;
    if (!started_) {
      if (Status s = start(); !s) return s.take_error();
    }
    if (Status s = fill(); !s) return s.take_error();
    // Of a unique key that is there, the row is noted; the key itself only where there is no row.
    if (done_ && !found_ && tracker_ != nullptr && range_.unique_point && !range_noted_) {
      done_ = false;
      if (Status s = note_range(); !s) return s.take_error();
      if (Status s = seek_start(cursor_, range_, backward_); !s) return s.take_error();
      if (Status s = fill(); !s) return s.take_error();
    }
    batch_ = std::min(batch_ * 2, kMostRows);
    return std::span<const Row>(rows_);
  }

  Status restart(const KeyRange& range) override {
    give_up_rest();
    range_ = range;
    started_ = done_ = found_ = range_noted_ = false;
    note_ = 0;
    rows_.clear();
    batch_ = first_batch();
    return {};
  }

 private:
  /// A tracker is to hear of no more than is wanted.
  size_t first_batch() const { return tracker_ == nullptr ? kFirstRows : 1; }

  Status start() {
    started_ = true;
    if (tracker_ != nullptr && !range_.unique_point) {
      if (Status s = note_range(); !s) return s;
    }
    return seek_start(cursor_, range_, backward_);
  }

  Status note_range() {
    auto note = tracker_->reads_range(table_, index_, range_);
    if (!note) return note.take_error();
    note_ = *note;
    range_noted_ = true;
    return {};
  }

  /// The range was noted to its end; it was read up to the last row.
  void give_up_rest() {
    if (note_ == 0 || done_ || rows_.empty()) return;
    KeyRange part = range_;
    (backward_ ? part.has_lower : part.has_upper) = true;
    (backward_ ? part.lower_inclusive : part.upper_inclusive) = true;
    const ByteSpan last = rows_.back().key;
    (backward_ ? part.lower : part.upper).assign(last.begin(), last.end());
    tracker_->reads_less(note_, part);
  }

  Status fill() {
    while (!done_ && rows_.size() < batch_) {
      if (!cursor_.valid() || !within()) {
        done_ = true;
        break;
      }
      if (Status s = transaction_.task().poll(); !s) return s;
      // Not when the range's start is exclusive and shared by more entries than the cursor passed.
      if (above_lower(range_, cursor_.key()) && below_upper(range_, cursor_.key())) {
        if (Status s = take_entry(); !s) return s;
      }
      if (Status s = backward_ ? cursor_.prev() : cursor_.next(); !s) return s;
    }
    return {};
  }

  bool within() const {
    return backward_ ? above_lower(range_, cursor_.key()) : below_upper(range_, cursor_.key());
  }

  Status take_entry() {
    const TupleId root = cursor_.row();
    Chain& chain = next_chain();
    chain.key.assign(cursor_.key().begin(), cursor_.key().end());
    if (keys_only_) {
      auto all = key_is_enough(root.block);
      if (!all) return all.take_error();
      if (*all) {
        found_ = true;
        rows_.push_back(Row{root, root, {}, {}, chain.key});
        return {};
      }
    }
    auto found = table_.heap.read_chain(root, chain.versions);
    if (!found) return found.take_error();
    Result<const VersionView*> seen = nullptr;
    if (*found) seen = seen_of(chain.versions);
    if (!seen) return seen.take_error();
    if (*seen == nullptr) {
      --chains_used_;
      return {};
    }
    found_ = true;
    rows_.push_back(row_of(**seen, root));
    rows_.back().key = chain.key;
    return {};
  }

  Result<bool> key_is_enough(BlockNumber block) {
    auto all = table_.heap.all_visible(block);
    if (!all || !*all || tracker_ == nullptr) return all;
    if (Status s = tracker_->reads_page(table_, block); !s) return s.take_error();
    return table_.heap.all_visible(block);
  }

  Result<const VersionView*> seen_of(const VersionBatch& chain) {
    if (tracker_ == nullptr) return visible_version(transaction_, snapshot_, table_.heap, chain);
    return tracked_version(transaction_, snapshot_, table_, chain, *tracker_, spare_);
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
  VersionBatch spare_;
  size_t chains_used_ = 0;
  size_t batch_;
  uint64_t note_ = 0;
  bool started_ = false;
  bool done_ = false;
  bool found_ = false;        ///< a row, in the present range
  bool range_noted_ = false;  ///< the tracker knows of the range
};

}  // namespace

std::unique_ptr<Scan> make_snapshot_scan(Transaction& transaction, Table& table,
                                         const ScanSpec& spec, const Snapshot& snapshot,
                                         ReadTracker* tracker) {
  if (spec.index != nullptr)
    return std::make_unique<IndexScan>(transaction, table, spec, snapshot, tracker);
  return std::make_unique<TableScan>(transaction, table, snapshot, tracker);
}

}  // namespace isolde::txn
