#include "sql/exec/operators.hpp"

namespace isolde::sql {

namespace {

/// UNION ALL.
class Append final : public RowSource {
 public:
  Append(const Plan& plan, ExecContext& exec) {
    for (const Plan* child : plan.children) children_.push_back(make_row_source(*child, exec));
  }

  void open() override {
    for (auto& child : children_) child->open();
    at_ = 0;
  }

  const Datum* next() override {
    for (; at_ < children_.size(); ++at_) {
      if (const Datum* row = children_[at_]->next()) return row;
    }
    return nullptr;
  }

 private:
  std::vector<RowSourcePtr> children_;
  size_t at_ = 0;
};

}  // namespace

RowSourcePtr make_append(const Plan& plan, ExecContext& exec) {
  return std::make_unique<Append>(plan, exec);
}

}  // namespace isolde::sql
