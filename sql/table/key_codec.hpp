#pragma once

#include <span>
#include <string>
#include <vector>

#include "sql/types/arena.hpp"
#include "sql/types/type.hpp"
#include "storage/bytes.hpp"

// Index keys as bytes that compare as the values do, so that the tree, its ranges and the engines'
// range locks need to know no types.
//
//   a column:  marker, then for other than NULL its bytes; all of these inverted when DESC
//   marker     0 NULL (NULLS FIRST), 1 a value, 2 NULL (NULLS LAST); never inverted
//
//   integers   big endian with the sign bit flipped; oid and its kin unsigned
//   floats     as float8: sign bit flipped, negative ones inverted; NaN greatest, -0 as 0
//   text       the bytes, 0 (which no text contains); character(n) without its padding
//   bytea      the bytes, with 0 as 0 255, then 0 0
//   numeric    class, weight, base 10000 digits plus one, 0; inverted when negative
//   arrays     per element 1 and its bytes or 2 for NULL, then 0, the dimensions and bounds
//
// A prefix of the columns is a prefix of the bytes, and no key is a proper prefix of another.

namespace isolde::sql {

using storage::Bytes;
using storage::ByteSpan;

enum class KeyForm : uint8_t {
  kNone,  ///< the type cannot be a key
  kBool,
  kInt2,
  kInt4,
  kInt8,
  kUint1,
  kUint4,
  kUint8,
  kFloat,
  kText,
  kPadded,  ///< character(n)
  kBytea,
  kUuid,
  kNumeric,
  kInterval,
  kTimetz,
  kTid,
  kEnum,
  kArray,
  kJsonb,
};

KeyForm key_form(const Type& type);

struct KeyColumn {
  const Type* type = nullptr;
  bool descending = false;
  bool nulls_first = false;
  KeyForm form = KeyForm::kNone;

  KeyColumn(const Type& t, bool desc, bool first)
      : type(&t), descending(desc), nulls_first(first), form(key_form(t)) {}
};

class KeyCodec {
 public:
  KeyCodec() = default;
  explicit KeyCodec(std::vector<KeyColumn> columns) : columns_(std::move(columns)) {}

  const std::vector<KeyColumn>& columns() const { return columns_; }

  /// Appends one column's value; columns are appended in order.
  void append(Bytes& key, size_t column, Datum value) const;
  /// The marker of a value, and of NULL: bounds of what is (not) NULL.
  void append_marker(Bytes& key, size_t column, bool null) const;
  /// What all texts that begin with `prefix` have in common.
  void append_prefix(Bytes& key, size_t column, std::string_view prefix) const;

  /// Whether the value can be had back from the key.
  bool decodable(size_t column) const;
  /// Reads the columns before `count`; values are views into the key or live in the arena. Columns
  /// that are not decodable are skipped.
  void decode(ByteSpan key, size_t count, Datum* values, Arena& arena) const;

 private:
  std::vector<KeyColumn> columns_;
};

/// 54000 when a key is wider than an index takes.
void check_key_size(ByteSpan key, std::string_view index, std::string_view table);

}  // namespace isolde::sql
