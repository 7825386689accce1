#include "sql/exec/row_table.hpp"

#include <algorithm>

#include "sql/exec/row_copy.hpp"

namespace isolde::sql {

RowTable::RowTable(std::span<const Type* const> key_types, size_t width, MemoryBudget* budget)
    : width_(std::max<size_t>(width, 1)),
      budget_(budget),
      arena_(budget),
      slots_(64, Slot{0, nullptr}) {
  for (const Type* type : key_types) keys_.push_back({type, type->storage == Storage::kInteger});
}

void RowTable::clear() {
  arena_.reset();
  spare_ = arena_.footprint();
  entries_.clear();
  slots_.assign(64, Slot{0, nullptr});
}

uint64_t RowTable::hash(const Datum* key) const {
  uint64_t h = 0x9E3779B97F4A7C15ULL;
  for (size_t i = 0; i < keys_.size(); ++i) {
    uint64_t one = key[i].is_null()   ? 0x5851F42D4C957F2DULL
                   : keys_[i].integer ? static_cast<uint64_t>(key[i].as_int())
                                      : keys_[i].type->hash(key[i]);
    h = (h ^ one) * 0xD6E8FEB86659FD93ULL;
    h ^= h >> 32;
  }
  last_hash_ = h;
  return h;
}

bool RowTable::equal(const Datum* a, const Datum* b) const {
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (a[i].is_null() || b[i].is_null()) {
      if (a[i].is_null() != b[i].is_null()) return false;
      continue;
    }
    const bool same =
        keys_[i].integer ? a[i].as_int() == b[i].as_int() : keys_[i].type->compare(a[i], b[i]) == 0;
    if (!same) return false;
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

Datum* RowTable::find_or_add(const Datum* key, bool& added, bool may_add) {
  uint64_t h = hash(key);
  Slot* slot = probe(key, h);
  added = slot->entry == nullptr;
  if (!added) return slot->entry;
  if (!may_add) {
    added = false;
    return nullptr;
  }
  if ((entries_.size() + 1) * 2 > slots_.size()) {
    grow();
    slot = probe(key, h);
  }
  auto* entry = arena_.allocate_array<Datum>(width_);
  for (size_t i = 0; i < keys_.size(); ++i) entry[i] = copy_datum(key[i], *keys_[i].type, arena_);
  *slot = {h, entry};
  entries_.push_back(entry);
  return entry;
}

}  // namespace isolde::sql
