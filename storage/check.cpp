#include "storage/check.hpp"

#include "storage/btree.hpp"
#include "storage/heap.hpp"
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

class Checker {
 public:
  Checker(base::Env& env, const std::string& data_dir, const CheckPrinter& print)
      : env_(env), data_dir_(data_dir), print_(print) {}

  Result<CheckReport> run() {
    auto control = read_control_file(env_, data_dir_);
    if (!control) return control.take_error();
    if (!control->clean)
      print_("the server did not stop cleanly: pages older than the log are no error");
    FileStore files(env_, data_dir_);
    auto relations = files.relations();
    if (!relations) return relations.take_error();
    for (RelationId relation : *relations) {
      ++report_.relations;
      for (Fork fork : kAllForks) {
        if (Status s = check_fork(files, relation, fork); !s) return s.take_error();
      }
    }
    if (Status s = check_log(*control); !s) return s.take_error();
    return report_;
  }

 private:
  void problem(const std::string& line) {
    ++report_.problems;
    print_(line);
  }

  Status check_fork(FileStore& files, RelationId relation, Fork fork) {
    auto there = files.exists(relation, fork);
    if (!there) return there.take_error();
    if (!*there) return {};
    const std::string path = files.full_path(relation, fork);
    auto file = env_.open(path, base::OpenMode::kRead);
    if (!file) return file.take_error();
    auto size = (*file)->size();
    if (!size) return size.take_error();
    if (*size % kPageSize != 0)
      problem(relation_path(relation, fork) + ": " + std::to_string(*size % kPageSize) +
              " bytes behind the last page");
    for (uint32_t block = 0; block < *size / kPageSize; ++block) {
      Bytes page(kPageSize);
      auto got = (*file)->read_at(uint64_t{block} * kPageSize, page);
      if (!got) return got.take_error();
      check_page({relation, fork, BlockNumber{block}}, page.data());
    }
    return {};
  }

  void check_page(const PageId& id, const std::byte* page) {
    ++report_.pages;
    const std::string where =
        relation_path(id.relation, id.fork) + ", block " + std::to_string(id.block.value) + ": ";
    if (!page_checksum_ok(page, id)) {
      problem(where + "invalid checksum");
    } else if (auto wrong = verify_any_page(PageView(page))) {
      problem(where + *wrong);
    }
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
