#pragma once

#include <vector>

#include "txn/key_range.hpp"

// Walking over the entries of an index range and locking the gaps between them on the way, so that
// nobody inserts where one has looked (Mohan: ARIES/KVL, 1990).
//
//      index       5        8            13
//      range          [6 ............ 10]
//      locked         (5,8]  (8,13]              the gap before 8, and that before 13
//
// A gap goes by the name of the key above it; the last one by that of the index's end. Whoever
// inserts 9 asks, under the leaf's latch, whether anybody has the gap before 13; entries of which
// nothing is left for anybody (rolled back, deleted long ago) are no keys to it, and it asks about
// the next. So a lock on the gap before an entry that may become like that protects nothing by
// itself. Call an entry stable if it stays for as long as the transaction lives.
//
//   1. Entries are locked in runs: from behind a stable one up to the next stable one, or the end
//   of
//      the index. What comes into the run afterwards is kept out by one of its locks, whichever of
//      its other entries go.
//   2. When a run's locks are held it is read once more. Only if it is what was locked is it shown;
//      else the walk locks what is there now.
//   3. Downwards one lock at a time will do: everything above is locked already.

namespace isolde::txn {

/// How a transaction locks gaps of one index.
class GapLocks {
 public:
  virtual ~GapLocks() = default;
  /// The gap before `key`, or below the index's end. May wait.
  virtual base::Status lock_gap(const ByteSpan* key) = 0;
  /// Does the row's entry stay for as long as the transaction lives?
  virtual base::Result<bool> is_stable(TupleId root) = 0;
};

class EntryWalk {
 public:
  explicit EntryWalk(Index& index) : index_(index), cursor_(index.tree) {}

  /// `gaps` may be null: then nothing is locked.
  void start(const KeyRange& range, bool backward, GapLocks* gaps);
  /// To the next entry of the range; false at its end, when all its gaps are locked.
  base::Result<bool> next();
  /// The next entries will be all those with the present one's key, as the index is now.
  base::Status again();

  ByteSpan key() const { return in_runs() ? ByteSpan(run_[at_].key) : cursor_.key(); }
  TupleId root() const { return in_runs() ? run_[at_].row : cursor_.row(); }

 private:
  struct Entry {
    Bytes key;
    TupleId row;
    bool operator==(const Entry&) const = default;
  };

  bool in_runs() const { return gaps_ != nullptr && !backward_; }
  base::Status step();
  base::Result<bool> next_plain();
  base::Result<bool> next_locked();
  base::Result<bool> next_backward();
  base::Status lock_above();

  base::Status lock_run();
  base::Status take_run(std::vector<Entry>& run, bool& at_end);
  base::Result<bool> is_still(const std::vector<Entry>& run, bool at_end);
  base::Status seek_behind_anchor();
  Entry here() const;
  bool stands_at(const Entry& entry) const;

  Index& index_;
  storage::BtreeCursor cursor_;
  KeyRange range_;
  GapLocks* gaps_ = nullptr;
  bool backward_ = false;
  bool started_ = false;
  bool done_ = false;
  bool stay_ = false;  ///< step() stays where the cursor stands

  std::vector<Entry> run_;
  size_t at_ = 0;
  bool run_ends_ = false;        ///< behind it comes the end of the index
  std::optional<Entry> anchor_;  ///< the last entry of the runs so far
  std::optional<Bytes> locked_;  ///< the key whose gap was locked last
};

}  // namespace isolde::txn
