#pragma once

#include "sql/exec/window_frame.hpp"
#include "sql/functions/call_context.hpp"

namespace isolde::sql {

/// One window function (or aggregate over a window) while a partition is gone through.
class WindowCallRun {
 public:
  WindowCallRun(const Plan::WindowCall& call, ExecContext& exec);

  bool needs_frame() const;
  void start(const WindowPartition& partition);
  /// The value for a row; rows are asked for in order.
  Datum value(const WindowPartition& partition, size_t row, const FrameRows& frame);

 private:
  Datum argument(const WindowPartition& partition, size_t row, int number) const;
  Datum ranking(const WindowPartition& partition, size_t row) const;
  Datum tile(const WindowPartition& partition, size_t row) const;
  Datum neighbour(const WindowPartition& partition, size_t row, bool ahead) const;
  Datum nth_value(const WindowPartition& partition, size_t row, const FrameRows& frame) const;

  Datum aggregate(const WindowPartition& partition, const FrameRows& frame);
  void begin_aggregate();
  void step(const WindowPartition& partition, size_t begin, size_t end);

  const Plan::WindowCall& call_;
  ExecContext& exec_;
  Arena states_;
  Arena results_;
  CallContext step_context_;
  CallContext final_context_;
  char* state_ = nullptr;
  // The rows that the state has seen: [start_, end_), when it has seen no others.
  size_t start_ = 0;
  size_t end_ = 0;
  bool known_ = false;
  Datum result_;
};

const Type& filter_type();

}  // namespace isolde::sql
