#pragma once

#include <string>
#include <string_view>

#include "sql/functions/call_context.hpp"
#include "sql/types/jsonb.hpp"

// SQL values as JSON: numbers and booleans as such, dates in ISO form, arrays and rows as what they
// are, json and jsonb as they stand, everything else as the text of its output.

namespace isolde::sql {

/// Appends a value, NULL as null. With `lines`, an array's or a row's parts stand on lines of their
/// own, at the top alone.
void append_json_value(std::string& out, Datum value, const Type& type, CallContext& context,
                       bool lines = false);
/// The same as an object's key, in quotes; 22023 for what is no scalar.
void append_json_key(std::string& out, Datum value, const Type& type, CallContext& context);

void write_jsonb_value(JsonbWriter& writer, Datum value, const Type& type, CallContext& context);
/// The key that a value makes, in the context's arena.
std::string_view jsonb_key(Datum value, const Type& type, CallContext& context);

/// Arrays and rows, which json_agg puts on a line of their own.
bool is_structured(const Type& type);

/// What jsonb functions return.
template <typename Write>
Datum make_jsonb(CallContext& context, Write&& write) {
  std::string out;
  JsonbWriter writer(out);
  write(writer);
  return context.arena.bytes(out);
}

}  // namespace isolde::sql
