#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "sql/types/datum.hpp"

namespace isolde::sql {

class Arena;         // sql/types/arena.hpp: bump allocator
struct OutputStyle;  // sql/types/output_style.hpp: DateStyle, IntervalStyle, time zone, ...
struct TypeFunctions;

/// Which member of a Datum a type uses.
enum class Storage : uint8_t { kBool, kInteger, kFloat, kBytes };

/// pg_type.typtype.
enum class TypeKind : char {
  kBase = 'b',
  kComposite = 'c',
  kDomain = 'd',
  kEnum = 'e',
  kPseudo = 'p'
};

/// One data type: what pg_type says of it, and the functions that make it work. The built-in ones
/// are rows of one table (sql/types/type_registry.hpp), which also fills pg_type. A catalog that
/// makes enums, domains or composites derives from this and is handed itself by every call.
struct Type {
  base::Oid oid{};
  std::string_view name;      ///< pg_type.typname: "int4"
  std::string_view sql_name;  ///< format_type: "integer"
  int16_t size = -1;          ///< pg_type.typlen: bytes, or -1 for variable
  char alignment = 'i';       ///< pg_type.typalign
  TypeKind kind = TypeKind::kBase;
  char category = 'U';     ///< pg_type.typcategory
  bool preferred = false;  ///< pg_type.typispreferred
  char delimiter = ',';    ///< between elements of an array's text form
  base::Oid array_type{};
  base::Oid element_type{};  ///< of arrays (and of what can be subscripted, as name), else 0
  Storage storage = Storage::kBytes;
  const TypeFunctions* functions = nullptr;
  const Type* element = nullptr;  ///< of arrays: the type of element_type

  /// Reads the text form; throws SqlException (22P02, 22003, ...). Results live in the arena.
  Datum from_text(std::string_view text, int32_t typmod, Arena& arena,
                  const OutputStyle& style) const;
  /// Appends the text form.
  void to_text(Datum value, std::string& out, const OutputStyle& style) const;
  Datum from_binary(std::string_view bytes, int32_t typmod, Arena& arena) const;
  void to_binary(Datum value, std::string& out) const;

  /// Whether the type has a default B-tree order, and so compare().
  bool is_ordered() const;
  std::strong_ordering compare(Datum a, Datum b) const;
  /// Whether the type can be hashed; equal values have equal hashes.
  bool is_hashable() const;
  uint64_t hash(Datum value) const;

  /// A true array: its values are in the form of sql/types/array.hpp.
  bool is_array() const {
    return element != nullptr || (size == -1 && element_type.value != 0 && category == 'A');
  }
};

/// The functions behind a type; `type` is the type itself, for those that serve many.
struct TypeFunctions {
  Datum (*from_text)(const Type& type, std::string_view text, int32_t typmod, Arena& arena,
                     const OutputStyle& style);
  void (*to_text)(const Type& type, Datum value, std::string& out, const OutputStyle& style);
  Datum (*from_binary)(const Type& type, std::string_view bytes, int32_t typmod, Arena& arena);
  void (*to_binary)(const Type& type, Datum value, std::string& out);
  std::strong_ordering (*compare)(const Type& type, Datum a, Datum b) = nullptr;
  uint64_t (*hash)(const Type& type, Datum value) = nullptr;
};

inline Datum Type::from_text(std::string_view text, int32_t typmod, Arena& arena,
                             const OutputStyle& style) const {
  return functions->from_text(*this, text, typmod, arena, style);
}
inline void Type::to_text(Datum value, std::string& out, const OutputStyle& style) const {
  functions->to_text(*this, value, out, style);
}
inline Datum Type::from_binary(std::string_view bytes, int32_t typmod, Arena& arena) const {
  return functions->from_binary(*this, bytes, typmod, arena);
}
inline void Type::to_binary(Datum value, std::string& out) const {
  functions->to_binary(*this, value, out);
}
inline bool Type::is_ordered() const {
  return functions->compare != nullptr;
}
inline std::strong_ordering Type::compare(Datum a, Datum b) const {
  return functions->compare(*this, a, b);
}
inline bool Type::is_hashable() const {
  return functions->hash != nullptr;
}
inline uint64_t Type::hash(Datum value) const {
  return functions->hash(*this, value);
}

}  // namespace isolde::sql
