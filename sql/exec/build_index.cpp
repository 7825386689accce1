#include "sql/exec/build_index.hpp"

#include <algorithm>
#include <cstring>

#include "sql/binder/binder.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/catalog/catalog_functions.hpp"
#include "sql/catalog/catalog_types.hpp"
#include "sql/catalog/database.hpp"
#include "sql/exec/radix_sort.hpp"
#include "sql/exec/table_writer.hpp"
#include "sql/plan/plan.hpp"
#include "sql/plan/planner.hpp"
#include "sql/session/session_services.hpp"
#include "storage/btree.hpp"
#include "txn/snapshot_scan.hpp"
#include "txn/version_rules.hpp"

// An index entry names the root of a chain of versions, and its key is that of the newest one that
// has not been rolled back. Keys are gathered, sorted and written page after page.
//
// Versions that are deleted but still seen by older snapshots are indexed like the others; only for
// uniqueness they do not count.

namespace isolde::sql {

namespace {

using storage::VersionView;

/// One entry on its way: its bytes are in the arena.
struct Gathered {
  uint64_t first;  ///< the key's first bytes as a number, filled up with zeros
  const std::byte* key;
  uint32_t size;
  bool counts;  ///< for uniqueness
  txn::TupleId root;

  storage::ByteSpan bytes() const { return {key, size}; }
};

class IndexBuild {
 public:
  IndexBuild(SessionServices& services, const WriteRules& rules, size_t place, ExecContext& exec)
      : services_(services),
        rules_(rules),
        place_(place),
        info_(rules.table->indexes[place]),
        heap_(rules.table->table->heap),
        writer_(rules, exec),
        keys_(exec.budget) {}

  void run() {
    const auto blocks = base::value_or_throw(heap_.block_count());
    for (uint32_t block = 0; block < blocks.value; ++block) gather(storage::BlockNumber{block});
    sort();
    if (info_.description().unique) check_unique();
    base::TxnId txn = base::value_or_throw(services_.transaction().write_id());
    storage::BtreeBuilder builder(info_.index->tree, txn);
    for (const Gathered& entry : entries_) {
      poll();
      base::value_or_throw(builder.add(entry.bytes(), entry.root));
    }
    base::value_or_throw(builder.finish());
  }

 private:
  /// By key and place. No key is the beginning of another, so the first bytes may decide.
  void sort() {
    if (longest_ <= sizeof(uint64_t)) {  // they are all of it, and the places are in order
      std::vector<Gathered> spare;
      radix_sort(
          entries_, spare, [](const Gathered& entry) { return entry.first; }, [this] { poll(); });
      return;
    }
    std::sort(entries_.begin(), entries_.end(), [](const Gathered& a, const Gathered& b) {
      if (a.first != b.first) return a.first < b.first;
      const int order = storage::compare_entries(a.bytes(), b.bytes());
      return order != 0 ? order < 0 : a.root < b.root;
    });
  }

  void poll() { base::value_or_throw(services_.task().poll()); }

  /// The chains that begin on a page.
  void gather(storage::BlockNumber block) {
    poll();
    base::value_or_throw(heap_.read_page(block, page_, &ring_));
    size_t members = 0;
    size_t heap_only = 0;
    const size_t first_entry = entries_.size();
    for (const VersionView& version : page_.versions()) {
      if ((version.header.infomask & storage::kHeapOnly) != 0) {
        ++heap_only;
      } else if ((version.header.infomask & storage::kHotUpdated) != 0) {
        chains_.push_back(version.id);
      } else {  // its chain is itself
        if (exists(version.header)) add(version, version.id);
      }
    }
    if (heap_only == 0 && chains_.empty()) return;
    for (txn::TupleId root : chains_) members += add_chain(root) - 1;
    chains_.clear();
    if (members < heap_only) add_redirected(block);
    std::sort(entries_.begin() + static_cast<ptrdiff_t>(first_entry), entries_.end(),
              [](const Gathered& a, const Gathered& b) { return a.root < b.root; });
  }

  /// Some chains begin at a line pointer that redirects.
  void add_redirected(storage::BlockNumber block) {
    constexpr uint16_t kMostSlots = storage::kPageSize / 32;
    for (uint16_t slot = 0; slot < kMostSlots; ++slot) {
      txn::TupleId id{block, storage::Slot{slot}};
      if (!base::value_or_throw(heap_.read(id, one_))) continue;
      if (one_.versions().front().id != id) add_chain(id);
    }
  }

