#include "storage/check.hpp"

#include "base/overlay_env.hpp"
#include "storage/btree.hpp"
#include "storage/heap.hpp"
#include "storage/sequence.hpp"
#include "storage/wal_reader.hpp"

namespace isolde::storage {

using base::Result;
using base::Status;

namespace {

constexpr Fork kAllForks[] = {Fork::kMain, Fork::kFreeSpace, Fork::kVisibility, Fork::kOverflow};

std::optional<std::string> verify_any_page(PageView page) {
  switch (page.type()) {
    case PageType::kHeap:
      return verify_heap_page(page);
    case PageType::kSequence:
      return verify_sequence_page(page);
    case PageType::kNew:
    case PageType::kBtree:
    case PageType::kBtreeMeta:
    case PageType::kFreeSpace:
    case PageType::kVisibility:
    case PageType::kOverflow:
    case PageType::kTxnStatus:
      return verify_page_layout(page);
  }
  return "unknown page type " + std::to_string(static_cast<int>(page.type()));
}

/// Pages are looked at as a start of the server would leave them: the log is replayed into memory
/// over the files. When that fails, the files are looked at as they are.
class Checker {
 public:
  Checker(base::Env& env, const std::string& data_dir, const CheckPrinter& print)
      : env_(env), overlay_(env), data_dir_(data_dir), print_(print) {}

  Result<CheckReport> run() {
    auto control = read_control_file(env_, data_dir_);
    if (!control) return control.take_error();
    auto store = Store::open(overlay_, data_dir_, options());
    if (!store && store.error().state() == base::sqlstate::kLockFileExists)
      return store.take_error();
    if (!control->clean)
      print_("the server did not stop cleanly; the log is replayed in memory for this check");
    if (!store) problem(store.error().message());
    FileStore files(env_, data_dir_);
    auto relations = files.relations();
    if (!relations) return relations.take_error();
    for (RelationId relation : *relations) {
      if (Status s = check_relation(files, store ? store->get() : nullptr, relation); !s)
        return s.take_error();
    }
    if (Status s = check_log(*control); !s) return s.take_error();
    return report_;
  }

 private:
  static StoreOptions options() {
    StoreOptions options;
    options.shared_buffers = size_t{64} << 20;
    options.background_writer = false;
    options.wal.background_flusher = false;
    options.wal.fsync = false;
    return options;
  }

  void problem(const std::string& line) {
    ++report_.problems;
    print_(line);
  }

  Status check_relation(FileStore& files, Store* store, RelationId relation) {
    ++report_.relations;
    const uint64_t problems_before = report_.problems;
    for (Fork fork : kAllForks) {
      auto there = files.exists(relation, fork);
      if (!there) return there.take_error();
      if (!*there) continue;
      if (Status s = check_file(files, relation, fork, store == nullptr); !s) return s;
      if (store == nullptr) continue;
      if (Status s = check_fork(*store, relation, fork); !s) return s;
    }
    if (store != nullptr) {
      if (Status s = check_end(*store, relation); !s) return s;
    }
    const bool pages_are_sound = report_.problems == problems_before;
    return store != nullptr && pages_are_sound ? check_structure(*store, relation) : Status();
  }

  Status check_file(FileStore& files, RelationId relation, Fork fork, bool pages_too) {
    auto file = env_.open(files.full_path(relation, fork), base::OpenMode::kRead);
    if (!file) return file.take_error();
    auto size = (*file)->size();
    if (!size) return size.take_error();
    if (*size % kPageSize != 0)
      problem(relation_path(relation, fork) + ": " + std::to_string(*size % kPageSize) +
              " bytes behind the last page");
    Bytes page(kPageSize);
    for (uint32_t block = 0; pages_too && block < *size / kPageSize; ++block) {
      const PageId id{relation, fork, BlockNumber{block}};
      auto got = (*file)->read_at(uint64_t{block} * kPageSize, page);
      if (!got) return got.take_error();
      if (page_checksum_ok(page.data(), id)) {
        check_page(id, PageView(page.data()));
      } else {
        bad_page(id, "invalid checksum");
      }
    }
    return {};
  }

  Status check_fork(Store& store, RelationId relation, Fork fork) {
    auto there = store.files().exists(relation, fork);
    if (!there) return there.take_error();
    if (!*there) return {};  // of a transaction that never committed
    auto blocks = store.files().block_count(relation, fork);
    if (!blocks) return blocks.take_error();
    for (uint32_t block = 0; block < blocks->value; ++block) {
      const PageId id{relation, fork, BlockNumber{block}};
      auto ref = store.pool().fetch(id);
      if (ref) {
        SharedPage page(std::move(*ref));
        check_page(id, page.view());
      } else {
        const bool damaged = ref.error().state() == base::sqlstate::kDataCorrupted;
        bad_page(id, damaged ? "invalid checksum" : ref.error().message());
      }
    }
    return {};
  }

