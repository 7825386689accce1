#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sql/types/arena.hpp"
#include "sql/types/type.hpp"

namespace isolde::sql {

/// A hash table of rows: the first `keys` datums of each are its key (NULLs equal NULLs), the rest
/// is the owner's. Open addressing; entries stay in order of arrival.
class RowTable {
 public:
  RowTable(std::span<const Type* const> key_types, size_t width, MemoryBudget* budget);

  /// The entry of a key, made when new; `extra` datums behind the key are then NULL.
  Datum* find_or_add(const Datum* key, bool& added);
  /// The entry, or nullptr.
  Datum* find(const Datum* key) const;
  const std::vector<Datum*>& entries() const { return entries_; }
  Arena& arena() { return arena_; }
  void clear();

 private:
  struct Slot {
    uint64_t hash;
    Datum* entry;
  };
  uint64_t hash(const Datum* key) const;
  bool equal(const Datum* a, const Datum* b) const;
  Slot* probe(const Datum* key, uint64_t hash) const;
  void grow();

  std::vector<const Type*> types_;
  size_t width_;
  MemoryBudget* budget_;
  Arena arena_;
  mutable std::vector<Slot> slots_;
  std::vector<Datum*> entries_;
};

}  // namespace isolde::sql
