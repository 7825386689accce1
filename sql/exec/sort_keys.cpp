#include "sql/exec/sort_keys.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "sql/exec/radix_sort.hpp"
#include "sql/exec/row_order.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

bool is_number(const Type& type) {
  for (base::Oid oid :
       {types::kInt2, types::kInt4, types::kInt8, types::kDate, types::kTime, types::kTimestamp,
        types::kTimestamptz, types::kOid, types::kFloat4, types::kFloat8}) {
    if (type.oid == oid) return true;
  }
  return false;
}

/// A number whose order as an unsigned one is the value's.
uint64_t ordered(Datum value, bool is_float) {
  constexpr uint64_t kSign = uint64_t{1} << 63;
  if (!is_float) return static_cast<uint64_t>(value.as_int()) ^ kSign;
  const double number = value.as_float();
  if (number != number) return UINT64_MAX;  // NaN comes last
  const auto bits = std::bit_cast<uint64_t>(number == 0 ? 0.0 : number);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

/// The first eight bytes as a number; what is shorter is filled up with zeros.
uint64_t first_bytes(const storage::Bytes& bytes) {
  unsigned char first[8] = {};
  std::memcpy(first, bytes.data(), std::min<size_t>(bytes.size(), 8));
  uint64_t number;
  std::memcpy(&number, first, 8);
  return __builtin_bswap64(number);
}

}  // namespace

SortKeys::SortKeys(const std::vector<Plan::OrderItem>& order, std::span<const Type* const> types)
    : order_(order), packer_(types), left_(types.size()), right_(types.size()) {
  const bool number = order.size() == 1 && is_number(*order[0].type);
  if (number) {
    kind_ = Kind::kNumber;
    float_ = order[0].type->storage == Storage::kFloat;
    return;
  }
  std::vector<KeyColumn> columns;
  for (const Plan::OrderItem& item : order) {
    columns.emplace_back(*item.type, item.descending, item.nulls_first);
    if (columns.back().form == KeyForm::kNone) kind_ = Kind::kValues;
  }
  codec_ = KeyCodec(std::move(columns));
}

void SortKeys::read(const Datum* row) {
  row_ = row;
  switch (kind_) {
    case Kind::kNumber: {
      const Datum value = row[order_[0].column];
      null_rank_ = !value.is_null() ? 1 : order_[0].nulls_first ? 0 : 2;
      key_ = value.is_null() ? 0 : ordered(value, float_);
      if (order_[0].descending) key_ = ~key_;
      return;
    }
    case Kind::kBytes:
      bytes_.clear();
      for (size_t i = 0; i < order_.size(); ++i) codec_.append(bytes_, i, row[order_[i].column]);
      key_ = first_bytes(bytes_);
      return;
    case Kind::kValues:
      key_ = 0;
      return;
  }
}

SortEntry SortKeys::store(ChunkStore& memory, uint32_t number) {
  const size_t key_size = kind_ == Kind::kBytes ? bytes_.size() : 0;
  const size_t room = sizeof(SortHead) + key_size + packer_.size(row_);
  char* const record = memory.allocate(room);
  char* out = record + sizeof(SortHead);
  if (key_size > 0) std::memcpy(out, bytes_.data(), key_size);
  out = packer_.pack(row_, out + key_size);
  memory.shrink(room - static_cast<size_t>(out - record));
  const SortHead head{number, kind_ == Kind::kNumber ? null_rank_ : static_cast<uint32_t>(key_size),
                      static_cast<uint32_t>(out - record)};
  std::memcpy(record, &head, sizeof head);
  return {key_, record};
}

SortEntry SortKeys::probe() {
  const size_t key_size = kind_ == Kind::kBytes ? bytes_.size() : 0;
  const bool with_row = kind_ == Kind::kValues;
  probe_.resize(sizeof(SortHead) + key_size + (with_row ? packer_.size(row_) : 0));
  const SortHead head{UINT32_MAX,
                      kind_ == Kind::kNumber ? null_rank_ : static_cast<uint32_t>(key_size), 0};
  std::memcpy(probe_.data(), &head, sizeof head);
  if (key_size > 0) std::memcpy(probe_.data() + sizeof head, bytes_.data(), key_size);
  if (with_row) packer_.pack(row_, probe_.data() + sizeof head);
  return {key_, probe_.data()};
}

