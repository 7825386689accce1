#pragma once

#include <cstdint>
#include <vector>

#include "sql/types/type.hpp"

namespace isolde::sql {

/// How the values of a column lie in a row.
enum class ValueForm : uint8_t {
  kBool,
  kInt1,  ///< "char": unsigned
  kInt2,
  kInt4,
  kUint4,  ///< oid and its kin
  kInt8,
  kFloat4,
  kFloat8,
  kFixedBytes,  ///< uuid, interval, ...: `width` bytes
  kVarying,     ///< a length head, then the bytes
};

/// A column as rows have it.
struct RowColumn {
  const Type* type = nullptr;
  ValueForm form = ValueForm::kVarying;
  uint8_t width = 0;  ///< of fixed forms
  bool dropped = false;
  Datum missing;  ///< of rows that are older than the column

  bool fixed() const { return form != ValueForm::kVarying; }
};

RowColumn row_column(const Type& type);

/// The columns of a table in the order of attnum, dropped ones included.
using RowShape = std::vector<RowColumn>;

}  // namespace isolde::sql
