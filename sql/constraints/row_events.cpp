#include "sql/constraints/row_events.hpp"

#include <algorithm>

#include "sql/table/same_image.hpp"

namespace isolde::sql {

RowEvents::RowEvents(const WriteRules& rules, ExecContext& exec) : rules_(rules), exec_(exec) {}

const Type& RowEvents::type_of(int column) const {
  return *rules_.table->shape[static_cast<size_t>(rules_.table->live[static_cast<size_t>(column)])]
              .type;
}

bool RowEvents::supersedes(const txn::Row& old) const {
  return exec_.constraints != nullptr && exec_.constraints->pending() &&
         exec_.transaction->is_mine(old.header.xmin);
}

void RowEvents::supersede(const txn::Row& old) {
  if (supersedes(old)) exec_.constraints->superseded(rules_.table->oid(), old.id);
}

/// The values of a key, behind those already taken. False when one is NULL.
bool RowEvents::take(const WriteRules::KeyRule& rule, const Datum* row) {
  types_.clear();
  bool whole = true;
  for (int column : rule.columns) {
    values_.push_back(row[column]);
    types_.push_back(&type_of(column));
    whole &= !row[column].is_null();
  }
  return whole;
}

/// Does the key just taken refer to anything, or break MATCH FULL?
bool RowEvents::refers(const WriteRules::KeyRule& rule) const {
  auto nulls = std::count_if(values_.begin(), values_.end(), [](Datum v) { return v.is_null(); });
  if (rule.constraint->match == 'f') return nulls < static_cast<ptrdiff_t>(values_.size());
  return nulls == 0;
}

void RowEvents::add(ConstraintEvent::Kind kind, const WriteRules::KeyRule& rule,
                    txn::TupleId version) {
  ConstraintEvent event;
  event.kind = kind;
  event.constraint = exec_.constraints->number(rule.constraint);
  event.version = version;
  switch (kind) {
    case ConstraintEvent::Kind::kReference:
    case ConstraintEvent::Kind::kUnique:
      event.deferrable = true;
      break;
    // Only NO ACTION waits: the others happen with the statement.
    case ConstraintEvent::Kind::kDeleted:
      event.deferrable = rule.constraint->on_delete == 'a';
      break;
    case ConstraintEvent::Kind::kUpdated:
      event.deferrable = rule.constraint->on_update == 'a';
      break;
  }
  exec_.constraints->add(event, values_, types_);
}

void RowEvents::inserted(const Datum* row, txn::TupleId version) {
  if (exec_.constraints == nullptr) return;
  for (const WriteRules::KeyRule& rule : rules_.deferred_keys) {
    values_.clear();
    if (take(rule, row)) add(ConstraintEvent::Kind::kUnique, rule, version);
  }
  for (const WriteRules::KeyRule& rule : rules_.references) {
    values_.clear();
    take(rule, row);
    if (refers(rule)) add(ConstraintEvent::Kind::kReference, rule, version);
  }
}

bool RowEvents::watches_update(const txn::Row& old, const std::vector<int>& assigned) const {
  if (!rules_.has_key_rules()) return false;
  if (supersedes(old)) return true;
  auto concerns = [&](const WriteRules::KeyRule& rule) {
    return std::ranges::any_of(rule.columns, [&](int column) {
      return std::ranges::find(assigned, column) != assigned.end() ||
             std::ranges::find(rules_.generated, column) != rules_.generated.end();
    });
  };
  return std::ranges::any_of(rules_.references, concerns) ||
         std::ranges::any_of(rules_.referenced_by, concerns) ||
         std::ranges::any_of(rules_.deferred_keys, concerns);
}

bool RowEvents::watches_delete(const txn::Row& old) const {
  return !rules_.referenced_by.empty() || (rules_.has_key_rules() && supersedes(old));
}

void RowEvents::updated(const txn::Row& old, const Datum* old_row, const Datum* row,
                        const std::vector<int>& assigned, txn::TupleId version) {
  // An event that its predecessor was waiting for is this version's now, whatever has changed.
  const bool inherits = supersedes(old);
  supersede(old);
  new_row_.assign(old_row, old_row + rules_.table->live.size());
  auto set = [&](int column) { new_row_[static_cast<size_t>(column)] = row[column]; };
  for (int column : assigned) set(column);
  for (int column : rules_.generated) set(column);
  auto changed = [&](const WriteRules::KeyRule& rule) {
    return std::ranges::any_of(rule.columns, [&](int column) {
      return !same_image(type_of(column), old_row[column], new_row_[static_cast<size_t>(column)]);
    });
  };
  for (const WriteRules::KeyRule& rule : rules_.referenced_by) {
    values_.clear();
    if (!changed(rule) || !take(rule, old_row)) continue;
    take(rule, new_row_.data());
    add(ConstraintEvent::Kind::kUpdated, rule, version);
  }
  for (const WriteRules::KeyRule& rule : rules_.deferred_keys) {
    values_.clear();
    if (!inherits && !changed(rule)) continue;
    if (take(rule, new_row_.data())) add(ConstraintEvent::Kind::kUnique, rule, version);
  }
  for (const WriteRules::KeyRule& rule : rules_.references) {
    values_.clear();
    if (!inherits && !changed(rule)) continue;
    take(rule, new_row_.data());
    if (refers(rule)) add(ConstraintEvent::Kind::kReference, rule, version);
  }
}

void RowEvents::deleted(const txn::Row& old, const Datum* old_row) {
  supersede(old);
  for (const WriteRules::KeyRule& rule : rules_.referenced_by) {
    values_.clear();
    if (take(rule, old_row)) add(ConstraintEvent::Kind::kDeleted, rule, old.id);
  }
}

}  // namespace isolde::sql
