#include <algorithm>

#include "sql/exec/index_ranges.hpp"
#include "sql/exec/operators.hpp"
#include "sql/exec/recheck.hpp"
#include "sql/exec/row_reference.hpp"
#include "sql/expr/evaluator.hpp"
#include "sql/plan/table_plan.hpp"
#include "sql/types/array.hpp"

namespace isolde::sql {

namespace {

/// What scans of tables have in common: from a version to a row that passes the filter.
class RowReader {
 public:
  RowReader(const Plan& plan, ExecContext& exec)
      : scan_(*plan.scan),
        arena_(exec.budget),
        outside_(scan_.table->table->heap.store(), scan_.table->table->heap.relation(), &arena_),
        row_(static_cast<size_t>(std::max(plan.width, 1))),
        filter_(scan_.filter, exec, arena_) {
    for (const auto& [column, place] : scan_.from_key) {
      key_columns_ = std::max(key_columns_, static_cast<size_t>(column) + 1);
    }
    key_.resize(key_columns_);
  }

  /// The row, valid until the next call; null when it does not pass.
  const Datum* read(const txn::Row& version) {
    arena_.reset();
    Datum* row = row_.data();
    if (version.payload.empty()) return read_key(version);
    scan_.filter_columns.decode(version.payload, row, &outside_);
    if (scan_.reference_filtered) refer(version);
    if (scan_.has_filter && !filter_.is_true(row)) return nullptr;
    scan_.other_columns.decode(version.payload, row, &outside_);
    if (scan_.reference >= 0 && !scan_.reference_filtered) refer(version);
    return row;
  }

  /// The same, by the whole condition.
  const Datum* read_again(const txn::Row& version, ExecContext& exec) {
    arena_.reset();
    Datum* row = row_.data();
    scan_.filter_columns.decode(version.payload, row, &outside_);
    scan_.other_columns.decode(version.payload, row, &outside_);
    if (scan_.reference >= 0) refer(version);
    if (scan_.has_recheck) {
      if (!recheck_made_) recheck_ = Evaluator(scan_.recheck, exec, arena_);
      recheck_made_ = true;
      if (!recheck_.is_true(row)) return nullptr;
    }
    return row;
  }

 private:
  /// Of an entry that was enough.
  const Datum* read_key(const txn::Row& version) {
    scan_.index->codec.decode(version.key, key_columns_, key_.data(), arena_);
    Datum* row = row_.data();
    for (const auto& [column, place] : scan_.from_key) {
      row[place] = key_[static_cast<size_t>(column)];
    }
    return scan_.has_filter && !filter_.is_true(row) ? nullptr : row;
  }

  void refer(const txn::Row& version) {
    row_[static_cast<size_t>(scan_.reference)] =
        make_reference(scan_.table->oid(), version, scan_.reference_payload, arena_);
  }

  const TableScan& scan_;
  Arena arena_;
  OutsideReader outside_;
  std::vector<Datum> row_;
  Evaluator filter_;
  Evaluator recheck_;
  size_t key_columns_ = 0;  ///< of the index, that are read from its entries
  std::vector<Datum> key_;
  bool recheck_made_ = false;
};

/// A table's rows in the order of its pages or of an index.
class TableScanSource final : public RowSource {
 public:
  TableScanSource(const Plan& plan, ExecContext& exec)
      : plan_(*plan.scan), exec_(exec), reader_(plan, exec), ranges_(plan_, exec) {}

  void open() override {
    batch_ = {};
    at_ = 0;
    ended_ = false;
    substitute_ = nullptr;
    substituted_ = exec_.substitutes != nullptr && exec_.substitutes->has(plan_.number);
    if (substituted_) {
      substitute_ = exec_.substitutes->row(plan_.number);
      return;
    }
    if (plan_.index != nullptr) {
      ranges_.start();
      ended_ = !ranges_.next(spec_.range);
      if (ended_) return;
    }
    start();
  }

  const Datum* next() override {
    if (substituted_) return next_substitute();
    for (;;) {
      while (at_ < batch_.size()) {
        exec_.poll();
        const txn::Row& version = batch_[at_++];
        const Datum* row = reader_.read(version);
        if (exec_.wants_verdicts) base::value_or_throw(scan_->verdict(version, row != nullptr));
        if (row != nullptr) return row;
      }
      if (!next_batch()) return nullptr;
    }
  }

