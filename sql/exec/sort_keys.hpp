#pragma once

#include <vector>

#include "sql/exec/chunk_store.hpp"
#include "sql/exec/row_packer.hpp"
#include "sql/plan/plan.hpp"
#include "sql/table/key_codec.hpp"

// Rows as they are sorted: a small item that says most, and a record with the rest.
//
//   item     | key: the first key, or its first bytes, as a number | record |
//   record   | head: number of arrival, NULL or length of the key, size | key bytes | packed row |
//
// One key that is a number is the item's key as a whole (kNumber); other keys are written as bytes
// that compare as they do (KeyCodec), the first eight of them in the item (kBytes). Types that have
// no such form are compared as values (kValues). Equal rows keep their order, by their numbers.

namespace isolde::sql {

struct SortEntry {
  uint64_t key;
  const char* record;
};

struct SortHead {
  uint32_t number;    ///< equal rows come in this order
  uint32_t key_size;  ///< of the bytes; with kNumber, where NULL stands: 0 before, 1 not NULL, 2
  uint32_t size;      ///< of the record
};

class SortKeys {
 public:
  SortKeys(const std::vector<Plan::OrderItem>& order, std::span<const Type* const> types);

  /// Looks at a row: item() and store() are about it from now on.
  void read(const Datum* row);
  /// The item of the row without a record, to be compared before it is worth keeping.
  SortEntry probe();
  /// Keeps the row.
  SortEntry store(ChunkStore& memory, uint32_t number);
  /// Below 0 when `a` comes first.
  int compare(const SortEntry& a, const SortEntry& b) const;
  /// Sorts items whose records are in order of arrival.
  void sort(std::vector<SortEntry>& items);

  /// An item as bytes of a file, and back.
  static std::string_view key_part(const SortEntry& item) {
    return {reinterpret_cast<const char*>(&item.key), sizeof item.key};
  }
  static std::string_view record_part(const SortEntry& item);
  static uint32_t number_of(const SortEntry& item) { return head_of(item).number; }
  static SortEntry item_of(std::string_view stored);

  const char* unpack(const SortEntry& item, Datum* row) const {
    return packer_.unpack(row_of(item), row);
  }

 private:
  enum class Kind : uint8_t { kNumber, kBytes, kValues };

  static SortHead head_of(const SortEntry& item);
  const char* row_of(const SortEntry& item) const;
  int compare_bytes(const SortEntry& a, const SortEntry& b) const;
  int compare_values(const SortEntry& a, const SortEntry& b) const;
  void sort_numbers(std::vector<SortEntry>& items);

  const std::vector<Plan::OrderItem>& order_;
  RowPacker packer_;
  Kind kind_ = Kind::kBytes;
  bool float_ = false;
  KeyCodec codec_;
  // Of the row that was read.
  const Datum* row_ = nullptr;
  uint64_t key_ = 0;
  uint32_t null_rank_ = 1;
  storage::Bytes bytes_;
  std::vector<char> probe_;
  std::vector<SortEntry> spare_;
  mutable std::vector<Datum> left_, right_;
};

}  // namespace isolde::sql
