// ORDER BY.
//
// Rows are copied, and sorted as small items that start with the first key as a number whose order
// is the key's (its abbreviation): an integer or float as a whole, a string by its first eight
// bytes. Only where those are equal are the rows looked at. Equal rows keep their order.
//
// With a LIMIT, only the rows that can still be among the first are kept: a heap with the last of
// them on top.

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "sql/exec/operators.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/exec/row_order.hpp"
#include "sql/expr/evaluator.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

/// How the first key becomes a number.
enum class Abbreviation : uint8_t { kNone, kInteger, kFloat, kPrefix };

Abbreviation abbreviation_of(const Type& type) {
  for (base::Oid oid : {types::kInt2, types::kInt4, types::kInt8, types::kDate, types::kTime,
                        types::kTimestamp, types::kTimestamptz, types::kOid}) {
    if (type.oid == oid) return Abbreviation::kInteger;
  }
  if (type.oid == types::kFloat4 || type.oid == types::kFloat8) return Abbreviation::kFloat;
  for (base::Oid oid : {types::kText, types::kVarchar, types::kBytea, types::kName}) {
    if (type.oid == oid) return Abbreviation::kPrefix;
  }
  return Abbreviation::kNone;
}

uint64_t abbreviated(Datum value, Abbreviation kind) {
  constexpr uint64_t kSign = uint64_t{1} << 63;
  switch (kind) {
    case Abbreviation::kNone:
      return 0;
    case Abbreviation::kInteger:
      return static_cast<uint64_t>(value.as_int()) ^ kSign;
    case Abbreviation::kFloat: {
      double number = value.as_float();
      if (number != number) return UINT64_MAX;  // NaN comes last
      auto bits = std::bit_cast<uint64_t>(number == 0 ? 0.0 : number);
      return (bits & kSign) != 0 ? ~bits : bits | kSign;
    }
    case Abbreviation::kPrefix: {
      std::string_view bytes = value.as_bytes();
      unsigned char first[8] = {};
      std::memcpy(first, bytes.data(), std::min<size_t>(bytes.size(), 8));
      uint64_t number;
      std::memcpy(&number, first, 8);
      return __builtin_bswap64(number);
    }
  }
  return 0;
}

struct Item {
  uint64_t key;
  const Datum* row;
  uint32_t number;
  uint8_t null_rank;  ///< NULLs before or behind all others
};

class Sort final : public RowSource {
 public:
  Sort(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        exec_(exec),
        child_(make_row_source(*plan.children[0], exec)),
        arenas_{Arena(exec.budget), Arena(exec.budget)},
        kind_(abbreviation_of(*plan.order[0].type)),
        exact_(kind_ == Abbreviation::kInteger || kind_ == Abbreviation::kFloat) {}

  void open() override {
    child_->open();
    for (Arena& arena : arenas_) arena.reset();
    items_.clear();
    at_ = 0;
    sorted_ = false;
  }

  const Datum* next() override {
    if (!sorted_) read_and_sort();
    return at_ == items_.size() ? nullptr : items_[at_++].row;
  }

 private:
  void read_and_sort() {
    std::optional<size_t> bound = plan_.has_limit ? wanted() : std::nullopt;
    uint32_t number = 0;
    while (const Datum* row = child_->next()) {
      exec_.poll();
      Item item = item_of(row, number++);
      if (bound) {
        add_bounded(item, *bound);
      } else {
        item.row = copy_row(row, plan_.types, arenas_[0]);
        items_.push_back(item);
      }
    }
    auto before = [this](const Item& a, const Item& b) { return goes_before(a, b); };
    if (bound) {
      std::sort_heap(items_.begin(), items_.end(), before);
    } else {
      std::sort(items_.begin(), items_.end(), before);
    }
    sorted_ = true;
  }

  /// How many of the first rows are asked for, when that is known and not too many for a heap.
  std::optional<size_t> wanted() {
    constexpr int64_t kMost = 100'000;
    Arena arena(exec_.budget);
    Datum limit = Evaluator(plan_.limit, exec_, arena).run(nullptr)[0];
    if (limit.is_null() || limit.as_int() < 0 || limit.as_int() > kMost) return std::nullopt;
    int64_t offset = 0;
    if (plan_.has_offset) {
      Datum value = Evaluator(plan_.offset, exec_, arena).run(nullptr)[0];
      if (!value.is_null()) offset = value.as_int();
      if (offset < 0 || offset > kMost) return std::nullopt;
    }
    return static_cast<size_t>(limit.as_int() + offset);
  }

  Item item_of(const Datum* row, uint32_t number) const {
    const Plan::OrderItem& first = plan_.order[0];
    Datum value = row[first.column];
    bool null = value.is_null();
    uint64_t key = null ? 0 : abbreviated(value, kind_);
    if (first.descending) key = ~key;
    auto rank = static_cast<uint8_t>(null ? (first.nulls_first ? 0 : 2) : 1);
    return {null ? 0 : key, row, number, rank};
  }

  bool goes_before(const Item& a, const Item& b) const {
    if (a.null_rank != b.null_rank) return a.null_rank < b.null_rank;
    if (a.key != b.key) return a.key < b.key;
    std::span<const Plan::OrderItem> order = plan_.order;
    if (exact_) order = order.subspan(1);
    int verdict = order.empty() ? 0 : compare_rows(a.row, b.row, order);
    return verdict != 0 ? verdict < 0 : a.number < b.number;
  }

  void add_bounded(Item item, size_t bound) {
    auto before = [this](const Item& a, const Item& b) { return goes_before(a, b); };
    if (bound == 0) return;
    if (items_.size() == bound) {
      if (!goes_before(item, items_.front())) return;
      std::pop_heap(items_.begin(), items_.end(), before);
      items_.pop_back();
      if (++dropped_ > bound + 1000) forget_dropped();
    }
    item.row = copy_row(item.row, plan_.types, arenas_[live_]);
    items_.push_back(item);
    std::push_heap(items_.begin(), items_.end(), before);
  }

  /// Moves the rows that are kept, as those that were dropped still take room.
  void forget_dropped() {
    Arena& to = arenas_[1 - live_];
    for (Item& item : items_) item.row = copy_row(item.row, plan_.types, to);
    arenas_[live_].reset();
    live_ = 1 - live_;
    dropped_ = 0;
  }

  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr child_;
  Arena arenas_[2];
  size_t live_ = 0;
  size_t dropped_ = 0;
  Abbreviation kind_;
  bool exact_;  ///< equal abbreviations are equal keys
  std::vector<Item> items_;
  size_t at_ = 0;
  bool sorted_ = false;
};

}  // namespace

RowSourcePtr make_sort(const Plan& plan, ExecContext& exec) {
  return std::make_unique<Sort>(plan, exec);
}

}  // namespace isolde::sql