  /// A table that has lost its end is betrayed by what its map says of those pages.
  Status check_end(Store& store, RelationId relation) {
    constexpr uint32_t kBitsPerPage = (kPageSize - kPageHeaderSize) * 8;
    auto there = store.files().exists(relation, Fork::kVisibility);
    if (!there) return there.take_error();
    if (!*there) return {};
    auto blocks = store.files().block_count(relation, Fork::kMain);
    auto maps = store.files().block_count(relation, Fork::kVisibility);
    if (!blocks || !maps) return blocks ? maps.take_error() : blocks.take_error();
    VisibilityMap map(store.pool(), store.wal(), relation);
    for (uint32_t block = blocks->value; block < maps->value * kBitsPerPage; ++block) {
      auto visible = map.all_visible(BlockNumber{block});
      if (!visible) return {};  // has been reported
      if (!*visible) continue;
      problem(relation_path(relation, Fork::kMain) + ": has " + std::to_string(blocks->value) +
              " pages, but its visibility map knows block " + std::to_string(block));
      return {};
    }
    return {};
  }

  void check_page(const PageId& id, PageView page) {
    if (auto wrong = verify_any_page(page)) return bad_page(id, *wrong);
    ++report_.pages;
  }

  void bad_page(const PageId& id, const std::string& what) {
    ++report_.pages;
    problem(relation_path(id.relation, id.fork) + ", block " + std::to_string(id.block.value) +
            ": " + what);
  }

  /// What more than one page together must satisfy. The first page says what a relation is.
  Status check_structure(Store& store, RelationId relation) {
    auto there = store.files().exists(relation);
    if (!there) return there.take_error();
    auto blocks = store.files().block_count(relation, Fork::kMain);
    if (!*there || !blocks || blocks->value == 0) return {};
    auto ref = store.pool().fetch({relation, Fork::kMain, BlockNumber{0}});
    if (!ref) return ref.take_error();
    const PageType type = ref->view().type();
    ref->reset();
    Result<std::optional<std::string>> wrong = std::optional<std::string>();
    if (type == PageType::kHeap) wrong = verify_heap(store, relation);
    if (type == PageType::kBtreeMeta) wrong = Btree(store, relation).verify();
    if (!wrong) return wrong.take_error();
    if (*wrong) problem(relation_path(relation, Fork::kMain) + ", " + **wrong);
    return {};
  }

  /// From the redo place to the end, which must lie behind the checkpoint.
  Status check_log(const ControlFile& control) {
    const std::string wal_dir = base::join_path(data_dir_, "wal");
    WalReader look(env_, wal_dir, control.segment_size, control.checkpoint);
    WalRecord record;
    auto found = look.read_at(control.checkpoint, record);
    if (!found) return found.take_error();
    CheckpointData state;
    if (!*found || !CheckpointData::decode(record.main, state)) {
      problem("wal: no valid checkpoint record at " + lsn_text(control.checkpoint));
      return {};
    }
    WalReader reader(env_, wal_dir, control.segment_size, state.redo);
    for (;;) {
      auto more = reader.next(record);
      if (!more) {
        problem("wal: " + more.error().message());
        return {};
      }
      if (!*more) break;
      ++report_.log_records;
    }
    if (reader.position() <= control.checkpoint)
      problem("wal: damaged at " + lsn_text(reader.position()) + ", before the checkpoint");
    return {};
  }

  base::Env& env_;
  base::OverlayEnv overlay_;
  const std::string& data_dir_;
  const CheckPrinter& print_;
  CheckReport report_;
};

}  // namespace

Result<CheckReport> check_data_directory(base::Env& env, const std::string& data_dir,
                                         const CheckPrinter& print) {
  return Checker(env, data_dir, print).run();
}

Result<std::optional<std::string>> verify_heap(Store& store, RelationId relation) {
  Heap heap(store, relation);
  auto blocks = heap.block_count();
  if (!blocks) return blocks.take_error();
  for (uint32_t n = 0; n < blocks->value; ++n) {
    const BlockNumber block{n};
    auto ref = store.pool().fetch({relation, Fork::kMain, block});
    if (!ref) return ref.take_error();
    SharedPage page(std::move(*ref));
    const std::string where = "block " + std::to_string(n) + ": ";
    if (auto wrong = verify_heap_page(page.view())) return std::optional(where + *wrong);
    auto mapped = heap.all_visible(block);
    if (!mapped) return mapped.take_error();
    if (*mapped && (page->flags() & kPageAllVisible) == 0)
      return std::optional(where + "the visibility map says all-visible, the page does not");
  }
  return std::optional<std::string>();
}

}  // namespace isolde::storage