  /// Returns how many versions the chain has on this page, at least one.
  size_t add_chain(txn::TupleId root) {
    if (!base::value_or_throw(heap_.read_chain(root, chain_))) return 1;
    const VersionView* newest = nullptr;
    for (const VersionView& version : chain_.versions()) {
      if (exists(version.header)) newest = &version;
    }
    if (newest != nullptr) add(*newest, root);
    return chain_.versions().size();
  }

  void add(const VersionView& version, txn::TupleId root) {
    bool unlike_any = false;
    if (!writer_.key_of(txn::row_of(version, root), place_, key_, unlike_any)) return;
    char* at = keys_.allocate(key_.size());
    std::memcpy(at, key_.data(), key_.size());
    uint64_t first = 0;
    std::memcpy(&first, at, std::min(key_.size(), sizeof first));
    longest_ = std::max(longest_, key_.size());
    entries_.push_back({__builtin_bswap64(first), reinterpret_cast<const std::byte*>(at),
                        static_cast<uint32_t>(key_.size()), !unlike_any && !deleted(version.header),
                        root});
  }

  bool committed(base::TxnId id) {
    return services_.transaction().is_mine(id) ||
           services_.transaction().manager().state(id).fate == storage::TxnFate::kCommitted;
  }
  bool exists(const storage::VersionHeader& header) {
    if ((header.infomask & (txn::kRetracted | storage::kXminAborted)) != 0) return false;
    return (header.infomask & storage::kXminCommitted) != 0 || committed(header.xmin);
  }
  bool deleted(const storage::VersionHeader& header) {
    return !txn::only_locks(header) && committed(header.xmax);
  }

  void check_unique() {
    const Gathered* before = nullptr;
    for (const Gathered& entry : entries_) {
      if (!entry.counts) continue;
      if (before != nullptr && std::ranges::equal(before->bytes(), entry.bytes())) {
        fail_duplicate(entry.root);
      }
      before = &entry;
    }
  }

  [[noreturn]] void fail_duplicate(txn::TupleId root) {
    base::value_or_throw(heap_.read_chain(root, chain_));
    for (const VersionView& version : chain_.versions()) {
      bool unlike_any = false;
      if (exists(version.header)) {
        writer_.key_of(txn::row_of(version, root), place_, key_, unlike_any);
      }
    }
    const std::string& name = info_.relation->name;
    base::Error error =
        base::Error(base::sqlstate::kUniqueViolation,
                    "could not create unique index \"" + name + "\"")
            .detail("Key " + writer_.shown_key(place_, writer_.key_row()) + " is duplicated.");
    error.fields().schema_name = rules_.schema;
    error.fields().table_name = rules_.table->name();
    error.fields().constraint_name = name;
    throw base::SqlException(std::move(error));
  }

  SessionServices& services_;
  const WriteRules& rules_;
  const size_t place_;
  const IndexInfo& info_;
  storage::Heap& heap_;
  TableWriter writer_;
  Arena keys_;
  std::vector<Gathered> entries_;     ///< page by page, in the order of their places
  size_t longest_ = 0;                ///< key
  std::vector<txn::TupleId> chains_;  ///< of the page at hand
  storage::ScanRing ring_;
  storage::VersionBatch page_, one_, chain_;
  storage::Bytes key_;
};

}  // namespace

void build_index(SessionServices& services, base::Oid index) {
  TableNames names;
  names.image = services.catalog_image();
  names.catalog = &services.current_database().catalog();
  names.types = std::make_shared<CatalogTypes>(names.image, names.path);
  names.functions = std::make_shared<CatalogFunctions>(names.image, names.path);
  RelationPtr relation = names.image->relation(index);
  OutputStyle style;
  PlanMemory memory;
  PlanPool plans;
  Binder::Input input;
  input.style = &style;
  input.names = &names;
  Modification& modify =
      Binder(std::move(input), memory).indexing_of(names.image->relation(relation->index->table));
  WriteRules rules;
  compile_rules(rules, modify, memory, plans);
  size_t place = 0;
  while (rules.table->indexes[place].relation->oid != index) ++place;
  Arena arena;
  ExecContext exec{services.task(), style, &services, arena, nullptr};
  exec.transaction = &services.transaction();
  IndexBuild(services, rules, place, exec).run();
}

}  // namespace isolde::sql
