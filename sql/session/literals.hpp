#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/types/type.hpp"

// Simple queries differ by their literals only: SELECT ... WHERE aid = 4711. So a text is looked up
// by its shape, in which each literal is replaced by its kind, and literals become parameters:
//
//      SELECT abalance FROM t WHERE aid = 4711 LIMIT 10
//      SELECT abalance FROM t WHERE aid = <i>  LIMIT <i>        the shape
//
// Invariants
//  1. A shape tells kinds apart that have different types: int4, int8, numeric, string.
//  2. Only literals that binding met as plain constants of an expression are lifted. All others
//     (ORDER BY 1, a type's length, a sign folded into a number, everything in statements that are
//     not plain queries) are pinned: a cached statement serves only texts with the same ones.
//  3. A marker is a zero byte, which no text may contain.

namespace isolde::sql {

/// A literal's place in a text.
struct LiteralToken {
  size_t begin = 0;
  size_t end = 0;
  bool string = false;
};

/// Appends the shape of a text and lists its literals.
void shape_of(std::string_view text, std::string& shape, std::vector<LiteralToken>& literals);

/// A literal that a statement reads anew in each execution.
struct LiteralSlot {
  const Type* type = nullptr;
  int32_t typmod = -1;
  int location = -1;  ///< byte offset in the text that was bound
  int lifted = -1;    ///< number of the literal in the text at hand; -1: `text`
  std::string text;
};

}  // namespace isolde::sql
