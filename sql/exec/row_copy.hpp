#pragma once

#include <cstring>
#include <span>

#include "sql/types/arena.hpp"
#include "sql/types/type.hpp"

namespace isolde::sql {

inline Datum copy_datum(Datum value, const Type& type, Arena& arena) {
  if (value.is_null() || type.storage != Storage::kBytes) return value;
  return arena.bytes(value.as_bytes());
}

/// A row that lives as long as the arena.
inline Datum* copy_row(const Datum* row, std::span<const Type* const> types, Arena& arena) {
  auto* copy = reinterpret_cast<Datum*>(arena.allocate(types.size() * sizeof(Datum)));
  for (size_t i = 0; i < types.size(); ++i) copy[i] = copy_datum(row[i], *types[i], arena);
  return copy;
}

}  // namespace isolde::sql