SortHead SortKeys::head_of(const SortEntry& item) {
  SortHead head;
  std::memcpy(&head, item.record, sizeof head);
  return head;
}

const char* SortKeys::row_of(const SortEntry& item) const {
  const size_t key_size = kind_ == Kind::kBytes ? head_of(item).key_size : 0;
  return item.record + sizeof(SortHead) + key_size;
}

std::string_view SortKeys::record_part(const SortEntry& item) {
  return {item.record, head_of(item).size};
}

SortEntry SortKeys::item_of(std::string_view stored) {
  SortEntry item;
  std::memcpy(&item.key, stored.data(), sizeof item.key);
  item.record = stored.data() + sizeof item.key;
  return item;
}

int SortKeys::compare(const SortEntry& a, const SortEntry& b) const {
  if (kind_ == Kind::kNumber) {
    const uint32_t x = head_of(a).key_size;
    const uint32_t y = head_of(b).key_size;
    if (x != y) return x < y ? -1 : 1;
  }
  if (a.key != b.key) return a.key < b.key ? -1 : 1;
  int verdict = 0;
  if (kind_ == Kind::kBytes) verdict = compare_bytes(a, b);
  if (kind_ == Kind::kValues) verdict = compare_values(a, b);
  if (verdict != 0) return verdict;
  const uint32_t x = head_of(a).number;
  const uint32_t y = head_of(b).number;
  return x == y ? 0 : x < y ? -1 : 1;
}

int SortKeys::compare_bytes(const SortEntry& a, const SortEntry& b) const {
  constexpr uint32_t kInKey = 8;
  const uint32_t x = head_of(a).key_size;
  const uint32_t y = head_of(b).key_size;
  const uint32_t both = std::min(x, y);
  if (both > kInKey) {
    const char* left = a.record + sizeof(SortHead) + kInKey;
    const char* right = b.record + sizeof(SortHead) + kInKey;
    if (int order = std::memcmp(left, right, both - kInKey); order != 0) return order;
  }
  return x == y ? 0 : x < y ? -1 : 1;
}

int SortKeys::compare_values(const SortEntry& a, const SortEntry& b) const {
  packer_.unpack(row_of(a), left_.data());
  packer_.unpack(row_of(b), right_.data());
  return compare_rows(left_.data(), right_.data(), order_);
}

void SortKeys::sort(std::vector<SortEntry>& items) {
  if (kind_ == Kind::kNumber) {
    sort_numbers(items);
  } else {
    std::sort(items.begin(), items.end(),
              [this](const SortEntry& a, const SortEntry& b) { return compare(a, b) < 0; });
  }
}

void SortKeys::sort_numbers(std::vector<SortEntry>& items) {
  constexpr size_t kWorthIt = 256;
  auto rank = [](const SortEntry& item) { return head_of(item).key_size; };
  auto before = [&](const SortEntry& item) { return rank(item) == 0; };
  auto not_after = [&](const SortEntry& item) { return rank(item) < 2; };
  const bool any_null = std::any_of(items.begin(), items.end(),
                                    [&](const SortEntry& item) { return rank(item) != 1; });
  const bool small = items.size() < kWorthIt;
  if (any_null || small) {
    auto first =
        any_null ? std::stable_partition(items.begin(), items.end(), before) : items.begin();
    auto last = any_null ? std::stable_partition(first, items.end(), not_after) : items.end();
    std::stable_sort(first, last,
                     [](const SortEntry& a, const SortEntry& b) { return a.key < b.key; });
    return;
  }
  radix_sort(
      items, spare_, [](const SortEntry& item) { return item.key; }, [] {});
}

}  // namespace isolde::sql
