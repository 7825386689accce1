#include "txn/locked_scan.hpp"

#include <algorithm>

#include "base/sqlstate.hpp"
#include "txn/lock_manager.hpp"
#include "txn/snapshot_scan.hpp"

namespace isolde::txn {

using base::Error;
using base::Result;
using base::Status;
using storage::BlockNumber;
using storage::TxnFate;
using storage::VersionBatch;
using storage::VersionHeader;
using storage::VersionView;
using State = CurrentRow::State;

namespace {

constexpr size_t kFirstRows = 4;
constexpr size_t kMostRows = 64;

/// Looks at rows one by one, and remembers those that it shows.
class LockedScan : public Scan {
 public:
  LockedScan(CurrentTransaction& transaction, Table& table, const ScanSpec& spec,
             const ReadRule& rule)
      : transaction_(transaction),
        table_(table),
        rule_(rule),
        command_(transaction.command()),
        began_(transaction.take_snapshot()) {
    // The newest state is what this very command has left, too.
    if (spec.view == ScanView::kLatest) ++command_.value;
    most_ = rule.locks && (rule.use != RowUse::kRead || spec.intent == RowIntent::kLock)
                ? 1
                : kMostRows;
    limit_ = std::min(kFirstRows, most_);
  }
  ~LockedScan() override {
    transaction_.release_snapshot(began_);
    transaction_.done_reading(table_);
  }

  Status verdict(const Row& row, bool matched) override {
    if (matched || !rule_.locks) return {};
    for (const Shown& shown : shown_) {
      if (shown.id != row.id) continue;
      if (shown.newly_locked) transaction_.reject_row(table_, shown.root, rule_.use);
      break;
    }
    return {};
  }

 protected:
  /// What came of looking at a root.
  enum class Look : uint8_t { kShown, kNothing, kMoved };

  void begin_batch() {
    rows_.clear();
    shown_.clear();
    chains_used_ = 0;
  }
  std::span<const Row> end_batch() {
    limit_ = std::min(limit_ * 2, most_);
    return rows_;
  }

  /// Locks and reads the row at a root. With kMoved, `next_` and `moved_by_` say whereto.
  Result<Look> look_at(TupleId root, TxnId made_by = {}) {
    if (!rule_.locks) return look_without_lock(root);
    if (rule_.peeks) {
      if (Status s = pass(root.block); !s) return s.take_error();
      auto row = read(root);
      if (!row) return row.take_error();
      if (row->state != State::kBusy) return settle(root, *row, false, made_by);
      give_back_chain();
    }
    for (;;) {
      auto granted = transaction_.lock_row(table_, root, rule_.use, rule_.wait && !may_show_old());
      if (!granted) return granted.take_error();
      if (*granted == Granted::kNotAvailable) return unavailable(root);
      const bool fresh = *granted == Granted::kNew;
      auto row = read(root);
      if (!row) return row.take_error();
      if (row->state != State::kBusy) return settle(root, *row, fresh, made_by);
      give_back_chain();
      if (fresh) transaction_.unlock_row(table_, root, rule_.use);
      auto over = transaction_.await_writer(row->by, rule_.wait && !may_show_old());
      if (!over) return over.take_error();
      if (!*over) return unavailable(root);
    }
  }

  /// Before rows of a page are peeked at.
  Status pass(BlockNumber block) {
    if (passed_ == block) return {};
    passed_ = block;
    return transaction_.pass_page(table_, block);
  }

  /// Has the transaction ended since the scan began? (Then not in a way that the scan knew of.)
  bool is_newer(TxnId id) const {
    if (transaction_.is_mine(id)) return false;
    const storage::TxnState state = transaction_.manager().state(id);
    return state.fate != TxnFate::kCommitted || state.seq > began_.seq;
  }

  void show(const VersionView& version, TupleId root, bool fresh) {
    rows_.push_back(row_of(version, root));
    shown_.push_back({version.id, root, fresh});
  }

  /// Of a table scan: was this version put here by an update since the scan began?
  virtual bool is_seen_elsewhere(const VersionView& /*first*/) { return false; }
  /// Is the row that was found at this root the one that the scan was looking for?
  virtual Result<bool> is_right(TupleId /*root*/, const VersionView& /*version*/) { return true; }

