#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/check.hpp"
#include "base/function_ref.hpp"
#include "base/task.hpp"
#include "storage/btree_page.hpp"
#include "storage/store.hpp"

// A B+tree after Lehman and Yao: each page knows its right neighbour and an upper bound of its
// entries (the high key), so a reader holds one latch at a time and still never gets lost.
//
//      [ P: a..m | high n | right -> R ]         a split of P while somebody is on the way to "k":
//      [ P: a..g | high h | right -> N ]  [ N: h..m | high n | right -> R ]
//      the reader of P sees k >= high key h and goes right, to N
//
// A split is two changes: (1) P, N and R's left link, with P flagged kSplitUnfinished, (2) the
// parent gets N's downlink and P loses the flag. After a crash in between the tree is whole for
// readers; the next inserter that passes P does (2).
//
// A leaf that vacuum has emptied leaves the tree in one change, and its range goes to the right:
//
//      parent: ... (P, g) (R, n) ...        ->   parent: ... (R, g) ...
//      [ L | -> P ]  [ P: none | -> R ]  [ R ]   [ L | -> R ]  [ R ]     [ P: deleted | -> R ]
//
// Who still comes to P, by a link that he read before, goes right as after a split. P is free for
// the next split, anywhere in the tree; index_pages.hpp says how old links to it are found out.
// What stays: the leftmost leaf (an old root), the last child of each internal page, internal
// pages.
//
// Differences to the paper: readers do latch (shared), and pages have left links too (scans go both
// ways).
//
// Latch order: left before right, child before parent, index before heap. A page that is filled
// anew has no place in that order, so nobody waits for its latch.

namespace isolde::storage {

/// Looks at a row that has the key which is about to be inserted, under the leaf's latch. Must not
/// wait. True: stop, insert nothing.
using UniqueCheck = base::FunctionRef<bool(TupleId)>;

/// Whether a new entry may come before the entry that it is asked about.
enum class GapVerdict : uint8_t {
  kFree,
  kTaken,   ///< stop, insert nothing
  kLookOn,  ///< that entry does not count: ask about the one after it
};
/// Looks at the entry that will follow the new one (no key: the end of the index), under the latch
/// of the new one's leaf. Must not wait.
using GapCheck = base::FunctionRef<GapVerdict(const ByteSpan* key, TupleId row)>;

struct InsertResult {
  bool inserted = false;
  TupleId stopped_by;      ///< the row at which the unique check stopped
  bool gap_taken = false;  ///< the gap check stopped it
};

struct BtreeVacuumStats {
  uint64_t entries_removed = 0;
  uint64_t pages_removed = 0;  ///< left the tree, to be filled again
};

class Btree {
 public:
  Btree(Store& store, RelationId relation)
      : store_(store), relation_(relation), pages_(store.index_pages(relation)) {}
  Btree(const Btree& other)
      : store_(other.store_), relation_(other.relation_), pages_(other.pages_) {}

  /// Makes the meta page and an empty root in a file just created.
  base::Status create();
  /// Inserts; the same (key, row) twice is an error of the caller. `txn` is for the log's readers.
  base::Result<InsertResult> insert(TxnId txn, ByteSpan key, TupleId row) {
    return insert(txn, key, row, nullptr, nullptr);
  }
  base::Result<InsertResult> insert(TxnId txn, ByteSpan key, TupleId row, UniqueCheck unique) {
    return insert(txn, key, row, &unique, nullptr);
  }
  /// With checks, or null: first that of the key, then that of the gap.
  base::Result<InsertResult> insert(TxnId txn, ByteSpan key, TupleId row, const UniqueCheck* unique,
                                    const GapCheck* gap);
  /// All rows with exactly this key, in order of place.
  base::Status lookup(ByteSpan key, std::vector<TupleId>& rows);
  /// Removes the entries of the rows for which `dead` says so, and leaves that are empty then.
  /// Polls the task between pages.
  base::Result<BtreeVacuumStats> vacuum(base::Task& task, base::FunctionRef<bool(TupleId)> dead);
  /// Removes one entry; false when it is not there.
  base::Result<bool> erase(TxnId txn, ByteSpan key, TupleId row);
  /// Says what is wrong with the tree, if anything. Nobody may change it meanwhile.
  base::Result<std::optional<std::string>> verify();

  RelationId relation() const { return relation_; }

 private:
  friend class BtreeCursor;
  friend class BtreeBuilder;
  friend class BtreeVerifier;
  friend class BtreeVacuum;
  /// Pages passed on the way down, from the root on.
  class Path {
   public:
    bool empty() const { return count_ == 0; }
    BlockNumber back() const { return blocks_[count_ - 1]; }
    void pop_back() { --count_; }
    void clear() { count_ = 0; }
    void push_back(BlockNumber block) {
      ISOLDE_CHECK(count_ < kMaxHeight, "an index higher than can be");
      blocks_[count_++] = block;
    }

