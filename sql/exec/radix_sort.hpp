#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace isolde::sql {

/// Sorts items by a number, byte by byte from the last one on, each time keeping the order so far:
/// equal items keep theirs. Bytes that are the same in all numbers, most of them in general, need
/// no round. `between` is called between rounds.
template <typename Item, typename Key, typename Between>
void radix_sort(std::vector<Item>& items, std::vector<Item>& spare, Key key, Between between) {
  if (items.empty()) return;
  std::array<std::array<uint32_t, 256>, 8> counts{};
  for (const Item& item : items) {
    const uint64_t number = key(item);
    for (size_t byte = 0; byte < 8; ++byte) ++counts[byte][number >> (8 * byte) & 0xff];
  }
  spare.resize(items.size());
  for (size_t byte = 0; byte < 8; ++byte) {
    auto& count = counts[byte];
    if (count[key(items[0]) >> (8 * byte) & 0xff] == items.size()) continue;
    between();
    uint32_t place = 0;
    for (uint32_t& n : count) place += std::exchange(n, place);
    for (const Item& item : items) spare[count[key(item) >> (8 * byte) & 0xff]++] = item;
    items.swap(spare);
  }
}

}  // namespace isolde::sql
