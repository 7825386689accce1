#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sql/catalog/objects.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/type.hpp"
#include "storage/ids.hpp"

// What is still to be checked, or done, for rows that a transaction has written: foreign keys, and
// unique keys that are DEFERRABLE. PostgreSQL keeps them as events of internal triggers.
//
//      INSERT INTO child ...     event: does the parent exist?      end of the statement
//      DELETE FROM parent ...    event: does anybody refer to it?   end of the statement, or
//                                                                   SET CONSTRAINTS IMMEDIATE,
//                                                                   COMMIT
//
// The queue only remembers. Who works it off is ConstraintChecks (constraint_checks.hpp).
//
// Invariants
//  1. Events fire in the order in which rows were written; what an event causes (a cascade) stands
//     behind all that was there before.
//  2. An event about a new version counts only as long as that version lives: whoever replaces or
//     deletes it says so (superseded()), and a later event speaks for its successor.
//  3. Rolling back to a savepoint forgets the events since, and what has fired since is open again.

namespace isolde::sql {

using ConstraintPtr = std::shared_ptr<const ConstraintObject>;

struct ConstraintEvent {
  enum class Kind : uint8_t {
    kReference,  ///< a row refers to another, which must exist
    kDeleted,    ///< a row that others may refer to is gone
    kUpdated,    ///< its key is another now
    kUnique,     ///< a row has a key that no other must have
  };
  Kind kind = Kind::kReference;
  bool deferrable = false;   ///< may wait for the end of the transaction, if the constraint does
  uint32_t constraint = 0;   ///< its number in the queue
  uint32_t fired = 0;        ///< in which round; 0: not yet
  storage::TupleId version;  ///< of kReference and kUnique
  const Datum* values = nullptr;  ///< of the constraint's columns; kUpdated: the old, then the new
};

class ConstraintQueue {
 public:
  /// The number of a constraint, for events.
  uint32_t number(const ConstraintPtr& constraint);
  const ConstraintPtr& constraint(const ConstraintEvent& event) const {
    return constraints_[event.constraint];
  }

  // --- recording
  /// Copies the values.
  void add(ConstraintEvent event, std::span<const Datum> values,
           std::span<const Type* const> types);
  bool pending() const { return at_ < immediate_.size() || !deferred_.empty(); }
  /// A version that this transaction has made is replaced or deleted.
  void superseded(Oid table, storage::TupleId version);
  bool is_superseded(Oid table, storage::TupleId version) const {
    return !dead_.empty() && dead_.contains({table, version});
  }
  /// Is there an event about rows of this table?
  bool pending_on(Oid table) const;

  // --- SET CONSTRAINTS
  void set_all(bool deferred);
  void set(Oid constraint, bool deferred);
  bool is_deferred(const ConstraintObject& constraint) const;

  // --- working it off
  bool has_immediate() const { return at_ < immediate_.size(); }
  /// The next event of the statement.
  bool next(ConstraintEvent& event);
  /// All of them have fired.
  void end_statement();
  /// The next deferred event that has not fired; unless `all`, of a constraint that is immediate
  /// now.
  bool next_deferred(ConstraintEvent& event, size_t& from, bool all);

  // --- the transaction
  void define_savepoint();
  void release_savepoints(size_t at);
  void roll_back_to_savepoint(size_t at);
  void clear();

 private:
  struct Version {
    Oid table;
    storage::TupleId id;
    bool operator==(const Version&) const = default;
  };
  struct VersionHash {
    size_t operator()(const Version& v) const noexcept {
      uint64_t bits =
          (uint64_t{v.table.value} << 32) ^ (uint64_t{v.id.block.value} << 16) ^ v.id.slot.value;
      return static_cast<size_t>(bits * 0x9e3779b97f4a7c15U);
    }
  };
  struct Modes {
    std::optional<bool> all;
    std::map<Oid, bool> some;
  };
  struct Savepoint {
    size_t deferred;
    size_t superseded;
    uint32_t round;
    Modes modes;
  };

  Oid table_of(const ConstraintEvent& event) const;

  std::vector<ConstraintPtr> constraints_;
  std::unordered_map<Oid, uint32_t> numbers_;
  std::vector<ConstraintEvent> immediate_;  ///< of the statement; those before at_ have fired
  size_t at_ = 0;
  std::vector<ConstraintEvent> deferred_;
  Arena immediate_values_, deferred_values_;
  std::vector<Version> superseded_;  ///< in order, for savepoints; `dead_` has the same
  std::unordered_set<Version, VersionHash> dead_;
  Modes modes_;
  uint32_t round_ = 1;  ///< grows with every savepoint
  std::vector<Savepoint> savepoints_;
  bool touched_ = false;  ///< by this transaction
};

}  // namespace isolde::sql
