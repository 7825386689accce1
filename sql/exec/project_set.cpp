#include <algorithm>

#include "sql/exec/operators.hpp"
#include "sql/exec/set_call.hpp"

namespace isolde::sql {

namespace {

/// Set-returning functions in the select list: all step together, and those that end early give
/// NULL until the longest is done.
class ProjectSet final : public RowSource {
 public:
  ProjectSet(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        exec_(exec),
        child_(make_row_source(*plan.children[0], exec)),
        row_(std::max<size_t>(static_cast<size_t>(plan.width), 1)) {
    for (const Plan::Call& call : plan.calls)
      calls_.push_back(std::make_unique<SetCall>(call, exec));
  }

  void open() override {
    child_->open();
    in_row_ = false;
  }

  const Datum* next() override {
    while (true) {
      exec_.poll();
      if (!in_row_ && !start_row()) return nullptr;
      if (step()) return row_.data();
      in_row_ = false;
    }
  }

 private:
  bool start_row() {
    const Datum* input = child_->next();
    if (input == nullptr) return false;
    auto width = static_cast<size_t>(plan_.children[0]->width);
    std::copy(input, input + width, row_.begin());
    for (auto& call : calls_) call->start(row_.data());
    ended_.assign(calls_.size(), false);
    in_row_ = true;
    return true;
  }

  bool step() {
    auto column = static_cast<size_t>(plan_.children[0]->width);
    bool any = false;
    for (size_t i = 0; i < calls_.size(); ++i, ++column) {
      if (!ended_[i]) ended_[i] = !calls_[i]->next(&row_[column]);
      if (ended_[i]) row_[column] = Datum::null();
      any |= !ended_[i];
    }
    return any;
  }

  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr child_;
  std::vector<std::unique_ptr<SetCall>> calls_;
  std::vector<bool> ended_;
  std::vector<Datum> row_;
  bool in_row_ = false;
};

}  // namespace

RowSourcePtr make_project_set(const Plan& plan, ExecContext& exec) {
  return std::make_unique<ProjectSet>(plan, exec);
}

}  // namespace isolde::sql
