#include <algorithm>

#include "sql/exec/operators.hpp"
#include "sql/exec/set_call.hpp"

namespace isolde::sql {

namespace {

/// Functions in FROM: their rows as they come, never all at once. All step together; those that end
/// early give NULLs until the longest is done.
class FunctionScan final : public RowSource {
 public:
  FunctionScan(const Plan& plan, ExecContext& exec)
      : plan_(plan), row_(std::max<size_t>(static_cast<size_t>(plan.width), 1)) {
    for (const Plan::Call& call : plan.calls) {
      calls_.push_back({std::make_unique<SetCall>(call, exec), static_cast<size_t>(call.width)});
    }
  }

  void open() override {
    for (Running& one : calls_) {
      one.call->start(nullptr);
      one.ended = false;
    }
    number_ = 0;
  }

  const Datum* next() override {
    Datum* columns = row_.data();
    bool any = false;
    for (Running& one : calls_) {
      if (!one.ended) one.ended = !one.call->next(columns);
      if (one.ended) std::fill_n(columns, one.width, Datum::null());
      any |= !one.ended;
      columns += one.width;
    }
    if (!any) return nullptr;
    if (plan_.ordinality) row_.back() = Datum::of_int(++number_);
    return row_.data();
  }

 private:
  struct Running {
    std::unique_ptr<SetCall> call;
    size_t width;
    bool ended = false;
  };

  const Plan& plan_;
  std::vector<Running> calls_;
  std::vector<Datum> row_;
  int64_t number_ = 0;
};

}  // namespace

RowSourcePtr make_function_scan(const Plan& plan, ExecContext& exec) {
  return std::make_unique<FunctionScan>(plan, exec);
}

}  // namespace isolde::sql
