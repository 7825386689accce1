#include "storage/btree_page.hpp"

namespace isolde::storage {

int BtreePageView::lower_bound(ByteSpan entry) const {
  int low = first_slot(), high = end_slot();
  const bool is_leaf = leaf();
  while (low < high) {
    const int middle = (low + high) / 2;
    ByteSpan item = page_.item(middle);
    if (compare_entries(is_leaf ? item : item.subspan(4), entry) < 0) {
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
