#pragma once

#include <vector>

#include "sql/settings/setting_access.hpp"
#include "sql/settings/setting_definition.hpp"

// What one setting of one session goes back to when a transaction, savepoint or function ends.
//
//   level 1  BEGIN
//              SET x = b              {level 1, kSet, prior a}
//   level 2    SAVEPOINT s
//                SET LOCAL x = c      {level 2, kLocal, prior b}
//              RELEASE s              {level 1, kSetLocal, prior a, masked b}
//            COMMIT                   x is b: the SET LOCAL ends, the SET stays
//            (ROLLBACK: x is a)
//
// Invariants
//  1. Levels rise from bottom to top, one entry at most a level.
//  2. `prior` is the value from before the first change on that level; a rollback brings it back.
//  3. `masked` is there for kSetLocal only: the value that a SET gave before a SET LOCAL hid it.

namespace isolde::sql {

/// A value together with where it came from.
struct SourcedValue {
  SettingValue value;
  SettingSource source = SettingSource::kDefault;
};

class SettingStack {
 public:
  bool empty() const { return entries_.empty(); }

  /// Before a change on `level`: remembers what is needed to undo it.
  void push(int level, SetAction action, const SourcedValue& current);

  /// Ends the top entry if it belongs to `level` or a higher one. Returns false when there is none
  /// to end. Where the value changes, `current` is brought back and `restored` set.
  bool end(int level, bool commit, SourcedValue& current, bool& restored);

  /// A new default arrives from a weaker source: entries that would bring back that source's old
  /// value bring back the new one instead.
  void replace_default(const SourcedValue& value);

 private:
  enum class State : uint8_t { kSave, kSet, kLocal, kSetLocal };
  struct Entry {
    int level;
    State state;
    SourcedValue prior;
    SettingValue masked;
  };

  static State state_for(SetAction action);
  void change_again(Entry& entry, SetAction action, const SourcedValue& current);
  static void merge(Entry& lower, Entry&& upper);

  std::vector<Entry> entries_;
};

}  // namespace isolde::sql
