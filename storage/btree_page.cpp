#include "storage/btree_page.hpp"

#include <array>

namespace isolde::storage {

namespace {

/// The first eight bytes as a number that sorts as they do.
uint64_t leading_word(ByteSpan bytes) {
  if (bytes.size() >= 8) return __builtin_bswap64(load<uint64_t>(bytes.data()));
  uint64_t word = 0;
  for (size_t i = 0; i < bytes.size(); ++i) word |= static_cast<uint64_t>(bytes[i]) << (56 - 8 * i);
  return word;
}

}  // namespace

void put_special(PageChange& change, const BtreeSpecial& special) {
  std::array<std::byte, kBtreeSpecialSize> bytes;
  special.encode(bytes.data());
  change.write(kBtreeSpecialOffset, bytes);
}

/// Where keys grow evenly, as integers mostly do, a guess by proportion lands within a few slots of
/// the right one, and spares the cache misses of the binary search's first steps. A guess is
/// two comparisons, so the worst that an uneven page costs is four of them.
int BtreePageView::lower_bound(ByteSpan entry) const {
  constexpr int kNear = 8;
  int low = first_slot(), high = end_slot();
  const size_t skip = leaf() ? 0 : 4;
  auto key_at = [&](int slot) { return page_.item(slot).subspan(skip); };
  auto below = [&](int slot) { return compare_entries(key_at(slot), entry) < 0; };
  for (int guesses = 0; guesses < 2 && high - low > 2 * kNear; ++guesses) {
    const uint64_t wanted = leading_word(entry);
    // The first child of a level has no separator: the even part begins with the second one.
    // And the high key, which beyond() has looked at, is as good as the last one.
    const bool by_high_key = guesses == 0 && !rightmost();
    const uint64_t first = leading_word(key_at(low + 1));
    const uint64_t last = leading_word(by_high_key ? high_key() : key_at(high - 1));
    if (wanted <= first || wanted >= last) break;
    const double part = static_cast<double>(wanted - first) / static_cast<double>(last - first);
    const int guess = low + 1 + static_cast<int>(part * (high - low - 2));
    if (below(guess)) {
      low = guess + 1;
      const int above = std::min(guess + kNear, high - 1);
      if (below(above)) {
        low = above + 1;
      } else {
        high = above;
      }
    } else {
      high = guess;
      const int under = std::max(guess - kNear, low);
      if (below(under)) {
        low = under + 1;
      } else {
        high = under;
      }
    }
  }
  while (low < high) {
    const int middle = (low + high) / 2;
    if (below(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

int BtreePageView::child_slot_for(ByteSpan entry) const {
  const int at = lower_bound(entry);
  if (at < end_slot() && compare_entries(key(at), entry) == 0) return at;
  return std::max(at - 1, first_slot());
}

ByteSpan separator_between(ByteSpan left, ByteSpan right) {
  size_t same = 0;
  while (same < left.size() && same < right.size() && left[same] == right[same]) ++same;
  return right.first(std::min(same + 1, right.size()));
}

}  // namespace isolde::storage
