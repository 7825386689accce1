#include "sql/exec/operators.hpp"
#include "sql/views/virtual_table.hpp"

namespace isolde::sql {

namespace {

/// A view of ours: its rows are made when the scan opens.
class VirtualScan final : public RowSource {
 public:
  VirtualScan(const Plan& plan, ExecContext& exec)
      : plan_(plan), exec_(exec), arena_(exec.budget) {}

  void open() override {
    if (!filled_) {
      VirtualRows rows(plan_.types, plan_.table->oid(), arena_);
      plan_.table->fill(*exec_.services, rows);
      rows_ = rows.take();
      filled_ = true;
    }
    at_ = 0;
  }

  const Datum* next() override { return at_ == rows_.size() ? nullptr : rows_[at_++]; }

 private:
  const Plan& plan_;
  ExecContext& exec_;
  Arena arena_;
  std::vector<const Datum*> rows_;
  size_t at_ = 0;
  bool filled_ = false;
};

}  // namespace

RowSourcePtr make_virtual_scan(const Plan& plan, ExecContext& exec) {
  return std::make_unique<VirtualScan>(plan, exec);
}

}  // namespace isolde::sql
