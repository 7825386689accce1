#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/type.hpp"

// Arrays of any element type.
//
// Layout of a value, in this machine's byte order:
//
//   int32 dimensions (0 for the empty array, else 1 to 6)
//   uint32 element type
//   int32 elements
//   uint16 flags           1: some elements are NULL; 2: packed values are signed;
//                          4: they are floats
//   int16 width            bytes of a packed value, or -1
//   per dimension: int32 length, int32 lower bound
//   [null bitmap, a bit an element, padded to 4 bytes; only with flag 1]
//   width 1, 2, 4 or 8:    the values, packed
//   otherwise:  uint32 end offset an element, then the elements' bytes

namespace isolde::sql {

struct ArrayDimension {
  int32_t length;
  int32_t lower_bound = 1;
  bool operator==(const ArrayDimension&) const = default;
};

inline constexpr int kMaxArrayDimensions = 6;
inline constexpr int32_t kMaxArrayElements = 134217727;

/// The type of an array type's elements.
const Type& element_type_of(const Type& array);

/// Reads an array's value in place.
class ArrayView {
 public:
  explicit ArrayView(Datum value) : ArrayView(value.as_bytes()) {}
  explicit ArrayView(std::string_view bytes);

  int dimensions() const { return dimensions_; }
  ArrayDimension dimension(int i) const;
  base::Oid element_type() const { return element_; }
  /// Elements in all dimensions together.
  int32_t size() const { return size_; }
  bool has_nulls() const { return nulls_ != nullptr; }
  /// In storage order (the last subscript varies fastest), from 0.
  Datum operator[](int32_t i) const;
  /// The element at subscripts, or NULL outside of the bounds or with the wrong number of them.
  Datum at(std::span<const int32_t> subscripts) const;

 private:
  Datum fixed(int32_t i) const;

  int dimensions_;
  int32_t size_;
  base::Oid element_;
  const char* dims_;
  const char* nulls_;
  const char* data_;
  uint16_t flags_;
  int16_t width_;
};

/// Makes an array value. Elements are copied into the arena.
Datum make_array(const Type& element, std::span<const Datum> elements, Arena& arena);
Datum make_array(const Type& element, std::span<const Datum> elements,
                 std::span<const ArrayDimension> dimensions, Arena& arena);
Datum empty_array(const Type& element, Arena& arena);

}  // namespace isolde::sql
