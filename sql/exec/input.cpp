#include "sql/exec/operators.hpp"

namespace isolde::sql {

namespace {

/// Rows that somebody else makes.
class Input final : public RowSource {
 public:
  explicit Input(ExecContext& exec) : exec_(exec) {}
  void open() override { exec_.input->open(); }
  const Datum* next() override { return exec_.input->next(); }

 private:
  ExecContext& exec_;
};

}  // namespace

RowSourcePtr make_input(const Plan&, ExecContext& exec) {
  return std::make_unique<Input>(exec);
}

}  // namespace isolde::sql
