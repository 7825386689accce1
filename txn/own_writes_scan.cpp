#include "txn/own_writes_scan.hpp"

#include <vector>

#include "txn/snapshot_scan.hpp"
#include "txn/version_rules.hpp"

namespace isolde::txn {

using base::Result;
using base::Status;
using storage::VersionBatch;
using storage::VersionHeader;
using storage::VersionView;

namespace {

/// Whether somebody else has replaced the version, as far as its header says.
bool leads_on(const Transaction& transaction, const VersionHeader& header) {
  return is_replaced(header) && (header.infomask & storage::kXmaxAborted) == 0 &&
         header.next.valid() && !transaction.is_mine(header.xmax);
}

/// What the transaction has made of a row.
struct OwnWork {
  bool any = false;
  TupleId made;  ///< the version that it sees; invalid: none
};

/// Follows a row from a version that others have replaced to its newest one.
Result<OwnWork> own_work(const Transaction& transaction, Table& table, VersionHeader header,
                         CommandId command, VersionBatch& batch) {
  OwnWork work;
  while (is_replaced(header) && header.next.valid()) {
    const TxnId maker = header.xmax;
    const TupleId at = header.next;
    auto found = table.heap.read(at, batch);
    if (!found) return found.take_error();
    if (!*found) break;
    const VersionView& version = batch.versions().front();
    // The place may belong to another row by now, if that replacement was rolled back.
    if (version.id != at || version.header.xmin != maker) break;
    header = version.header;
    if (transaction.is_mine(maker)) {
      if (header.cmin >= command) break;
      work = {true, at};
    }
    if (only_locks(header) || !transaction.is_mine(header.xmax)) continue;
    if (header.cmax >= command) break;
    work = {true, TupleId{}};
  }
  return work;
}

class OwnWritesScan final : public Scan {
 public:
  OwnWritesScan(Transaction& transaction, Table& table, const ScanSpec& spec, CommandId command,
                std::unique_ptr<Scan> inner)
      : transaction_(transaction),
        table_(table),
        by_index_(spec.index != nullptr),
        command_(command),
        inner_(std::move(inner)) {}

  Result<std::span<const Row>> next() override {
    for (;;) {
      auto batch = inner_->next();
      if (!batch || batch->empty() || transaction_.top_id() == TxnId{}) return batch;
      rows_.clear();
      made_used_ = 0;
      for (const Row& row : *batch) {
        if (Status s = take(row); !s) return s.take_error();
      }
      if (!rows_.empty()) return std::span<const Row>(rows_);
    }
  }

  Status restart(const KeyRange& range) override { return inner_->restart(range); }

 private:
  Status take(const Row& row) {
    if (!leads_on(transaction_, row.header)) {
      rows_.push_back(row);
      return {};
    }
    VersionBatch& batch = next_batch();
    auto work = own_work(transaction_, table_, row.header, command_, batch);
    if (!work) return work.take_error();
    if (!work->any) {
      rows_.push_back(row);
    } else if (by_index_ && work->made.valid()) {
      return take_own(row, work->made, batch);
    }
    return {};
  }

  /// Where both have one index entry, it has led to the older one.
  Status take_own(const Row& row, TupleId made, VersionBatch& batch) {
    auto root = table_.heap.root_of(made);
    if (!root) return root.take_error();
    if (*root != row.root) return {};
    auto found = table_.heap.read(made, batch);
    if (!found) return found.take_error();
    if (!*found) return {};
    Row own = row_of(batch.versions().front(), row.root);
    own.key = row.key;
    rows_.push_back(own);
    ++made_used_;
    return {};
  }

  /// Of versions that are shown, until the next call.
  VersionBatch& next_batch() {
    if (made_used_ == made_.size()) made_.push_back(std::make_unique<VersionBatch>());
    return *made_[made_used_];
  }

  Transaction& transaction_;
  Table& table_;
  const bool by_index_;
  const CommandId command_;
  std::unique_ptr<Scan> inner_;
  std::vector<Row> rows_;
  std::vector<std::unique_ptr<VersionBatch>> made_;
  size_t made_used_ = 0;
};

}  // namespace

std::unique_ptr<Scan> with_own_writes(Transaction& transaction, Table& table, const ScanSpec& spec,
                                      CommandId command, std::unique_ptr<Scan> snapshot_scan) {
  return std::make_unique<OwnWritesScan>(transaction, table, spec, command,
                                         std::move(snapshot_scan));
}

Result<bool> is_overwritten(const Transaction& transaction, Table& table,
                            const VersionHeader& header, CommandId command) {
  if (transaction.top_id() == TxnId{} || !leads_on(transaction, header)) return false;
  VersionBatch batch;
  auto work = own_work(transaction, table, header, command, batch);
  if (!work) return work.take_error();
  return work->any;
}

}  // namespace isolde::txn
