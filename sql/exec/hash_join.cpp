// Hash join: the rows of the second child are kept in a table by their keys, those of the first
// look up their matches there.
//
//      first child (probe)        table of the second child (build)
//      key -> hash -> bucket  ->  entry -> entry -> ...      chain of rows with this hash
//
// An entry is the hash, the keys and the kept columns of its row. Rows with a NULL key match
// nothing; those of a side that an outer join keeps come out alone. For the kept build side,
// entries remember whether they were matched, and the rest follows at the end.

#include <algorithm>

#include "sql/exec/operators.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/expr/evaluator.hpp"

namespace isolde::sql {

namespace {

/// The keys of both sides: how they are hashed and compared.
class JoinKeys {
 public:
  explicit JoinKeys(const std::vector<Plan::OrderItem>& keys) {
    for (const Plan::OrderItem& key : keys) {
      keys_.push_back({key.type, key.type->storage == Storage::kInteger});
    }
  }
  size_t size() const { return keys_.size(); }
  const Type& type(size_t i) const { return *keys_[i].type; }

  bool any_null(const Datum* values) const {
    for (size_t i = 0; i < keys_.size(); ++i) {
      if (values[i].is_null()) return true;
    }
    return false;
  }
  uint64_t hash(const Datum* values) const {
    uint64_t h = 0x9E3779B97F4A7C15ULL;
    for (size_t i = 0; i < keys_.size(); ++i) {
      uint64_t one = keys_[i].integer ? static_cast<uint64_t>(values[i].as_int())
                                      : keys_[i].type->hash(values[i]);
      h = (h ^ one) * 0xD6E8FEB86659FD93ULL;
      h ^= h >> 32;
    }
    return h;
  }
  bool equal(const Datum* a, const Datum* b) const {
    for (size_t i = 0; i < keys_.size(); ++i) {
      bool same = keys_[i].integer ? a[i].as_int() == b[i].as_int()
                                   : keys_[i].type->compare(a[i], b[i]) == 0;
      if (!same) return false;
    }
    return true;
  }

 private:
  struct Key {
    const Type* type;
    bool integer;
  };
  std::vector<Key> keys_;
};

struct Entry {
  Entry* next;
  uint64_t hash;
  bool matched;
  // the keys, then the kept columns
  Datum* values() { return reinterpret_cast<Datum*>(this + 1); }
};

class JoinTable {
 public:
  JoinTable(const JoinKeys& keys, const Plan& plan, const Plan& build, MemoryBudget* budget)
      : keys_(keys), kept_(plan.right_kept), arena_(budget) {
    for (int column : kept_) types_.push_back(build.types[static_cast<size_t>(column)]);
  }

  void clear() {
    arena_.reset();
    entries_.clear();
    buckets_.clear();
  }

  /// Adds a row; one with a NULL key goes into no bucket.
  void add(const Datum* keys, const Datum* row) {
    size_t values = keys_.size() + kept_.size();
    char* memory = arena_.allocate(sizeof(Entry) + values * sizeof(Datum));
    auto* entry = new (memory) Entry{nullptr, 0, false};
    bool null = keys_.any_null(keys);
    Datum* out = entry->values();
    for (size_t i = 0; i < keys_.size(); ++i) {
      out[i] = null ? Datum::null() : copy_datum(keys[i], keys_.type(i), arena_);
    }
    for (size_t i = 0; i < kept_.size(); ++i) {
      out[keys_.size() + i] = copy_datum(row[kept_[i]], *types_[i], arena_);
    }
    if (!null) entry->hash = keys_.hash(keys);
    if (null) entry->hash = kNoBucket;
    entries_.push_back(entry);
  }

  void finish() {
    size_t count = 16;
    while (count < entries_.size()) count *= 2;
    buckets_.assign(count, nullptr);
    // From the end, so that chains keep the order of arrival.
    for (size_t i = entries_.size(); i > 0; --i) {
      Entry* entry = entries_[i - 1];
      if (entry->hash == kNoBucket && keys_.any_null(entry->values())) continue;
      Entry*& bucket = buckets_[entry->hash & (count - 1)];
      entry->next = bucket;
      bucket = entry;
    }
  }

  Entry* first(uint64_t hash) const { return buckets_[hash & (buckets_.size() - 1)]; }
  bool empty() const { return entries_.empty(); }
  const std::vector<Entry*>& entries() const { return entries_; }

