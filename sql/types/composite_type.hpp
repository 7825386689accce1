#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/types/arena.hpp"
#include "sql/types/type.hpp"

// Composite values: of named types, which a catalog makes, and of "record", the type of ROW(...).
//
// Layout of a value, in this machine's byte order:
//
//   uint64 shape           of a "record": the address of its CompositeType, else 0
//   uint32 fields
//   per field: uint32 end  from the first byte after the ends; the highest bit says NULL
//   the fields' values: 8 bytes where Datum holds the value itself, else its bytes
//
// A record carries its shape because its type does not tell it. Shapes live as long as the
// statement that makes them, and a record lives no longer: it is never stored.

namespace isolde::sql {

struct CompositeField {
  std::string name;
  const Type* type = nullptr;
  int32_t typmod = -1;
  bool dropped = false;  ///< a column that was dropped: always NULL, not shown
};

/// A row type. Values that were made when it had fewer fields read as NULL in the others.
struct CompositeType : Type {
  CompositeType() = default;
  CompositeType(const CompositeType&) = delete;
  CompositeType& operator=(const CompositeType&) = delete;

  /// A named one: kind 'c', category 'C'.
  CompositeType(base::Oid type_oid, base::Oid array_oid, std::string type_name,
                std::string shown_name, std::vector<CompositeField> columns);
  /// The shape of a record: oid 2249.
  explicit CompositeType(std::vector<CompositeField> columns);

  std::vector<CompositeField> fields;

  /// The place of a field by name, or -1.
  int find(std::string_view field) const;

 private:
  std::string own_name_;
  std::string own_sql_name_;
};

/// Whether values of a type are in the form above.
inline bool is_row_type(const Type& type) {
  return type.kind == TypeKind::kComposite || type.oid == base::Oid(2249);
}

/// Reads a composite value in place.
class RecordView {
 public:
  /// Of any row type; a record tells its shape itself.
  RecordView(const Type& type, Datum value);

  const CompositeType& shape() const { return *shape_; }
  size_t size() const { return shape_->fields.size(); }
  Datum operator[](size_t i) const;

 private:
  const CompositeType* shape_;
  const char* bytes_;
  uint32_t count_;
};

/// A value of `type`, or a record of that shape.
Datum make_record(const CompositeType& type, std::span<const Datum> fields, Arena& arena);
/// The same fields as a "record" of the value's shape.
Datum to_record(const CompositeType& type, Datum value, Arena& arena);

extern const TypeFunctions kRecordFunctions;

}  // namespace isolde::sql
