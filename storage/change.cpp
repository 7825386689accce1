#include "storage/change.hpp"

#include "base/check.hpp"

namespace isolde::storage {

PageChange& Change::on(const ExclusivePage& page) {
  ISOLDE_CHECK(count_ < kMaxWalBlocks, "a change of too many pages");
  Part& part = parts_[count_++];
  part.page = &page.ref();
  return part.change;
}

base::Result<Lsn> Change::commit() {
  BlockToLog blocks[kMaxWalBlocks];
  for (size_t i = 0; i < count_; ++i) {
    const PageChange& change = parts_[i].change;
    blocks[i] = {parts_[i].page->id(), change.bytes(), change.starts_afresh(),
                 parts_[i].page->bytes()};
  }
  const std::span<const BlockToLog> used(blocks, count_);
  const size_t bound = Wal::bound(main_, used);
  if (base::Status s = wal_.reserve(bound); !s) return s.take_error();
  for (size_t i = 0; i < count_; ++i) {
    pool_.mark_dirty(*parts_[i].page);
    const bool applied = apply_changes(PageEditor(parts_[i].page->bytes()), blocks[i].changes);
    ISOLDE_CHECK(applied, "a page change that cannot be applied");
  }
  const Lsn end = wal_.append(bound, kind_, txn_, main_, used);
  for (size_t i = 0; i < count_; ++i) PageEditor(parts_[i].page->bytes()).set_lsn(end);
  return end;
}

}  // namespace isolde::storage
