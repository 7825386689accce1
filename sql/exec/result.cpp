#include "sql/exec/operators.hpp"

namespace isolde::sql {

namespace {

/// One row without columns: what a SELECT without FROM computes over.
class ResultSource final : public RowSource {
 public:
  void open() override { given_ = false; }
  const Datum* next() override {
    if (given_) return nullptr;
    given_ = true;
    return &row_;
  }

 private:
  Datum row_;
  bool given_ = false;
};

}  // namespace

RowSourcePtr make_result(const Plan&, ExecContext&) {
  return std::make_unique<ResultSource>();
}

}  // namespace isolde::sql