  CurrentTransaction& transaction_;
  Table& table_;
  const ReadRule rule_;
  CommandId command_;
  Snapshot began_;
  std::vector<Row> rows_;
  size_t limit_ = 0;
  TupleId next_;
  TxnId moved_by_;

 private:
  struct Shown {
    TupleId id;
    TupleId root;
    bool newly_locked;
  };

  bool may_show_old() const { return rule_.shows_committed; }

  Result<CurrentRow> read(TupleId root) {
    if (chains_used_ == chains_.size()) chains_.push_back(std::make_unique<VersionBatch>());
    return read_current(transaction_, command_, table_, root, *chains_[chains_used_++],
                        rule_.dirty);
  }
  void give_back_chain() { --chains_used_; }
  const VersionBatch& chain() const { return *chains_[chains_used_ - 1]; }

  Result<Look> look_without_lock(TupleId root) {
    auto row = read(root);
    if (!row) return row.take_error();
    if (row->state == State::kPresent) {
      show(*row->version, root, false);
      return Look::kShown;
    }
    give_back_chain();
    return Look::kNothing;
  }

  /// Is the chain that was read last the row that the scan is looking for? Who follows a row knows
  /// who has moved it.
  bool belongs_here(TxnId made_by) {
    if (chain().versions().empty()) return false;
    const VersionView& first = chain().versions().front();
    return made_by != TxnId{} ? first.header.xmin == made_by : !is_seen_elsewhere(first);
  }

  /// Of a row that is not busy.
  Result<Look> settle(TupleId root, const CurrentRow& row, bool fresh, TxnId made_by) {
    if (Status s = transaction_.accept(row); !s) return s.take_error();
    Look look = Look::kNothing;
    if (belongs_here(made_by)) {
      if (row.state == State::kPresent) {
        auto right = is_right(root, *row.version);
        if (!right) return right.take_error();
        if (*right) look = Look::kShown;
      } else if (row.state == State::kMoved && is_newer(row.by)) {
        look = Look::kMoved;
        next_ = row.next;
        moved_by_ = row.by;
      }
    }
    if (look == Look::kShown) {
      const bool kept = fresh && rule_.keeps;
      show(*row.version, root, kept);
      if (fresh && !kept) transaction_.unlock_row(table_, root, rule_.use);
      return look;
    }
    give_back_chain();
    if (fresh) transaction_.unlock_row(table_, root, rule_.use);
    return look;
  }

  /// Somebody else has it, and the scan does not wait.
  Result<Look> unavailable(TupleId root) {
    if (rule_.skips) return Look::kNothing;
    if (!may_show_old())
      return Error(base::sqlstate::kLockNotAvailable,
                   "could not obtain lock on row in relation \"" + table_.name + "\"");
    auto row = read(root);
    if (!row) return row.take_error();
    const bool there =
        row->version != nullptr && (row->state == State::kPresent || row->state == State::kBusy);
    if (there) {
      show(*row->version, root, false);
      return Look::kShown;
    }
    give_back_chain();
    return Look::kNothing;
  }

  size_t most_ = kMostRows;
  BlockNumber passed_ = storage::kNoBlock;
  std::vector<Shown> shown_;
  std::vector<std::unique_ptr<VersionBatch>> chains_;
  size_t chains_used_ = 0;
};

/// Page after page, as many as there were at the start.
class LockedTableScan final : public LockedScan {
 public:
  using LockedScan::LockedScan;

  Result<std::span<const Row>> next() override {
    begin_batch();
    if (!started_) {
      if (Status s = start(); !s) return s.take_error();
    }
    while (rows_.size() < limit_) {
      if (Status s = transaction_.task().poll(); !s) return s.take_error();
      if (at_ == roots_.size()) {
        // A page that was copied lasts until the next call.
        if (block_ == end_ || (pages_whole() && !rows_.empty())) break;
        if (Status s = next_page(); !s) return s.take_error();
        continue;
      }
      if (Status s = look_and_follow(roots_[at_++]); !s) return s.take_error();
    }
    return end_batch();
  }

  Status restart(const KeyRange&) override {
    started_ = false;
    return {};
  }

 protected:
  bool is_seen_elsewhere(const VersionView& first) override {
    constexpr uint16_t kKind = storage::kUpdated | storage::kHeapOnly;
    return (first.header.infomask & kKind) == storage::kUpdated && is_newer(first.header.xmin);
  }

