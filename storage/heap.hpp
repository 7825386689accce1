#pragma once

#include <optional>
#include <vector>

#include "base/function_ref.hpp"
#include "storage/heap_format.hpp"
#include "storage/store.hpp"
#include "storage/visibility_map.hpp"

// A table's row versions. This layer moves versions; who sees which is the caller's affair, and
// comes in as three small functions (Decide, VersionJudge, NewVersion's fields).
//
// An index entry points to the line pointer of a chain's root. Versions that changed no indexed
// column (HOT) stay on the page and hang off the root:
//
//      index entry -> [3]: v1 -next-> [7]: v2 (heap-only) -next-> [9]: v3 (heap-only)
//      after pruning v1, v2:
//      index entry -> [3]: redirect -> [9]: v3                    [7]: unused, to be filled again
//
// Invariants
//  1. A line pointer that index entries may name is never reused before vacuum has removed the
//     entries: pruning leaves it as a redirect or dead, not unused.
//  2. `next` is followed only when the next version's xmin is this version's xmax.
//  3. Pages of one relation are latched in block order; then the visibility map's page.

namespace isolde::storage {

/// A version to be written.
struct NewVersion {
  TxnId xmin;
  CommandId cmin;
  ByteSpan payload;
  uint16_t infomask = 0;
};

/// New values for an existing version's header.
struct VersionMark {
  TxnId xmax;
  CommandId cmax;
  TupleId next;           ///< ignored by update(), which fills in the new version's place
  uint16_t infomask = 0;  ///< without the bits that storage keeps: hints of xmax are cleared by it
};

/// Looks at a version under its page's exclusive latch: a mark to be made, or nothing to leave it
/// alone. Must not wait.
using Decide = base::FunctionRef<std::optional<VersionMark>(const VersionHeader&)>;

/// Who can still need a version?
enum class VersionFate : uint8_t {
  kNeeded,  ///< somebody sees it or may come to see it
  kDead,    ///< nobody will ever see it again
  kAllSee,  ///< committed before everybody's snapshot and not deleted
};
class VersionJudge {
 public:
  virtual ~VersionJudge() = default;
  virtual VersionFate judge(const VersionHeader& version) = 0;
};

/// One version, copied out.
struct VersionView {
  TupleId id;
  VersionHeader header;
  ByteSpan payload;
};

/// A page's or a chain's versions, copied: nothing is latched while one looks at them. Reuse it.
class VersionBatch {
 public:
  const std::vector<VersionView>& versions() const { return versions_; }
  bool all_visible() const { return all_visible_; }

 private:
  friend class Heap;
  Bytes bytes_;
  std::vector<VersionView> versions_;
  bool all_visible_ = false;
};

struct UpdateResult {
  bool done = false;  ///< false: Decide declined; nothing was changed
  TupleId id;
  bool hot = false;  ///< no index needs a new entry
};

struct PruneResult {
  size_t removed = 0;      ///< versions that went
  std::vector<Slot> dead;  ///< line pointers that wait for vacuum to clear the indexes
  size_t free_bytes = 0;
  bool all_visible = false;
};

class Heap {
 public:
  /// `judge` may be null: then pages are not pruned on the way.
  Heap(Store& store, RelationId relation, VersionJudge* judge = nullptr);

  base::Result<TupleId> insert(const NewVersion& version);
  /// In order, filling page after page: one log record a page.
  base::Result<std::vector<TupleId>> insert_many(std::span<const NewVersion> versions);
  /// Marks `old` as Decide says and writes its successor, in one atomic change. `hot` allows the
  /// successor to go without index entries if it fits on the page.
  base::Result<UpdateResult> update(TupleId old, const NewVersion& version, bool hot,
                                    Decide decide);
  /// Marks a version: a deletion, a lock, or the link to a successor that was inserted by itself.
  base::Result<bool> mark(TxnId by, TupleId id, Decide decide);

  /// False when there is no version in this place. Follows a redirect.
  base::Result<bool> read(TupleId id, VersionBatch& into);
  /// The versions from `root` along the chain as far as they lie on this page.
  base::Result<bool> read_chain(TupleId root, VersionBatch& into);
  /// All versions of a page in the order of their slots.
  base::Status read_page(BlockNumber block, VersionBatch& into, ScanRing* ring = nullptr);
  /// The places of a page at which chains begin, in order.
  base::Status read_roots(BlockNumber block, std::vector<TupleId>& into, ScanRing* ring = nullptr);
  /// Where the chain begins that has this version; the version's own place if in doubt.
  base::Result<TupleId> root_of(TupleId id);
  base::Result<BlockNumber> block_count();

  /// Sets hint bits if nobody else uses the page at this moment; may do nothing. They were worked
  /// out from `seen`: where xmin or xmax is another one by now, what was learnt of the old one is
  /// dropped.
  void hint(TupleId id, const VersionHeader& seen, uint16_t bits);

  /// Removes what nobody needs from one page. With `judge` of the constructor.
  base::Result<PruneResult> prune(BlockNumber block);
  /// After their index entries are gone: dead line pointers may be filled again.
  base::Status release_dead(BlockNumber block, std::span<const Slot> slots);
  /// Marks a page whose versions all are visible to everyone.
  base::Status set_all_visible(BlockNumber block);
  base::Result<bool> all_visible(BlockNumber block) { return visibility_.all_visible(block); }
  /// Cuts empty pages off the end. The caller keeps everyone else away from the relation.
  base::Result<BlockNumber> truncate_tail();

  Store& store() { return store_; }
  RelationId relation() const { return relation_; }

 private:
  base::Result<ExclusivePage> latch(BlockNumber block);
  base::Result<ExclusivePage> page_with_room(size_t size);
  base::Result<ExclusivePage> extend();
  base::Result<size_t> insert_on_a_page(std::span<const NewVersion> versions, TupleId* ids);
  base::Result<PruneResult> prune_latched(ExclusivePage& page);
  base::Result<Lsn> commit_with_visibility(Change& change, const ExclusivePage* pages[], size_t n);
  base::Result<UpdateResult> update_on_page(ExclusivePage& page, TupleId old,
                                            const NewVersion& version, bool hot, VersionMark mark);
  base::Result<UpdateResult> update_across(TupleId old, const NewVersion& version, Decide decide);
  PageId page_id(BlockNumber block) const { return {relation_, Fork::kMain, block}; }

  Store& store_;
  const RelationId relation_;
  VersionJudge* judge_;
  std::shared_ptr<FreeSpace> space_;
  VisibilityMap visibility_;
};

/// Checks a heap page: layout, headers, chains. Says what is wrong.
std::optional<std::string> verify_heap_page(PageView page);

}  // namespace isolde::storage
