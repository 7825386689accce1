#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "sql/exec/exec_context.hpp"
#include "sql/expr/evaluator.hpp"
#include "sql/plan/plan.hpp"

namespace isolde::sql {

/// The rows of one partition and how they fall into groups of peers.
struct WindowPartition {
  std::vector<const Datum*> rows;
  std::vector<const Datum*> inputs;  ///< what the calls read, a row each
  std::vector<size_t> group;         ///< of each row
  std::vector<size_t> group_starts;  ///< with the number of rows as the last
  size_t size() const { return rows.size(); }
  size_t first_peer(size_t row) const { return group_starts[group[row]]; }
  size_t after_peers(size_t row) const { return group_starts[group[row] + 1]; }
  size_t groups() const { return group_starts.size() - 1; }
};

/// A frame: rows [start, end) of the partition, without those that are excluded: up to three
/// stretches.
struct FrameRows {
  struct Stretch {
    size_t begin;
    size_t end;
  };
  size_t start = 0;
  size_t end = 0;
  bool whole = true;  ///< nothing is excluded
  std::array<Stretch, 3> stretches{};
  int count = 0;

  size_t size() const;
  /// The row of a number within the frame, counted from its start.
  std::optional<size_t> nth(size_t number) const;
};

/// Finds the frames of a window's rows.
class FrameFinder {
 public:
  FrameFinder(const Plan::Window& window, ExecContext& exec);

  /// Computes the offsets; fails when they are null or negative.
  void read_offsets();
  FrameRows frame_of(const WindowPartition& partition, size_t row);

 private:
  enum class Side : uint8_t { kStart, kEnd };
  Datum read_offset(const Program& program, std::string_view which);
  void check_size(Datum offset) const;
  size_t bound(const WindowPartition& partition, size_t row, FrameBound bound, Side side);
  size_t rows_bound(size_t size, size_t row, bool back, size_t offset, Side side) const;
  size_t groups_bound(const WindowPartition& partition, size_t row, bool back, size_t offset,
                      Side side) const;
  size_t range_bound(const WindowPartition& partition, size_t row, bool back, Datum offset,
                     Side side);
  bool in_range(Datum value, Datum base, Datum offset, bool subtract, bool less);
  bool in_range_computed(Datum value, Datum base, Datum offset, bool subtract, bool less);
  void exclude(const WindowPartition& partition, size_t row, FrameRows& frame) const;

  const Plan::Window& window_;
  ExecContext& exec_;
  Arena arena_;  ///< of the offsets
  Arena scratch_;
  Datum start_offset_;
  Datum end_offset_;
  std::optional<Evaluator> sum_;
  std::optional<Evaluator> difference_;
  std::optional<Evaluator> key_;
};

}  // namespace isolde::sql
