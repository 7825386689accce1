#pragma once

#include <cstring>

#include "txn/table.hpp"

// Comparing index keys with the bounds of a range; a bound may be a prefix of keys.

namespace isolde::txn {

/// <0, 0, >0: the key's first bytes, as many as the bound has, against the bound.
inline int compare_prefix(ByteSpan key, ByteSpan bound) {
  const size_t n = std::min(key.size(), bound.size());
  const int order = n == 0 ? 0 : std::memcmp(key.data(), bound.data(), n);
  if (order != 0) return order;
  return key.size() < bound.size() ? -1 : 0;
}

inline bool above_lower(const KeyRange& range, ByteSpan key) {
  if (!range.has_lower) return true;
  const int order = compare_prefix(key, range.lower);
  return order > 0 || (order == 0 && range.lower_inclusive);
}
inline bool below_upper(const KeyRange& range, ByteSpan key) {
  if (!range.has_upper) return true;
  const int order = compare_prefix(key, range.upper);
  return order < 0 || (order == 0 && range.upper_inclusive);
}
inline bool in_range(const KeyRange& range, ByteSpan key) {
  return above_lower(range, key) && below_upper(range, key);
}

/// The least key above all that begin with these bytes; empty when there is none.
inline Bytes after_prefix(ByteSpan prefix) {
  Bytes next(prefix.begin(), prefix.end());
  while (!next.empty() && next.back() == std::byte{0xff}) next.pop_back();
  if (!next.empty()) next.back() = static_cast<std::byte>(std::to_integer<int>(next.back()) + 1);
  return next;
}

/// Where a walk through the range begins.
inline base::Status seek_start(storage::BtreeCursor& cursor, const KeyRange& range, bool backward) {
  if (!backward) {
    if (!range.has_lower) return cursor.seek_first();
    if (range.lower_inclusive) return cursor.seek(range.lower);
    const Bytes after = after_prefix(range.lower);
    return after.empty() ? cursor.seek_last() : cursor.seek(after);
  }
  if (!range.has_upper) return cursor.seek_last();
  if (!range.upper_inclusive) return cursor.seek_before(range.upper);
  const Bytes after = after_prefix(range.upper);
  return after.empty() ? cursor.seek_last() : cursor.seek_before(after);
}

}  // namespace isolde::txn