 private:
  static constexpr uint64_t kNoBucket = 0;
  const JoinKeys& keys_;
  const std::vector<int>& kept_;
  std::vector<const Type*> types_;
  Arena arena_;
  std::vector<Entry*> entries_;
  std::vector<Entry*> buckets_;
};

class HashJoin final : public RowSource {
 public:
  HashJoin(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        exec_(exec),
        probe_(make_row_source(*plan.children[0], exec)),
        build_(make_row_source(*plan.children[1], exec)),
        arena_(exec.budget),
        probe_keys_(plan.programs[0], exec, arena_),
        build_keys_(plan.programs[1], exec, arena_),
        scratch_(exec.budget),
        condition_(plan.condition, exec, scratch_),
        keys_(plan.order),
        table_(keys_, plan, *plan.children[1], exec.budget),
        row_(std::max<size_t>(static_cast<size_t>(plan.width), 1)) {}

  void open() override {
    table_.clear();
    built_ = ended_ = false;
    chain_ = nullptr;
    has_probe_ = false;
    unmatched_at_ = 0;
  }

  const Datum* next() override {
    if (!built_) build();
    while (!ended_) {
      exec_.poll();
      if (!has_probe_ && !next_probe()) break;
      if (Entry* match = next_match()) {
        if (semi()) has_probe_ = false;
        if (anti()) {
          has_probe_ = false;
          continue;
        }
        match->matched = true;
        matched_ = true;
        return row_.data();
      }
      has_probe_ = false;
      if (anti() || (keeps_probe() && !matched_)) {
        fill_build(nullptr);
        return row_.data();
      }
    }
    return keeps_build() ? next_unmatched() : nullptr;
  }

 private:
  using Join = FromItem::Join;
  bool semi() const { return plan_.join == Join::kSemi; }
  bool anti() const { return plan_.join == Join::kAnti; }
  bool keeps_probe() const { return plan_.join == Join::kLeft || plan_.join == Join::kFull; }
  bool keeps_build() const { return plan_.join == Join::kRight || plan_.join == Join::kFull; }

  void build() {
    built_ = true;
    build_->open();
    while (const Datum* row = build_->next()) {
      exec_.poll();
      arena_.reset();
      const Datum* keys = build_keys_.run(row);
      if (!keeps_build() && keys_.any_null(keys)) continue;
      table_.add(keys, row);
    }
    table_.finish();
    bool nothing = table_.empty() && !keeps_probe() && !anti();
    if (nothing) {
      ended_ = true;
    } else {
      probe_->open();
    }
  }

  bool next_probe() {
    const Datum* row = probe_->next();
    if (row == nullptr) {
      ended_ = true;
      return false;
    }
    arena_.reset();
    current_keys_ = probe_keys_.run(row);
    size_t at = 0;
    for (int column : plan_.left_kept) row_[at++] = row[column];
    has_probe_ = true;
    matched_ = false;
    chain_ = nullptr;
    if (!keys_.any_null(current_keys_)) {
      hash_ = keys_.hash(current_keys_);
      chain_ = table_.first(hash_);
    }
    return true;
  }

  Entry* next_match() {
    while (chain_ != nullptr) {
      Entry* entry = chain_;
      chain_ = entry->next;
      if (entry->hash != hash_ || !keys_.equal(entry->values(), current_keys_)) continue;
      fill_build(entry);
      if (!plan_.has_condition) return entry;
      exec_.poll();
      scratch_.reset();
      if (condition_.is_true(row_.data())) return entry;
    }
    return nullptr;
  }

  void fill_build(Entry* entry) {
    Datum* out = row_.data() + plan_.left_kept.size();
    size_t count = plan_.right_kept.size();
    if (entry == nullptr) {
      std::fill(out, out + count, Datum::null());
    } else {
      std::copy_n(entry->values() + keys_.size(), count, out);
    }
  }

  const Datum* next_unmatched() {
    const auto& entries = table_.entries();
    while (unmatched_at_ < entries.size()) {
      exec_.poll();
      Entry* entry = entries[unmatched_at_++];
      if (entry->matched) continue;
      std::fill_n(row_.begin(), plan_.left_kept.size(), Datum::null());
      fill_build(entry);
      return row_.data();
    }
    return nullptr;
  }

  const Plan& plan_;
  ExecContext& exec_;
  RowSourcePtr probe_;
  RowSourcePtr build_;
  Arena arena_;  ///< of keys
  Evaluator probe_keys_;
  Evaluator build_keys_;
  Arena scratch_;
  Evaluator condition_;
  JoinKeys keys_;
  JoinTable table_;
  std::vector<Datum> row_;
  const Datum* current_keys_ = nullptr;
  uint64_t hash_ = 0;
  Entry* chain_ = nullptr;
  size_t unmatched_at_ = 0;
  bool built_ = false;
  bool ended_ = false;
  bool has_probe_ = false;
  bool matched_ = false;
};

}  // namespace

RowSourcePtr make_hash_join(const Plan& plan, ExecContext& exec) {
  return std::make_unique<HashJoin>(plan, exec);
}

}  // namespace isolde::sql