 private:
  /// Without locks to take, a page's versions are judged from one copy of it.
  bool pages_whole() const { return !rule_.locks || rule_.peeks; }

  Status start() {
    if (rule_.ranges) {
      if (Status s = transaction_.lock_all(table_, rule_.use); !s) return s;
    }
    auto count = table_.heap.block_count();
    if (!count) return count.take_error();
    end_ = count->value;
    block_ = 0;
    roots_.clear();
    at_ = 0;
    started_ = true;
    return {};
  }

  Status next_page() {
    const BlockNumber block{block_++};
    at_ = 0;
    if (!pages_whole()) return table_.heap.read_roots(block, roots_, &ring_);
    roots_.clear();
    if (rule_.peeks) {
      if (Status s = pass(block); !s) return s;
    }
    if (Status s = table_.heap.read_page(block, page_, &ring_); !s) return s;
    for (const VersionView& version : page_.versions()) {
      if (page_.all_visible()) {
        show(version, version.id, false);
      } else if (Status s = judge(version); !s) {
        return s;
      }
    }
    return {};
  }

  /// One version of a page's copy: shown, left out, or its row is to be looked at under a lock.
  Status judge(const VersionView& version) {
    const CurrentRow row = judge_version(transaction_, command_, version, rule_.dirty);
    const bool starts_chain = (version.header.infomask & storage::kHeapOnly) == 0;
    switch (row.state) {
      case State::kAbsent:
      case State::kDeleted:
        return {};
      case State::kPresent:
        if (rule_.dirty == Dirty::kNo && starts_chain && is_seen_elsewhere(version)) return {};
        // What comes after a row that is waited for is read after that wait.
        if (rule_.locks && !roots_.empty()) return look_later(version);
        show(version, version.id, false);
        return {};
      case State::kBusy: {
        // The work of others is met at the version that it began with.
        const bool successor =
            row.version == nullptr && (version.header.infomask & storage::kUpdated) != 0;
        return successor ? Status() : look_later(version);
      }
      case State::kMoved: {
        const bool on_page = (version.header.infomask & storage::kHotUpdated) != 0;
        if (on_page || rule_.dirty == Dirty::kYes || !is_newer(row.by)) return {};
        return look_later(version);
      }
    }
    return {};
  }

  Status look_later(const VersionView& version) {
    auto root = table_.heap.root_of(version.id);
    if (!root) return root.take_error();
    roots_.push_back(*root);
    return {};
  }

  Status look_and_follow(TupleId root) {
    auto look = look_at(root);
    while (look && *look == Look::kMoved) {
      if (!next_.valid()) return {};
      look = look_at(next_, moved_by_);
    }
    return look ? Status() : Status(look.take_error());
  }

  VersionBatch page_;
  storage::ScanRing ring_;
  std::vector<TupleId> roots_;
  size_t at_ = 0;
  uint32_t block_ = 0;
  uint32_t end_ = 0;
  bool started_ = false;
};

class LockedIndexScan final : public LockedScan {
 public:
  LockedIndexScan(CurrentTransaction& transaction, Table& table, const ScanSpec& spec,
                  const ReadRule& rule)
      : LockedScan(transaction, table, spec, rule),
        index_(*spec.index),
        range_(spec.range),
        backward_(spec.backward),
        keys_only_(spec.keys_only),
        walk_(index_) {
    if (rule.ranges) gaps_ = transaction.gap_locks(table, index_, rule.use);
  }

  Result<std::span<const Row>> next() override {
    begin_batch();
    keys_used_ = 0;
    if (!started_) start();
    while (!done_ && rows_.size() < limit_) {
      if (Status s = transaction_.task().poll(); !s) return s.take_error();
      auto found = walk_.next();
      if (!found) return found.take_error();
      if (!*found) {
        if (Status s = reached_end(); !s) return s.take_error();
        continue;
      }
      if (Status s = take_entry(); !s) return s.take_error();
    }
    return end_batch();
  }

  Status restart(const KeyRange& range) override {
    range_ = range;
    started_ = done_ = false;
    transaction_.release_snapshot(began_);
    began_ = transaction_.take_snapshot();
    return {};
  }

