#pragma once

#include "storage/buffer_pool.hpp"
#include "storage/wal.hpp"

namespace isolde::storage {

/// One atomic change of up to kMaxWalBlocks pages: it happens in memory and in the log, or not at
/// all; after a crash it is there on all its pages or on none.
///
///   Change change(pool, wal, RecordKind::kHeapInsert, txn);
///   change.on(page).put_item(slot, tuple);
///   if (auto lsn = change.commit(); !lsn) return lsn.take_error();   // nothing was changed
///
/// The pages stay exclusively latched by the caller from on() until commit() has returned.
class Change {
 public:
  Change(BufferPool& pool, Wal& wal, RecordKind kind, TxnId txn)
      : pool_(pool), wal_(wal), kind_(kind), txn_(txn) {}

  /// Once a page.
  PageChange& on(const ExclusivePage& page);
  void set_main(Bytes main) { main_ = std::move(main); }
  base::Result<Lsn> commit();

 private:
  struct Part {
    const PageRef* page = nullptr;
    PageChange change;
  };

  BufferPool& pool_;
  Wal& wal_;
  RecordKind kind_;
  TxnId txn_;
  Bytes main_;
  Part parts_[kMaxWalBlocks];
  size_t count_ = 0;
};

}  // namespace isolde::storage