 private:
  void start() {
    if (scan_ != nullptr) {
      base::value_or_throw(scan_->restart(spec_.range));
      return;
    }
    spec_.index = plan_.index == nullptr ? nullptr : plan_.index->index;
    spec_.backward = plan_.backward;
    spec_.intent = plan_.intent;
    spec_.strength = plan_.strength;
    spec_.wait = plan_.wait;
    spec_.keys_only = plan_.keys_only;
    if (exec_.latest_rows) spec_.view = txn::ScanView::kLatest;
    scan_ = base::value_or_throw(exec_.transaction->scan(*plan_.table->table, spec_));
  }

  bool next_batch() {
    while (!ended_) {
      exec_.poll();
      auto batch = scan_->next();
      if (!batch) throw base::SqlException(batch.take_error());
      batch_ = *batch;
      at_ = 0;
      if (!batch_.empty()) return true;
      ended_ = plan_.index == nullptr || !ranges_.next(spec_.range);
      if (!ended_) start();
    }
    return false;
  }

  const Datum* next_substitute() {
    const txn::Row* row = std::exchange(substitute_, nullptr);
    return row == nullptr ? nullptr : reader_.read_again(*row, exec_);
  }

  const TableScan& plan_;
  ExecContext& exec_;
  RowReader reader_;
  IndexRanges ranges_;
  txn::ScanSpec spec_;
  std::unique_ptr<txn::Scan> scan_;
  std::span<const txn::Row> batch_;
  size_t at_ = 0;
  bool ended_ = false;
  bool substituted_ = false;
  const txn::Row* substitute_ = nullptr;
};

/// Rows by place: WHERE ctid = ...
class PlaceScan final : public RowSource {
 public:
  PlaceScan(const Plan& plan, ExecContext& exec)
      : plan_(*plan.scan),
        exec_(exec),
        reader_(plan, exec),
        arena_(exec.budget),
        bounds_(plan_.bounds, exec, arena_) {}

  void open() override {
    at_ = 0;
    places_.clear();
    substituted_ = exec_.substitutes != nullptr && exec_.substitutes->has(plan_.number);
    if (substituted_) return;
    arena_.reset();
    Datum value = bounds_.run(nullptr)[0];
    if (value.is_null()) return;
    if (!plan_.places_array) {
      add(value);
      return;
    }
    ArrayView view(value);
    for (int32_t i = 0; i < view.size(); ++i) {
      if (Datum one = view[i]; !one.is_null()) add(one);
    }
    std::sort(places_.begin(), places_.end());
    places_.erase(std::unique(places_.begin(), places_.end()), places_.end());
  }

  const Datum* next() override {
    if (substituted_) {
      const txn::Row* row = at_++ == 0 ? exec_.substitutes->row(plan_.number) : nullptr;
      return row == nullptr ? nullptr : reader_.read_again(*row, exec_);
    }
    while (at_ < places_.size()) {
      exec_.poll();
      txn::Row version;
      if (!base::value_or_throw(
              exec_.transaction->fetch(*plan_.table->table, places_[at_++], version))) {
        continue;
      }
      if (const Datum* row = reader_.read(version)) return row;
    }
    return nullptr;
  }

 private:
  /// A tid shows slots from 1.
  void add(Datum tid) {
    const auto* at = reinterpret_cast<const std::byte*>(tid.as_bytes().data());
    auto slot = storage::load<uint16_t>(at + 4);
    if (slot == 0) return;
    places_.push_back({storage::BlockNumber{storage::load<uint32_t>(at)},
                       storage::Slot{static_cast<uint16_t>(slot - 1)}});
  }

  const TableScan& plan_;
  ExecContext& exec_;
  RowReader reader_;
  Arena arena_;
  Evaluator bounds_;
  std::vector<txn::TupleId> places_;
  size_t at_ = 0;
  bool substituted_ = false;
};

}  // namespace

RowSourcePtr make_table_scan(const Plan& plan, ExecContext& exec) {
  if (plan.scan->by_place) return std::make_unique<PlaceScan>(plan, exec);
  return std::make_unique<TableScanSource>(plan, exec);
}

}  // namespace isolde::sql
