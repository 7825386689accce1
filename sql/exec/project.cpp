#include "sql/exec/operators.hpp"
#include "sql/expr/evaluator.hpp"

namespace isolde::sql {

namespace {

/// Computes the select list.
class Project final : public RowSource {
 public:
  Project(const Plan& plan, ExecContext& exec)
      : child_(make_row_source(*plan.children[0], exec)),
        arena_(exec.budget),
        output_(plan.output, exec, arena_) {}

  void open() override { child_->open(); }

  const Datum* next() override {
    const Datum* row = child_->next();
    if (row == nullptr) return nullptr;
    arena_.reset();
    return output_.run(row);
  }

 private:
  RowSourcePtr child_;
  Arena arena_;
  Evaluator output_;
};

/// SELECT without FROM.
class ProjectOnce final : public RowSource {
 public:
  ProjectOnce(const Plan& plan, ExecContext& exec)
      : arena_(exec.budget), output_(plan.output, exec, arena_) {}

  void open() override { given_ = false; }

  const Datum* next() override {
    if (given_) return nullptr;
    given_ = true;
    arena_.reset();
    return output_.run(nullptr);
  }

 private:
  Arena arena_;
  Evaluator output_;
  bool given_ = false;
};

}  // namespace

RowSourcePtr make_project(const Plan& plan, ExecContext& exec) {
  if (plan.children[0]->kind == Plan::Kind::kResult) {
    return std::make_unique<ProjectOnce>(plan, exec);
  }
  return std::make_unique<Project>(plan, exec);
}

}  // namespace isolde::sql
