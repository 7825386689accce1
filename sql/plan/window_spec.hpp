#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sql/plan/expr.hpp"

namespace isolde::sql {

enum class FrameMode : uint8_t { kRows, kRange, kGroups };
enum class FrameExclude : uint8_t { kNone, kCurrentRow, kGroup, kTies };
/// Where a frame starts or ends, in the order in which bounds can follow each other.
enum class FrameBound : uint8_t {
  kUnboundedPreceding,
  kPreceding,  ///< by an offset
  kCurrentRow,
  kFollowing,
  kUnboundedFollowing,
};

struct WindowFrame {
  FrameMode mode = FrameMode::kRange;
  FrameBound start = FrameBound::kUnboundedPreceding;
  FrameBound end = FrameBound::kCurrentRow;
  FrameExclude exclude = FrameExclude::kNone;
  bool operator==(const WindowFrame&) const = default;
};

/// A window: what OVER (...) or WINDOW name AS (...) say.
struct WindowSpec {
  std::string name;
  std::vector<Expr*> partition;
  std::vector<Expr::Order> order;
  WindowFrame frame;
  bool own_frame = false;  ///< written, not the default
  Expr* start_offset = nullptr;
  Expr* end_offset = nullptr;
  /// RANGE with an offset, where arithmetic is by functions: over a row of the sort key and the
  /// offset, their sum, their difference, and the key as a value of the same type.
  Expr* range_sum = nullptr;
  Expr* range_difference = nullptr;
  Expr* range_key = nullptr;
};

}  // namespace isolde::sql
