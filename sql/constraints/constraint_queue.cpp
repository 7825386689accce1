#include "sql/constraints/constraint_queue.hpp"

#include <algorithm>
#include <utility>

#include "sql/exec/row_copy.hpp"

namespace isolde::sql {

uint32_t ConstraintQueue::number(const ConstraintPtr& constraint) {
  auto [at, fresh] =
      numbers_.try_emplace(constraint->oid, static_cast<uint32_t>(constraints_.size()));
  if (fresh) {
    constraints_.push_back(constraint);
  } else {
    constraints_[at->second] = constraint;
  }
  return at->second;
}

void ConstraintQueue::add(ConstraintEvent event, std::span<const Datum> values,
                          std::span<const Type* const> types) {
  touched_ = true;
  const bool deferred = event.deferrable && is_deferred(*constraint(event));
  Arena& arena = deferred ? deferred_values_ : immediate_values_;
  auto* kept = arena.allocate_array<Datum>(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    kept[i] = copy_datum(values[i], *types[i % types.size()], arena);
  }
  event.values = kept;
  (deferred ? deferred_ : immediate_).push_back(event);
}

void ConstraintQueue::superseded(Oid table, storage::TupleId version) {
  if (dead_.insert({table, version}).second) superseded_.push_back({table, version});
}

Oid ConstraintQueue::table_of(const ConstraintEvent& event) const {
  const ConstraintObject& about = *constraints_[event.constraint];
  const bool referenced = event.kind == ConstraintEvent::Kind::kDeleted ||
                          event.kind == ConstraintEvent::Kind::kUpdated;
  return referenced ? about.referenced : about.relation;
}

bool ConstraintQueue::pending_on(Oid table) const {
  auto is_open = [&](const ConstraintEvent& event) {
    return event.fired == 0 && table_of(event) == table;
  };
  return std::any_of(immediate_.begin() + static_cast<ptrdiff_t>(at_), immediate_.end(), is_open) ||
         std::any_of(deferred_.begin(), deferred_.end(), is_open);
}

void ConstraintQueue::set_all(bool deferred) {
  touched_ = true;
  modes_.all = deferred;
  modes_.some.clear();
}

void ConstraintQueue::set(Oid constraint, bool deferred) {
  touched_ = true;
  modes_.some[constraint] = deferred;
}

bool ConstraintQueue::is_deferred(const ConstraintObject& constraint) const {
  if (!constraint.deferrable) return false;
  if (auto one = modes_.some.find(constraint.oid); one != modes_.some.end()) return one->second;
  return modes_.all.value_or(constraint.initially_deferred);
}

bool ConstraintQueue::next(ConstraintEvent& event) {
  if (at_ == immediate_.size()) return false;
  event = immediate_[at_++];
  return true;
}

void ConstraintQueue::end_statement() {
  immediate_.clear();
  immediate_values_.reset();
  at_ = 0;
  if (!deferred_.empty()) return;
  superseded_.clear();
  dead_.clear();
}

bool ConstraintQueue::next_deferred(ConstraintEvent& event, size_t& from, bool all) {
  for (; from < deferred_.size(); ++from) {
    ConstraintEvent& one = deferred_[from];
    if (one.fired != 0 || (!all && is_deferred(*constraint(one)))) continue;
    one.fired = round_;
    event = one;
    ++from;
    return true;
  }
  return false;
}

void ConstraintQueue::define_savepoint() {
  touched_ = true;
  savepoints_.push_back({deferred_.size(), superseded_.size(), ++round_, modes_});
}

void ConstraintQueue::release_savepoints(size_t at) {
  savepoints_.resize(std::min(at, savepoints_.size()));
}

void ConstraintQueue::roll_back_to_savepoint(size_t at) {
  immediate_.clear();
  immediate_values_.reset();
  at_ = 0;
  if (at >= savepoints_.size()) return;
  savepoints_.resize(at + 1);
  const Savepoint& back = savepoints_.back();
  deferred_.resize(std::min(deferred_.size(), back.deferred));
  for (ConstraintEvent& event : deferred_) {
    if (event.fired >= back.round) event.fired = 0;
  }
  while (superseded_.size() > back.superseded) {
    dead_.erase(superseded_.back());
    superseded_.pop_back();
  }
  modes_ = back.modes;
}

void ConstraintQueue::clear() {
  if (!std::exchange(touched_, false)) return;
  immediate_.clear();
  deferred_.clear();
  immediate_values_.reset();
  deferred_values_.reset();
  superseded_.clear();
  dead_.clear();
  savepoints_.clear();
  constraints_.clear();
  numbers_.clear();
  modes_ = {};
  at_ = 0;
  round_ = 1;
}

}  // namespace isolde::sql
