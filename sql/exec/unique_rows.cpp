#include "sql/exec/operators.hpp"
#include "sql/exec/row_table.hpp"

namespace isolde::sql {

namespace {

/// DISTINCT: the first row of each key, as rows come.
class UniqueRows final : public RowSource {
 public:
  UniqueRows(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        exec_(exec),
        child_(make_row_source(*plan.children[0], exec)),
        seen_(key_types(plan), key_types(plan).size(), exec.budget) {
    for (const Plan::OrderItem& item : plan.order) columns_.push_back(item.column);
    if (!columns_.empty()) key_.resize(columns_.size());
  }

  void open() override {
    child_->open();
    seen_.clear();
  }

  const Datum* next() override {
    while (const Datum* row = child_->next()) {
      exec_.poll();
      bool added = false;
      seen_.find_or_add(key(row), added);
      if (added) return row;
    }
    return nullptr;
  }

 private:
  static std::vector<const Type*> key_types(const Plan& plan) {
    std::vector<const Type*> types;
    for (const Plan::OrderItem& item : plan.order) types.push_back(item.type);
    if (types.empty()) types.assign(plan.types.begin(), plan.types.begin() + plan.visible);
    return types;
  }

  const Datum* key(const Datum* row) {
    if (columns_.empty()) return row;
    for (size_t i = 0; i < columns_.size(); ++i) key_[i] = row[columns_[i]];
    return key_.data();
  }

  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr child_;
  RowTable seen_;
  std::vector<int> columns_;  ///< of DISTINCT ON
  std::vector<Datum> key_;
};

}  // namespace

RowSourcePtr make_unique_rows(const Plan& plan, ExecContext& exec) {
  return std::make_unique<UniqueRows>(plan, exec);
}

}  // namespace isolde::sql
