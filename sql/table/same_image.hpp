#pragma once

#include <bit>

#include "sql/types/type.hpp"

namespace isolde::sql {

/// Whether two values are the same to the bit, as a row or a key holds them.
inline bool same_image(const Type& type, Datum a, Datum b) {
  if (a.is_null() || b.is_null()) return a.is_null() == b.is_null();
  switch (type.storage) {
    case Storage::kBool:
    case Storage::kInteger:
      return a.as_int() == b.as_int();
    case Storage::kFloat:
      return std::bit_cast<uint64_t>(a.as_float()) == std::bit_cast<uint64_t>(b.as_float());
    case Storage::kBytes:
      return a.as_bytes() == b.as_bytes();
  }
  return false;
}

}  // namespace isolde::sql
