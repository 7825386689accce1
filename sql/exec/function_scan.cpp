#include <algorithm>

#include "sql/exec/operators.hpp"
#include "sql/exec/set_call.hpp"

namespace isolde::sql {

namespace {

/// A function in FROM: its rows as they come, never all at once.
class FunctionScan final : public RowSource {
 public:
  FunctionScan(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        call_(plan.calls.front(), exec),
        row_(std::max<size_t>(static_cast<size_t>(plan.width), 1)) {}

  void open() override {
    call_.start(nullptr);
    number_ = 0;
  }

  const Datum* next() override {
    if (!call_.next(row_.data())) return nullptr;
    if (plan_.ordinality) row_.back() = Datum::of_int(++number_);
    return row_.data();
  }

 private:
  const Plan& plan_;
  SetCall call_;
  std::vector<Datum> row_;
  int64_t number_ = 0;
};

}  // namespace

RowSourcePtr make_function_scan(const Plan& plan, ExecContext& exec) {
  return std::make_unique<FunctionScan>(plan, exec);
}

}  // namespace isolde::sql
