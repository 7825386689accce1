#pragma once

#include <span>
#include <string>
#include <vector>

#include "sql/types/type.hpp"

namespace isolde::sql {

/// Rows as compact bytes, to be kept or written to a file: a bit a column for NULL, then the values
/// one after the other, strings behind their lengths.
class RowPacker {
 public:
  explicit RowPacker(std::span<const Type* const> types);

  size_t columns() const { return forms_.size(); }
  size_t size(const Datum* row) const;
  /// Writes size() bytes; returns their end.
  char* pack(const Datum* row, char* out) const;
  /// Strings are views into `in`. Returns the end of the row.
  const char* unpack(const char* in, Datum* row) const;

 private:
  enum class Form : uint8_t { kBool, kInt4, kEight, kBytes };
  std::vector<Form> forms_;
  size_t bitmap_;
  bool fixed_ = true;  ///< no strings
  size_t fixed_size_ = 0;
};

}  // namespace isolde::sql
