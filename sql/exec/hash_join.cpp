// Hash join: the rows of the second child are kept in a table by their keys, those of the first
// look up their matches there.
//
//      first child (probe)        table of the second child (build)
//      key -> hash -> bucket  ->  entry -> entry -> ...      chain of rows with this hash
//
// An entry is the hash, the keys and the kept columns of its row. Rows with a NULL key match
// nothing; those of a side that an outer join keeps come out alone. For the kept build side,
// entries remember whether they were matched, and the rest follows at the end.
//
// A table that takes more than its share of memory goes to disk, in parts by a few bits of the
// hash, and so do all rows of both sides. Then the parts are joined one after the other: rows that
// match are in the same part. A part that is still too large is parted again by other bits.

#include <algorithm>
#include <optional>

#include "sql/exec/operators.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/exec/row_packer.hpp"
#include "sql/exec/spill_file.hpp"
#include "sql/expr/evaluator.hpp"
#include "sql/types/type_registry.hpp"

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
    spare_ = arena_.footprint();
    entries_.clear();
    buckets_.clear();
  }
  /// Bytes taken since it was empty, about.
  size_t memory() const {
    return arena_.footprint() - spare_ + 2 * entries_.size() * sizeof(Entry*);
  }
  const std::vector<const Type*>& kept_types() const { return types_; }

  /// Adds a row; one with a NULL key goes into no bucket.
  void add(const Datum* keys, const Datum* row) {
    add(keys, [&](size_t i) { return row[kept_[i]]; });
  }
  /// The same, of the keys and the kept columns.
  void add_values(const Datum* values) {
    add(values, [&](size_t i) { return values[keys_.size() + i]; });
  }

  template <typename Kept>
  void add(const Datum* keys, Kept kept) {
    size_t values = keys_.size() + kept_.size();
    char* memory = arena_.allocate(sizeof(Entry) + values * sizeof(Datum));
    auto* entry = new (memory) Entry{nullptr, 0, false};
    bool null = keys_.any_null(keys);
    Datum* out = entry->values();
    for (size_t i = 0; i < keys_.size(); ++i) {
      out[i] = null ? Datum::null() : copy_datum(keys[i], keys_.type(i), arena_);
    }
    for (size_t i = 0; i < kept_.size(); ++i) {
      out[keys_.size() + i] = copy_datum(kept(i), *types_[i], arena_);
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
  size_t spare_ = 0;  ///< of the arena, from before it was cleared
  std::vector<Entry*> entries_;
  std::vector<Entry*> buckets_;
};

/// Rows of both sides that may match each other, on disk.
struct Part {
  SpillStream build;
  SpillStream probe;
  int depth;
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
        row_(std::max<size_t>(static_cast<size_t>(plan.width), 1)),
        file_(exec) {}

  void open() override {
    table_.clear();
    built_ = ended_ = false;
    chain_ = nullptr;
    has_probe_ = false;
    unmatched_at_ = 0;
    parts_.clear();
    probe_part_.reset();
    file_.clear();
  }

  const Datum* next() override {
    if (!built_) build();
    for (;;) {
      if (const Datum* row = next_joined()) return row;
      if (const Datum* row = keeps_build() ? next_unmatched() : nullptr) return row;
      if (!next_part()) return nullptr;
    }
  }

 private:
  using Join = FromItem::Join;
  static constexpr int kPartBits = 4;
  static constexpr size_t kParts = size_t{1} << kPartBits;
  static constexpr int kDeepest = 4;
  static constexpr size_t kBlock = size_t{32} << 10;

  bool semi() const { return plan_.join == Join::kSemi; }
  bool anti() const { return plan_.join == Join::kAnti; }
  bool keeps_probe() const { return plan_.join == Join::kLeft || plan_.join == Join::kFull; }
  bool keeps_build() const { return plan_.join == Join::kRight || plan_.join == Join::kFull; }

  /// The next row of the join as far as it comes from the probe side.
  const Datum* next_joined() {
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
    return nullptr;
  }

  void build() {
    built_ = true;
    limit_ = hash_memory(exec_);
    build_->open();
    while (const Datum* row = build_->next()) {
      exec_.poll();
      arena_.reset();
      const Datum* keys = build_keys_.run(row);
      if (!keeps_build() && keys_.any_null(keys)) continue;
      table_.add(keys, row);
      if (table_.memory() > limit_) {
        build_on_disk();
        return;
      }
    }
    table_.finish();
    ended_ = table_.empty() && !keeps_probe() && !anti();
    if (!ended_) probe_->open();
  }

  // --- on disk

  /// Empty streams for the parts of what is at this depth.
  std::vector<Part> new_parts(int depth) {
    std::vector<Part> parts;
    for (size_t i = 0; i < kParts; ++i) {
      parts.push_back({SpillStream(file_, kBlock), SpillStream(file_, kBlock), depth + 1});
    }
    return parts;
  }

  void write(SpillStream& stream, const RowPacker& packer, const Datum* values) {
    packed_.resize(packer.size(values));
    const char* end = packer.pack(values, packed_.data());
    stream.write({packed_.data(), static_cast<size_t>(end - packed_.data())});
  }

  /// The part in which a row's matches are; that of NULLs has none.
  size_t part_of(const Datum* keys, int depth) const {
    if (keys_.any_null(keys)) return 0;
    return keys_.hash(keys) >> (60 - kPartBits * depth) & (kParts - 1);
  }

  void write_table(std::vector<Part>& parts, int depth) {
    for (Entry* entry : table_.entries()) {
      exec_.poll();
      write(parts[part_of(entry->values(), depth)].build, *build_packer_, entry->values());
    }
    table_.clear();
  }

  /// What is in the table and the rest of both sides.
  void build_on_disk() {
    make_packers();
    std::vector<Part> parts = new_parts(0);
    write_table(parts, 0);
    while (const Datum* row = build_->next()) {
      exec_.poll();
      arena_.reset();
      const Datum* keys = build_keys_.run(row);
      if (!keeps_build() && keys_.any_null(keys)) continue;
      std::copy_n(keys, keys_.size(), values_.begin());
      for (size_t i = 0; i < plan_.right_kept.size(); ++i) {
        values_[keys_.size() + i] = row[plan_.right_kept[i]];
      }
      write(parts[part_of(keys, 0)].build, *build_packer_, values_.data());
    }
    probe_->open();
    while (const Datum* row = probe_->next()) {
      exec_.poll();
      arena_.reset();
      const Datum* keys = probe_keys_.run(row);
      if (!keeps_probe() && !anti() && keys_.any_null(keys)) continue;
      std::copy_n(keys, keys_.size(), values_.begin());
      for (size_t i = 0; i < plan_.left_kept.size(); ++i) {
        values_[keys_.size() + i] = row[plan_.left_kept[i]];
      }
      write(parts[part_of(keys, 0)].probe, *probe_packer_, values_.data());
    }
    keep(std::move(parts));
    ended_ = true;  // until the first part is there
  }

  void make_packers() {
    std::vector<const Type*> probe;
    for (size_t i = 0; i < keys_.size(); ++i) {
      // The other side's integers may be wider.
      const bool integer = keys_.type(i).storage == Storage::kInteger;
      probe.push_back(integer ? &type_of(types::kInt8) : &keys_.type(i));
    }
    std::vector<const Type*> build = probe;
    build.insert(build.end(), table_.kept_types().begin(), table_.kept_types().end());
    for (int column : plan_.left_kept) {
      probe.push_back(plan_.children[0]->types[static_cast<size_t>(column)]);
    }
    build_packer_.emplace(build);
    probe_packer_.emplace(probe);
    values_.resize(std::max(build.size(), probe.size()));
  }

  void keep(std::vector<Part> parts) {
    for (Part& part : parts) {
      part.build.finish();
      part.probe.finish();
      const bool any = part.probe.records() > 0 || (keeps_build() && part.build.records() > 0);
      if (any) parts_.push_back(std::move(part));
    }
  }

  /// Makes a table of the next part and goes to the beginning of its other side.
  bool next_part() {
    while (!parts_.empty()) {
      Part part = std::move(parts_.back());
      parts_.pop_back();
      if (!load(part)) continue;
      table_.finish();
      unmatched_at_ = 0;
      part.probe.rewind(kBlock);
      probe_part_.emplace(std::move(part.probe));
      ended_ = false;
      has_probe_ = false;
      return true;
    }
    return false;
  }

  /// False: it was too large and has been parted again.
  bool load(Part& part) {
    table_.clear();
    part.build.rewind(kBlock);
    std::string_view packed;
    while (part.build.next(packed)) {
      exec_.poll();
      build_packer_->unpack(packed.data(), values_.data());
      table_.add_values(values_.data());
      if (table_.memory() <= limit_ || part.depth >= kDeepest) continue;
      std::vector<Part> parts = new_parts(part.depth);
      write_table(parts, part.depth);
      part_rest(part.build, *build_packer_, parts, &Part::build);
      part.probe.rewind(kBlock);
      part_rest(part.probe, *probe_packer_, parts, &Part::probe);
      keep(std::move(parts));
      return false;
    }
    return true;
  }

  void part_rest(SpillStream& from, const RowPacker& packer, std::vector<Part>& parts,
                 SpillStream Part::*side) {
    std::string_view packed;
    const int depth = parts[0].depth - 1;
    while (from.next(packed)) {
      exec_.poll();
      packer.unpack(packed.data(), values_.data());
      (parts[part_of(values_.data(), depth)].*side).write(packed);
    }
  }

  // --- looking up

  bool next_probe() {
    if (!(probe_part_ ? read_probe_part() : read_probe())) {
      ended_ = true;
      return false;
    }
    has_probe_ = true;
    matched_ = false;
    chain_ = nullptr;
    if (!keys_.any_null(current_keys_)) {
      hash_ = keys_.hash(current_keys_);
      chain_ = table_.first(hash_);
    }
    return true;
  }

  bool read_probe() {
    const Datum* row = probe_->next();
    if (row == nullptr) return false;
    arena_.reset();
    current_keys_ = probe_keys_.run(row);
    size_t at = 0;
    for (int column : plan_.left_kept) row_[at++] = row[column];
    return true;
  }

  bool read_probe_part() {
    std::string_view packed;
    if (!probe_part_->next(packed)) return false;
    probe_packer_->unpack(packed.data(), values_.data());
    current_keys_ = values_.data();
    std::copy_n(values_.begin() + static_cast<ptrdiff_t>(keys_.size()), plan_.left_kept.size(),
                row_.begin());
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
  bool ended_ = false;  ///< the probe side, of the present part
  bool has_probe_ = false;
  bool matched_ = false;

  size_t limit_ = 0;
  SpillFile file_;
  std::optional<RowPacker> build_packer_;  ///< the keys and the kept columns
  std::optional<RowPacker> probe_packer_;
  std::vector<Part> parts_;                ///< still to be joined
  std::optional<SpillStream> probe_part_;  ///< of the part that is being joined
  std::vector<Datum> values_;
  std::vector<char> packed_;
};

}  // namespace

RowSourcePtr make_hash_join(const Plan& plan, ExecContext& exec) {
  return std::make_unique<HashJoin>(plan, exec);
}

}  // namespace isolde::sql
