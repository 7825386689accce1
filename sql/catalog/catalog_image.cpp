#include "sql/catalog/catalog_image.hpp"

#include <algorithm>

#include "sql/catalog/system_relations.hpp"

namespace isolde::sql {

namespace {

std::vector<ObjectPtr> objects_of(std::span<const EntryPtr> entries) {
  std::vector<ObjectPtr> objects;
  objects.reserve(entries.size());
  for (const EntryPtr& entry : entries) objects.push_back(entry->object);
  std::ranges::sort(objects, {}, [](const ObjectPtr& object) { return object->oid; });
  return objects;
}

ObjectPtr object_of(const EntryPtr& entry) {
  return entry == nullptr ? nullptr : entry->object;
}

}  // namespace

bool is_server_wide(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kRole:
    case ObjectKind::kDatabase:
    case ObjectKind::kMembership:
    case ObjectKind::kSettings:
    case ObjectKind::kCounter:
      return true;
    case ObjectKind::kNamespace:
    case ObjectKind::kRelation:
    case ObjectKind::kType:
    case ObjectKind::kConstraint:
    case ObjectKind::kFunction:
    case ObjectKind::kDefaultAcl:
      return false;
  }
  return false;
}

const ObjectSet& CatalogImage::set_of(ObjectKind kind) const {
  return is_server_wide(kind) ? *server_ : *own_;
}

ObjectPtr CatalogImage::find(ObjectKind kind, Oid oid) const {
  if (kind == ObjectKind::kRelation && is_system_object(oid)) return system_relation(oid);
  return object_of(set_of(kind).find(kind, oid));
}

ObjectPtr CatalogImage::find(ObjectKind kind, Oid name_space, std::string_view name) const {
  if (kind == ObjectKind::kRelation && is_system_object(name_space)) {
    if (RelationPtr relation = system_relation(name_space, name)) return relation;
  }
  auto found = set_of(kind).named(kind, name_space, name);
  return found.empty() ? nullptr : found.front()->object;
}

std::vector<ObjectPtr> CatalogImage::named(ObjectKind kind, Oid name_space,
                                           std::string_view name) const {
  if (kind == ObjectKind::kRelation && is_system_object(name_space)) {
    if (RelationPtr relation = system_relation(name_space, name)) return {relation};
  }
  return objects_of(set_of(kind).named(kind, name_space, name));
}

void CatalogImage::for_each(ObjectKind kind,
                            const std::function<void(const ObjectPtr&)>& visit) const {
  set_of(kind).for_each(kind, [&](const EntryPtr& entry) { visit(entry->object); });
}

std::vector<ObjectPtr> CatalogImage::parts_of(Oid owner) const {
  return objects_of(own_->parts_of(owner));
}

std::vector<ObjectPtr> CatalogImage::dependents_of(Oid needed) const {
  return objects_of(own_->dependents_of(needed));
}

ObjectPtr CatalogImage::owner_of_type(Oid type) const {
  return object_of(own_->owner_of_type(type));
}

}  // namespace isolde::sql