   private:
    static constexpr size_t kMaxHeight = 32;
    BlockNumber blocks_[kMaxHeight];
    size_t count_ = 0;
  };
  struct SplitPlan;

  PageId page_id(BlockNumber block) const { return {relation_, Fork::kMain, block}; }
  base::Result<SharedPage> latch_shared(BlockNumber block);
  base::Result<ExclusivePage> latch(BlockNumber block);
  base::Result<BlockNumber> root(bool refresh = false);
  /// Walks down to `level`; `path` gets the pages above it. The page returned may have to be left
  /// to the right once latched again.
  base::Result<BlockNumber> descend(ByteSpan entry, uint16_t level, Path* path);
  base::Result<SharedPage> find_leaf(ByteSpan entry);
  base::Result<ExclusivePage> latch_leaf(ByteSpan entry, Path& path);
  base::Result<ExclusivePage> latch_for(BlockNumber block, ByteSpan entry, Path* path,
                                        std::optional<uint64_t> reuses = std::nullopt);
  base::Result<ExclusivePage> new_page();
  base::Result<std::optional<TupleId>> check_unique(const ExclusivePage& leaf, ByteSpan key,
                                                    UniqueCheck unique);
  base::Result<bool> check_gap(const ExclusivePage& leaf, ByteSpan entry, GapCheck gap);
  base::Status insert_item(TxnId txn, ExclusivePage page, ByteSpan item, ByteSpan key, Path& path,
                           ExclusivePage finished_child);
  base::Status split(TxnId txn, ExclusivePage page, ByteSpan item, int slot, Path& path,
                     ExclusivePage finished_child);
  base::Status finish_split(TxnId txn, ExclusivePage left, Path& path);
  base::Status grow_root(TxnId txn, ExclusivePage left, ByteSpan separator);

  Store& store_;
  const RelationId relation_;
  const std::shared_ptr<IndexPages> pages_;
  std::atomic<uint32_t> root_{UINT32_MAX};  // as last seen; an old root still leads everywhere
};

/// Walks over entries in order. Copies a leaf at a time: nothing is latched between calls, and what
/// it shows is the tree as of the moment it came to each leaf.
class BtreeCursor {
 public:
  explicit BtreeCursor(Btree& tree) : tree_(tree) {}

  /// To the first entry whose key is not below `key`; next() goes up from there.
  base::Status seek(ByteSpan key);
  /// To the last entry whose key is below `key`; prev() goes down from there.
  base::Status seek_before(ByteSpan key);
  base::Status seek_first() { return seek({}); }
  base::Status seek_last();

  bool valid() const { return slot_ >= first_ && slot_ < end_; }
  ByteSpan key() const { return key_of(entry()); }
  TupleId row() const { return tuple_of(entry()); }
  base::Status next();
  base::Status prev();
  /// Whether the last step stayed on one leaf and that leaf is still as it was copied: then nothing
  /// has been inserted between the entry (or the place) before the step and this one.
  base::Result<bool> unchanged();

 private:
  ByteSpan entry() const { return PageView(bytes_.data()).item(slot_); }
  BtreePageView copied() const { return BtreePageView(PageView(bytes_.data())); }
  void copy(const SharedPage& page);
  base::Status go_to(ByteSpan from);
  base::Status step_right();
  base::Status step_left();
  base::Result<SharedPage> left_neighbour();

  Btree& tree_;
  Bytes bytes_;
  Bytes edge_;  // what is to come is not below (going right) or is below (going left) this
  BlockNumber block_ = kNoBlock;
  uint64_t reuses_ = 0;  // when bytes_ was copied
  int slot_ = 0, first_ = 0, end_ = 0;
  bool crossed_ = false;  ///< the last step has left the leaf it began on
};

/// Builds a tree from entries that come in order, filling pages to nine tenths.
class BtreeBuilder {
 public:
  BtreeBuilder(Btree& tree, TxnId txn) : tree_(tree), txn_(txn) {}
  /// In ascending order of (key, row).
  base::Status add(ByteSpan key, TupleId row);
  /// The tree is in place when this returns. Instead of Btree::create().
  base::Status finish();

 private:
  struct Level {
    BlockNumber block = kNoBlock;
    BlockNumber left = kNoBlock;
    std::vector<Bytes> items;
    size_t used = 0;
    Bytes last_key;
  };
  base::Status add_item(size_t level, Bytes item, ByteSpan key);
  base::Status start_page(size_t level);
  base::Status write_page(size_t level, BlockNumber right, ByteSpan high_key);
  base::Result<BlockNumber> new_block();

  Btree& tree_;
  const TxnId txn_;
  std::vector<Level> levels_;
};

}  // namespace isolde::storage
