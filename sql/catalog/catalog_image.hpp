#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "sql/catalog/objects.hpp"
#include "txn/table.hpp"

namespace isolde::sql {

/// All objects that somebody sees at one moment: those of one database and those of the server.
/// Immutable; sessions share the newest committed one, and a transaction that has changed something
/// has its own. Look-ups cost a hash or two.
class CatalogImage {
 public:
  virtual ~CatalogImage() = default;

  virtual ObjectPtr find(ObjectKind kind, Oid oid) const = 0;
  /// By name within a namespace (0 for kinds without).
  virtual ObjectPtr find(ObjectKind kind, Oid name_space, std::string_view name) const = 0;
  virtual void for_each(ObjectKind kind,
                        const std::function<void(const ObjectPtr&)>& visit) const = 0;
  /// Indexes, constraints, owned sequences, ... of an object; those that need it.
  virtual std::vector<ObjectPtr> parts_of(Oid owner) const = 0;
  virtual std::vector<ObjectPtr> dependents_of(Oid needed) const = 0;
  /// Grows with every committed change; an image with uncommitted changes has a number of its own.
  virtual uint64_t version() const = 0;

  RelationPtr relation(Oid oid) const {
    return std::static_pointer_cast<const RelationObject>(find(ObjectKind::kRelation, oid));
  }
  RelationPtr relation(Oid name_space, std::string_view name) const {
    return std::static_pointer_cast<const RelationObject>(
        find(ObjectKind::kRelation, name_space, name));
  }
};
using CatalogImagePtr = std::shared_ptr<const CatalogImage>;

}  // namespace isolde::sql
