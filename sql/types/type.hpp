#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "sql/types/datum.hpp"

namespace isolde::sql {

class Arena;          // sql/types/arena.hpp: bump allocator
struct OutputStyle;   // sql/types/output_style.hpp: DateStyle, IntervalStyle, time zone, bytea_output, ...

/// Which member of a Datum a type uses.
enum class Storage : uint8_t { kBool, kInteger, kFloat, kBytes };

/// One data type: what pg_type says of it, and the functions that make it work. The built-in ones
/// are rows of one table (sql/types/type_registry.hpp), which also fills pg_type.
struct Type {
  base::Oid oid;
  std::string_view name;        ///< pg_type.typname: "int4"
  std::string_view sql_name;    ///< format_type: "integer"
  int16_t size;                 ///< pg_type.typlen: bytes, or -1 for variable
  char category;                ///< pg_type.typcategory
  bool preferred;               ///< pg_type.typispreferred
  base::Oid array_type;
  base::Oid element_type;       ///< of arrays, else 0
  Storage storage;

  /// Reads the text form; throws SqlException (22P02, 22003, ...). Results live in the arena.
  Datum (*from_text)(std::string_view text, int32_t typmod, Arena& arena, const OutputStyle& style);
  /// Appends the text form.
  void (*to_text)(Datum value, std::string& out, const OutputStyle& style);
  Datum (*from_binary)(std::string_view bytes, int32_t typmod, Arena& arena);
  void (*to_binary)(Datum value, std::string& out);
  /// The default B-tree order; null for types without one.
  std::strong_ordering (*compare)(Datum a, Datum b);
  uint64_t (*hash)(Datum value);
};

}  // namespace isolde::sql
