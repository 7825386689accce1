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

  /// The entry of a key, made when new; the datums behind the key are then NULL.
  Datum* find_or_add(const Datum* key, bool& added) { return find_or_add(key, added, true); }
  /// The same; nullptr when it is new and may not be made.
  Datum* find_or_add(const Datum* key, bool& added, bool may_add);
  /// Of the key that was looked for last.
  uint64_t last_hash() const { return last_hash_; }
  /// The entry, or nullptr.
  Datum* find(const Datum* key) const;
  const std::vector<Datum*>& entries() const { return entries_; }
  Arena& arena() { return arena_; }
  /// Bytes taken since it was empty, about.
  size_t memory() const {
    return arena_.footprint() - spare_ + slots_.size() * sizeof(Slot) +
           entries_.size() * sizeof(Datum*);
  }
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

  struct Key {
    const Type* type;
    bool integer;
  };
  std::vector<Key> keys_;
  size_t width_;
  MemoryBudget* budget_;
  Arena arena_;
  size_t spare_ = 0;  ///< of the arena, from before it was cleared
  mutable std::vector<Slot> slots_;
  std::vector<Datum*> entries_;
  mutable uint64_t last_hash_ = 0;
};

}  // namespace isolde::sql
