#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "sql/exec/row_source.hpp"

namespace isolde::sql {

/// How rows were sorted, in PostgreSQL's words.
struct SortMethod {
  std::string_view method;
  bool on_disk = false;
  uint64_t kilobytes = 0;
};

/// How one operator of a plan has run.
struct OperatorTiming {
  uint64_t loops = 0;  ///< how often it was started
  uint64_t rows = 0;   ///< that it gave, in all loops
  base::SteadyTime::duration to_first_row{};
  base::SteadyTime::duration total{};
  std::optional<SortMethod> sorted;
};

/// The operators' rows and times of one execution, for EXPLAIN ANALYZE. Times include what is
/// below.
class PlanTimings {
 public:
  explicit PlanTimings(bool clock) : clock_(clock) {}
  /// The operator, watched.
  std::unique_ptr<RowSource> timed(const Plan& plan, std::unique_ptr<RowSource> source);
  void note_sort(const Plan& plan, const SortMethod& method) { timings_[&plan].sorted = method; }
  /// nullptr for a plan that was never made into an operator.
  const OperatorTiming* find(const Plan& plan) const;
  /// Whether times were taken, and not rows alone.
  bool has_times() const { return clock_; }

 private:
  bool clock_;
  std::unordered_map<const Plan*, OperatorTiming> timings_;
};

}  // namespace isolde::sql
