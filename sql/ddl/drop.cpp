#include "sql/ddl/drop.hpp"

#include <algorithm>
#include <map>

#include "sql/ddl/alter_table.hpp"
#include "sql/ddl/forget.hpp"

namespace isolde::sql {

namespace {

using Children = std::vector<std::pair<Victim, bool>>;
constexpr bool kPart = true;
constexpr bool kNeeds = false;

bool contains(const std::vector<int16_t>& columns, int16_t column) {
  return std::ranges::find(columns, column) != columns.end();
}

}  // namespace

bool Dropper::is_named(const Victim& victim) const {
  return std::ranges::any_of(named_, [&](const Victim& one) { return one.key() == victim.key(); });
}

std::string Dropper::described(const Victim& victim) {
  switch (victim.part) {
    case Victim::Part::kWhole:
      return d_.describe(*victim.object);
    case Victim::Part::kColumn:
      return d_.describe(*victim.object, victim.column);
    case Victim::Part::kDefault:
      return "default value for " + d_.describe(*victim.object, victim.column);
  }
  return {};
}

/// What needs this object as a whole. A relation needs it through a column's default or type, or
/// as a whole.
void add_dependents(const CatalogImage& image, Oid needed, Children& into) {
  for (const ObjectPtr& dependent : image.dependents_of(needed)) {
    bool whole = std::ranges::find(dependent->needs, needed) != dependent->needs.end();
    for (const ColumnRef& ref : dependent->needs_columns) whole |= ref.relation == needed;
    if (whole) {
      into.push_back({Victim{dependent}, kNeeds});
      continue;
    }
    const auto& relation = static_cast<const RelationObject&>(*dependent);
    for (size_t i = 0; i < relation.columns.size(); ++i) {
      const ColumnObject& column = relation.columns[i];
      if (column.dropped || std::ranges::find(column.needs, needed) == column.needs.end()) continue;
      auto number = static_cast<int16_t>(i + 1);
      // A generated column is nothing without its expression, nor a column without its type.
      bool all =
          column.generated || column.type == needed || column_uses_type(image, column, needed);
      into.push_back(
          {Victim{dependent, number, all ? Victim::Part::kColumn : Victim::Part::kDefault},
           kNeeds});
    }
  }
}

void Dropper::children_of_relation(const RelationObject& relation, const Victim&, Children& into) {
  const CatalogImage& image = d_.image();
  for (const ObjectPtr& part : image.parts_of(relation.oid)) into.push_back({Victim{part}, kPart});
  add_dependents(image, relation.oid, into);
  if (relation.row_type != Oid{}) add_dependents(image, relation.row_type, into);
  if (relation.row_array_type != Oid{}) add_dependents(image, relation.row_array_type, into);
}

/// Constraints, indexes and sequences of a column are parts of it; views and generated columns need
/// it.
void Dropper::children_of_column(const RelationObject& relation, int16_t column, Children& into) {
  const CatalogImage& image = d_.image();
  for (const ObjectPtr& part : image.parts_of(relation.oid)) {
    bool uses = false;
    if (part->kind == ObjectKind::kConstraint) {
      uses = contains(static_cast<const ConstraintObject&>(*part).columns, column);
    } else if (part->kind == ObjectKind::kRelation) {
      const auto& other = static_cast<const RelationObject&>(*part);
      if (other.sequence) uses = other.sequence->owner_column == column;
      if (other.index) {
        uses = contains(other.index->included, column);
        for (const IndexKeyObject& key : other.index->keys) uses |= key.column == column;
      }
    }
    for (const ColumnRef& ref : part->needs_columns) {
      uses |= ref == ColumnRef{relation.oid, column};
    }
    if (uses) into.push_back({Victim{part}, kPart});
  }
  for (const ObjectPtr& dependent : image.dependents_of(relation.oid)) {
    if (dependent->part_of == relation.oid) continue;
    bool uses = std::ranges::any_of(dependent->needs_columns, [&](const ColumnRef& ref) {
      return ref == ColumnRef{relation.oid, column};
    });
    if (uses) into.push_back({Victim{dependent}, kNeeds});
  }
  for (size_t i = 0; i < relation.columns.size(); ++i) {
    const ColumnObject& other = relation.columns[i];
    if (other.dropped || !other.generated || !contains(other.reads, column)) continue;
    ObjectPtr self = image.find(ObjectKind::kRelation, relation.oid);
    into.push_back({Victim{self, static_cast<int16_t>(i + 1), Victim::Part::kColumn}, kNeeds});
  }
}

void Dropper::add_member_victims(Oid schema, Children& into) {
  for (ObjectKind kind : {ObjectKind::kRelation, ObjectKind::kType, ObjectKind::kFunction}) {
    d_.image().for_each(kind, [&](const ObjectPtr& object) {
      if (object->name_space == schema) into.push_back({Victim{object}, kNeeds});
    });
  }
}

Children Dropper::children(const Victim& victim) {
  Children into;
  const CatalogObject& object = *victim.object;
  if (victim.part == Victim::Part::kDefault) return into;
  if (victim.part == Victim::Part::kColumn) {
    children_of_column(static_cast<const RelationObject&>(object), victim.column, into);
    return into;
  }
  switch (object.kind) {
    case ObjectKind::kRelation:
      children_of_relation(static_cast<const RelationObject&>(object), victim, into);
      break;
    case ObjectKind::kConstraint: {
      const auto& constraint = static_cast<const ConstraintObject&>(object);
      add_dependents(d_.image(), object.oid, into);
      if (constraint.constraint_kind != ConstraintKind::kForeignKey && constraint.index != Oid{}) {
        ObjectPtr index = d_.image().find(ObjectKind::kRelation, constraint.index);
        if (index != nullptr) into.push_back({Victim{index}, kPart});
      }
      break;
    }
    case ObjectKind::kType:
      for (const ObjectPtr& part : d_.image().parts_of(object.oid)) {
        into.push_back({Victim{part}, kPart});
      }
      add_dependents(d_.image(), object.oid, into);
      add_dependents(d_.image(), static_cast<const TypeObject&>(object).array_type, into);
      break;
    case ObjectKind::kNamespace:
      add_member_victims(object.oid, into);
      break;
    default:
      add_dependents(d_.image(), object.oid, into);
  }
  return into;
}

/// Depth first, the newest of the dependents first; each stands behind what depends on it.
void Dropper::find(const Victim& victim, const Victim* because, bool part) {
  if (!seen_.insert(victim.key()).second) {
    // What is found a second time as a part of something goes without a word after all.
    if (!part) return;
    for (Found& found : found_) {
      if (found.victim.key() == victim.key()) found.part = true;
    }
    return;
  }
  if (victim.object->kind == ObjectKind::kRelation) {
    d_.lock(victim.object->oid, txn::table_mode::kAccessExclusive);
    if (victim.part == Victim::Part::kWhole) {
      require_no_pending_events(d_, static_cast<const RelationObject&>(*victim.object),
                                "DROP TABLE");
    }
  }
  Children below = children(victim);
  std::ranges::stable_sort(below, std::greater<>(),
                           [](const auto& child) { return child.first.object->oid; });
  for (const auto& [child, is_part] : below) find(child, &victim, is_part);
  found_.push_back({victim, because == nullptr ? Victim{} : *because, part, is_named(victim)});
}

/// "type mood[]" where a column is of arrays of what it depends on.
std::string Dropper::described_reason(const Victim& victim, const Victim& because) {
  bool column = victim.part == Victim::Part::kColumn && because.part == Victim::Part::kWhole;
  if (!column) return described(because);
  const auto& relation = static_cast<const RelationObject&>(*victim.object);
  Oid type = relation.columns[static_cast<size_t>(victim.column - 1)].type;
  ObjectPtr owner = d_.image().owner_of_type(type);
  if (owner == nullptr || owner->oid != because.object->oid) return described(because);
  return "type " + format_type(d_.type_of(type));
}

void Dropper::report(bool quiet) {
  std::vector<const Found*> dragged;
  for (auto at = found_.rbegin(); at != found_.rend(); ++at) {
    if (at->part || at->named || at->because.object == nullptr) continue;
    // A column of a table that goes as a whole is no news.
    bool of_whole =
        at->victim.part != Victim::Part::kWhole && seen_.contains(Victim{at->victim.object}.key());
    // A constraint of one that does, neither.
    ObjectPtr owner;
    if (at->victim.object->part_of != Oid{}) {
      owner = d_.image().find(ObjectKind::kRelation, at->victim.object->part_of);
    }
    bool with_owner = owner != nullptr && seen_.contains(Victim{owner}.key());
    if (!of_whole && !with_owner) dragged.push_back(&*at);
  }
  if (dragged.empty()) return;
  std::string lines;
  constexpr size_t kMostLines = 100;
  for (size_t i = 0; i < dragged.size() && i < kMostLines; ++i) {
    if (!lines.empty()) lines += '\n';
    lines += cascade_ ? "drop cascades to " + described(dragged[i]->victim)
                      : described(dragged[i]->victim) + " depends on " +
                            described_reason(dragged[i]->victim, dragged[i]->because);
  }
  if (cascade_) {
    if (quiet) return;
    if (dragged.size() == 1) return d_.notice(base::sqlstate::kSuccessfulCompletion, lines);
    return d_.notice(base::sqlstate::kSuccessfulCompletion,
                     "drop cascades to " + std::to_string(dragged.size()) + " other objects",
                     lines);
  }
  std::string what = named_.size() == 1 ? "cannot drop " + described(named_[0]) + " because"
                                        : "cannot drop desired object(s) because";
  throw base::SqlException(
      base::Error(base::sqlstate::kDependentObjectsStillExist,
                  what + " other objects depend on " + (named_.size() == 1 ? "it" : "them"))
          .detail(lines)
          .hint("Use DROP ... CASCADE to drop the dependent objects too."));
}

void Dropper::drop_whole(const CatalogObject& object) {
  if (d_.image().find(object.kind, object.oid) == nullptr) return;
  if (object.kind == ObjectKind::kRelation) {
    d_.drop_file(static_cast<const RelationObject&>(object).file);
  }
  if (object.kind == ObjectKind::kNamespace) drop_default_privileges(object.oid);
  d_.drop(object);
}

/// What new objects of a schema would have started with.
void Dropper::drop_default_privileges(Oid schema) {
  std::vector<ObjectPtr> found;
  d_.image().for_each(ObjectKind::kDefaultAcl, [&](const ObjectPtr& one) {
    if (one->name_space == schema) found.push_back(one);
  });
  for (const ObjectPtr& one : found) d_.drop(*one);
}

/// Columns of tables that stay; all of a table at once.
void Dropper::drop_columns() {
  std::map<Oid, std::vector<const Victim*>> by_table;
  for (const Found& found : found_) {
    if (found.victim.part != Victim::Part::kWhole) {
      by_table[found.victim.object->oid].push_back(&found.victim);
    }
  }
  for (const auto& [table, victims] : by_table) {
    RelationPtr now = d_.image().relation(table);
    if (now == nullptr || seen_.contains(Victim{now}.key())) continue;
    auto changed = std::make_shared<RelationObject>(*now);
    for (const Victim* victim : victims) {
      ColumnObject& column = changed->columns[static_cast<size_t>(victim->column - 1)];
      if (victim->part == Victim::Part::kDefault) {
        forget_default(column);
      } else {
        column.type = lasting_type(d_.type_of(column.type));
        forget_column(column, victim->column);
      }
    }
    d_.put(changed);
  }
}

void Dropper::run(bool quiet) {
  for (const Victim& victim : named_) find(victim, nullptr, false);
  report(quiet);
  // Columns first: a column's type may go, too.
  drop_columns();
  for (const Found& found : found_) {
    if (found.victim.part == Victim::Part::kWhole) drop_whole(*found.victim.object);
  }
}

}  // namespace isolde::sql
