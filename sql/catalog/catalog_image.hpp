#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "sql/catalog/object_set.hpp"

namespace isolde::sql {

/// All objects that somebody sees at one moment: those of one database and those of the server.
/// Immutable; sessions share the newest committed one, and a transaction that has changed something
/// has its own. Look-ups cost a hash or two.
class CatalogImage {
 public:
  using SetPtr = std::shared_ptr<const ObjectSet>;
  CatalogImage(Oid database, SetPtr own, SetPtr server, uint64_t version)
      : database_(database), own_(std::move(own)), server_(std::move(server)), version_(version) {}

  ObjectPtr find(ObjectKind kind, Oid oid) const;
  /// By name within a namespace (0 for kinds without); of functions, any one.
  ObjectPtr find(ObjectKind kind, Oid name_space, std::string_view name) const;
  /// All of that name: overloaded functions, constraints of several tables.
  std::vector<ObjectPtr> named(ObjectKind kind, Oid name_space, std::string_view name) const;
  void for_each(ObjectKind kind, const std::function<void(const ObjectPtr&)>& visit) const;
  /// Indexes, constraints, owned sequences, ... of an object; those that need it. By number.
  std::vector<ObjectPtr> parts_of(Oid owner) const;
  std::vector<ObjectPtr> dependents_of(Oid needed) const;
  /// The TypeObject, or the RelationObject whose rows or arrays of rows have this type.
  ObjectPtr owner_of_type(Oid type) const;
  /// Grows with every committed change; an image with uncommitted changes has a number of its own.
  uint64_t version() const { return version_; }
  Oid database() const { return database_; }

  RelationPtr relation(Oid oid) const {
    return std::static_pointer_cast<const RelationObject>(find(ObjectKind::kRelation, oid));
  }
  RelationPtr relation(Oid name_space, std::string_view name) const {
    return std::static_pointer_cast<const RelationObject>(
        find(ObjectKind::kRelation, name_space, name));
  }
  /// As find(), for those who know what they look for: get<RoleObject>(ObjectKind::kRole, oid).
  template <typename T, typename... Key>
  std::shared_ptr<const T> get(ObjectKind kind, Key... key) const {
    return std::static_pointer_cast<const T>(find(kind, key...));
  }

  /// With its place in the file: for the catalog itself.
  EntryPtr entry(ObjectKind kind, Oid oid) const { return set_of(kind).find(kind, oid); }
  const SetPtr& own() const { return own_; }
  const SetPtr& server() const { return server_; }

 private:
  const ObjectSet& set_of(ObjectKind kind) const;

  Oid database_;
  SetPtr own_, server_;
  uint64_t version_;
};
using CatalogImagePtr = std::shared_ptr<const CatalogImage>;

/// Roles, databases, memberships, settings and the counter belong to the whole server.
bool is_server_wide(ObjectKind kind);

}  // namespace isolde::sql
