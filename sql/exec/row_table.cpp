#include "sql/exec/row_table.hpp"

#include <algorithm>

#include "sql/exec/row_copy.hpp"

namespace isolde::sql {

RowTable::RowTable(std::span<const Type* const> key_types, size_t width, MemoryBudget* budget)
    : types_(key_types.begin(), key_types.end()),
      width_(std::max<size_t>(width, 1)),
      budget_(budget),
      arena_(budget),
      slots_(64, Slot{0, nullptr}) {}

void RowTable::clear() {
  arena_.reset();
  entries_.clear();
  slots_.assign(64, Slot{0, nullptr});
}

uint64_t RowTable::hash(const Datum* key) const {
  uint64_t h = 0x9E3779B97F4A7C15ULL;
  for (size_t i = 0; i < types_.size(); ++i) {
    uint64_t one = key[i].is_null() ? 0x5851F42D4C957F2DULL : types_[i]->hash(key[i]);
    h = (h ^ one) * 0xD6E8FEB86659FD93ULL;
    h ^= h >> 32;
  }
  return h;
}

bool RowTable::equal(const Datum* a, const Datum* b) const {
  for (size_t i = 0; i < types_.size(); ++i) {
    if (a[i].is_null() || b[i].is_null()) {
      if (a[i].is_null() != b[i].is_null()) return false;
    } else if (types_[i]->compare(a[i], b[i]) != 0) {
      return false;
    }
  }
  return true;
}

RowTable::Slot* RowTable::probe(const Datum* key, uint64_t hash) const {
  size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.entry == nullptr || (slot.hash == hash && equal(slot.entry, key))) return &slot;
  }
}

void RowTable::grow() {
  std::vector<Slot> old(slots_.size() * 2, Slot{0, nullptr});
  old.swap(slots_);
  size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.entry == nullptr) continue;
    size_t at = slot.hash & mask;
    while (slots_[at].entry != nullptr) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

Datum* RowTable::find(const Datum* key) const {
  return probe(key, hash(key))->entry;
}

Datum* RowTable::find_or_add(const Datum* key, bool& added) {
  uint64_t h = hash(key);
  Slot* slot = probe(key, h);
  added = slot->entry == nullptr;
  if (!added) return slot->entry;
  if ((entries_.size() + 1) * 2 > slots_.size()) {
    grow();
    slot = probe(key, h);
  }
  auto* entry = arena_.allocate_array<Datum>(width_);
  for (size_t i = 0; i < types_.size(); ++i) entry[i] = copy_datum(key[i], *types_[i], arena_);
  *slot = {h, entry};
  entries_.push_back(entry);
  return entry;
}

}  // namespace isolde::sql
