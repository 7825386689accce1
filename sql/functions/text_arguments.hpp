#pragma once

#include <string>
#include <string_view>

#include "sql/functions/call_context.hpp"

namespace isolde::sql {

/// What the output function of a type writes.
std::string output_text(const Type& type, Datum value, const OutputStyle& style);
/// What a cast to text gives: "true" where the output is "t".
std::string value_to_text(const Type& type, Datum value, const OutputStyle& style);

/// Throws 54000 before a result would pass the largest field of 1 GB.
void check_text_size(uint64_t bytes);

/// An uninitialised result to fill.
struct TextResult {
  char* data;
  size_t size;
  Datum datum() const { return Datum::of_bytes({data, size}); }
};
inline TextResult new_text(CallContext& context, uint64_t bytes) {
  check_text_size(bytes);
  return {context.arena.allocate(bytes), static_cast<size_t>(bytes)};
}

}  // namespace isolde::sql
