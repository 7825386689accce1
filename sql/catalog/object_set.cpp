#include "sql/catalog/object_set.hpp"

#include <algorithm>
#include <utility>

namespace isolde::sql {

namespace {

std::string name_key(ObjectKind kind, Oid name_space, std::string_view name) {
  std::string key;
  key.reserve(name.size() + 5);
  key += static_cast<char>(kind);
  key.append(reinterpret_cast<const char*>(&name_space.value), sizeof name_space.value);
  key += name;
  return key;
}

}  // namespace

EntryPtr ObjectSet::find(ObjectKind kind, Oid oid) const {
  auto found = by_oid_[static_cast<size_t>(kind)].find(oid);
  return found.empty() ? nullptr : found.front();
}

std::span<const EntryPtr> ObjectSet::named(ObjectKind kind, Oid name_space,
                                           std::string_view name) const {
  return by_name_.find(name_key(kind, name_space, name));
}

void ObjectSet::for_each(ObjectKind kind, const std::function<void(const EntryPtr&)>& visit) const {
  by_oid_[static_cast<size_t>(kind)].for_each(visit);
}

EntryPtr ObjectSet::owner_of_type(Oid type) const {
  auto found = by_type_.find(type);
  return found.empty() ? nullptr : found.front();
}

/// Everything that an object depends on, once each.
std::vector<Oid> ObjectSet::all_needs(const CatalogObject& object) {
  std::vector<Oid> needs = object.needs;
  for (const ColumnRef& ref : object.needs_columns) needs.push_back(ref.relation);
  if (object.kind == ObjectKind::kRelation) {
    for (const ColumnObject& column : static_cast<const RelationObject&>(object).columns) {
      needs.insert(needs.end(), column.needs.begin(), column.needs.end());
    }
  }
  std::ranges::sort(needs);
  needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
  std::erase(needs, object.oid);
  return needs;
}

/// The types that come with an object.
template <typename Visit>
void ObjectSet::visit_types(const CatalogObject& object, Visit&& visit) {
  if (object.kind == ObjectKind::kType) {
    visit(object.oid);
    visit(static_cast<const TypeObject&>(object).array_type);
  } else if (object.kind == ObjectKind::kRelation) {
    const auto& relation = static_cast<const RelationObject&>(object);
    visit(relation.row_type);
    visit(relation.row_array_type);
  }
}

void ObjectSet::put(EntryPtr entry) {
  const CatalogObject& object = *entry->object;
  erase(object.kind, object.oid);
  by_oid_[static_cast<size_t>(object.kind)].add(object.oid, entry);
  by_name_.add(name_key(object.kind, object.name_space, object.name), entry);
  if (object.part_of != Oid{}) parts_.add(object.part_of, entry);
  for (Oid needed : all_needs(object)) dependents_.add(needed, entry);
  visit_types(object, [&](Oid type) {
    if (type != Oid{}) by_type_.add(type, entry);
  });
}

void ObjectSet::erase(ObjectKind kind, Oid oid) {
  EntryPtr entry = find(kind, oid);
  if (entry == nullptr) return;
  const CatalogObject& object = *entry->object;
  by_oid_[static_cast<size_t>(kind)].remove(oid, entry.get());
  by_name_.remove(name_key(kind, object.name_space, object.name), entry.get());
  if (object.part_of != Oid{}) parts_.remove(object.part_of, entry.get());
  for (Oid needed : all_needs(object)) dependents_.remove(needed, entry.get());
  visit_types(object, [&](Oid type) { by_type_.remove(type, entry.get()); });
}

}  // namespace isolde::sql
