#include "sql/exec/operators.hpp"
#include "sql/expr/evaluator.hpp"

namespace isolde::sql {

namespace {

/// VALUES: a program a row.
class ValuesSource final : public RowSource {
 public:
  ValuesSource(const Plan& plan, ExecContext& exec)
      : plan_(plan), exec_(exec), arena_(exec.budget) {}

  void open() override { at_ = 0; }

  const Datum* next() override {
    if (at_ == plan_.programs.size()) return nullptr;
    arena_.reset();
    evaluator_ = Evaluator(plan_.programs[at_++], exec_, arena_);
    return evaluator_.run(nullptr);
  }

 private:
  const Plan& plan_;
  ExecContext& exec_;
  Arena arena_;
  Evaluator evaluator_;
  size_t at_ = 0;
};

}  // namespace

RowSourcePtr make_values(const Plan& plan, ExecContext& exec) {
  return std::make_unique<ValuesSource>(plan, exec);
}

}  // namespace isolde::sql