 protected:
  /// A row that has come since the scan began may have taken the place of another that an old entry
  /// leads to: then its entry is not there any more.
  Result<bool> is_right(TupleId root, const VersionView& version) override {
    if (transaction_.is_mine(version.header.xmin) || !is_newer(version.header.xmin)) return true;
    std::vector<TupleId> roots;
    if (Status s = index_.tree.lookup(walk_.key(), roots); !s) return s.take_error();
    return std::find(roots.begin(), roots.end(), root) != roots.end();
  }

 private:
  void start() {
    started_ = true;
    // First without gaps, where a row that is there makes them unnecessary.
    first_pass_ = gaps_ != nullptr && range_.unique_point && rule_.point_needs_no_gap;
    walk_.start(range_, backward_, first_pass_ ? nullptr : gaps_.get());
    key_.clear();
    done_roots_.clear();
    shown_roots_.clear();
    shows_ = false;
  }

  Status reached_end() {
    if (!first_pass_ || shows_) {
      done_ = true;
      return {};
    }
    first_pass_ = false;
    walk_.start(range_, backward_, gaps_.get());
    done_roots_.clear();
    return {};
  }

  Status take_entry() {
    if (!std::ranges::equal(walk_.key(), key_)) {
      key_.assign(walk_.key().begin(), walk_.key().end());
      done_roots_.clear();
      shown_roots_.clear();
    }
    const TupleId root = walk_.root();
    if (std::find(done_roots_.begin(), done_roots_.end(), root) != done_roots_.end()) return {};
    if (keys_only_) {
      auto taken = take_key_only(root);
      if (!taken) return taken.take_error();
      if (*taken) return {};
    }
    auto look = look_at(root);
    if (!look) return look.take_error();
    done_roots_.push_back(root);
    if (*look == Look::kMoved) return walk_.again();
    if (*look != Look::kShown) return {};
    if (was_shown_before(rows_.back())) {
      rows_.pop_back();
      return {};
    }
    shown_roots_.push_back(root);
    shows_ = true;
    rows_.back().key = keep_key();
    return {};
  }

  /// Is it a row that was shown at this key and has moved to another root since?
  bool was_shown_before(const Row& row) {
    if ((row.header.infomask & storage::kUpdated) == 0 || !is_newer(row.header.xmin)) return false;
    VersionBatch old;
    for (TupleId root : shown_roots_) {
      auto now = read_current(transaction_, command_, table_, root, old);
      if (now && now->state == State::kMoved && now->next == row.root) return true;
    }
    return false;
  }

  /// Without the row itself, where its page says that everybody sees it.
  Result<bool> take_key_only(TupleId root) {
    if (rule_.locks && !rule_.peeks) return false;
    if (rule_.peeks) {
      if (Status s = pass(root.block); !s) return s.take_error();
    }
    auto all = table_.heap.all_visible(root.block);
    if (!all || !*all) return all;
    rows_.push_back(Row{root, root, {}, {}, keep_key()});
    shown_roots_.push_back(root);
    shows_ = true;
    return true;
  }

  ByteSpan keep_key() {
    if (keys_used_ == keys_.size()) keys_.push_back(std::make_unique<Bytes>());
    Bytes& kept = *keys_[keys_used_++];
    kept.assign(walk_.key().begin(), walk_.key().end());
    return kept;
  }

  Index& index_;
  KeyRange range_;
  const bool backward_;
  const bool keys_only_;
  EntryWalk walk_;
  std::unique_ptr<GapLocks> gaps_;
  bool started_ = false;
  bool done_ = false;
  bool first_pass_ = false;
  bool shows_ = false;  ///< the range has shown a row
  Bytes key_;           ///< of the entries that are passed now
  std::vector<TupleId> done_roots_;
  std::vector<TupleId> shown_roots_;
  std::vector<std::unique_ptr<Bytes>> keys_;
  size_t keys_used_ = 0;
};

}  // namespace

std::unique_ptr<Scan> make_locked_scan(CurrentTransaction& transaction, Table& table,
                                       const ScanSpec& spec, const ReadRule& rule) {
  if (spec.index != nullptr)
    return std::make_unique<LockedIndexScan>(transaction, table, spec, rule);
  return std::make_unique<LockedTableScan>(transaction, table, spec, rule);
}

}  // namespace isolde::txn
