#include "sql/settings/setting_stack.hpp"

#include "base/check.hpp"

namespace isolde::sql {

SettingStack::State SettingStack::state_for(SetAction action) {
  switch (action) {
    case SetAction::kSet:
      return State::kSet;
    case SetAction::kLocal:
      return State::kLocal;
    case SetAction::kSave:
      return State::kSave;
  }
  return State::kSet;
}

void SettingStack::push(int level, SetAction action, const SourcedValue& current) {
  if (level == 0) return;
  if (!entries_.empty() && entries_.back().level >= level) {
    change_again(entries_.back(), action, current);
    return;
  }
  entries_.push_back({level, state_for(action), current, {}});
}

/// The level has changed this setting before: `prior` stays, the state may move.
void SettingStack::change_again(Entry& entry, SetAction action, const SourcedValue& current) {
  switch (action) {
    case SetAction::kSet:
      entry.state = State::kSet;
      entry.masked = {};
      return;
    case SetAction::kLocal:
      if (entry.state == State::kSet) {
        entry.state = State::kSetLocal;
        entry.masked = current.value;
      }
      return;
    case SetAction::kSave:
      return;
  }
}

bool SettingStack::end(int level, bool commit, SourcedValue& current, bool& restored) {
  if (entries_.empty() || entries_.back().level < level) return false;
  Entry top = std::move(entries_.back());
  entries_.pop_back();
  if (!commit || top.state == State::kSave || (top.level == 1 && top.state == State::kLocal)) {
    restored = restored || current.value != top.prior.value;
    current = std::move(top.prior);
  } else if (top.level == 1) {
    if (top.state == State::kSetLocal) {
      restored = restored || current.value != top.masked;
      current = {std::move(top.masked), SettingSource::kSession};
    }
  } else if (entries_.empty() || entries_.back().level < top.level - 1) {
    --top.level;
    entries_.push_back(std::move(top));
  } else {
    merge(entries_.back(), std::move(top));
  }
  return true;
}

/// A savepoint is released: its changes become the enclosing level's.
void SettingStack::merge(Entry& lower, Entry&& upper) {
  switch (upper.state) {
    case State::kSave:
      ISOLDE_ASSERT(false, "a function's level gives back its values, it never merges");
      return;
    case State::kSet:
      lower.state = State::kSet;
      lower.masked = {};
      return;
    case State::kLocal:
      if (lower.state == State::kSet) {
        lower.masked = std::move(upper.prior.value);
        lower.state = State::kSetLocal;
      }
      return;
    case State::kSetLocal:
      lower.masked = std::move(upper.masked);
      lower.state = State::kSetLocal;
      return;
  }
}

void SettingStack::replace_default(const SourcedValue& value) {
  for (Entry& entry : entries_) {
    if (entry.prior.source <= value.source) entry.prior = value;
  }
}

}  // namespace isolde::sql
