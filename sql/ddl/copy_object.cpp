#include "sql/ddl/copy_object.hpp"

namespace isolde::sql {

namespace {

template <typename T>
std::shared_ptr<CatalogObject> copy_as(const CatalogObject& object) {
  return std::make_shared<T>(static_cast<const T&>(object));
}

}  // namespace

std::shared_ptr<CatalogObject> copy_object(const CatalogObject& object) {
  switch (object.kind) {
    case ObjectKind::kNamespace:
      return copy_as<NamespaceObject>(object);
    case ObjectKind::kRelation:
      return copy_as<RelationObject>(object);
    case ObjectKind::kType:
      return copy_as<TypeObject>(object);
    case ObjectKind::kConstraint:
      return copy_as<ConstraintObject>(object);
    case ObjectKind::kFunction:
      return copy_as<FunctionObject>(object);
    case ObjectKind::kRole:
      return copy_as<RoleObject>(object);
    case ObjectKind::kDatabase:
      return copy_as<DatabaseObject>(object);
    case ObjectKind::kMembership:
      return copy_as<MembershipObject>(object);
    case ObjectKind::kSettings:
      return copy_as<SettingsObject>(object);
    case ObjectKind::kDefaultAcl:
      return copy_as<DefaultAclObject>(object);
    case ObjectKind::kCounter:
      return copy_as<CounterObject>(object);
  }
  return nullptr;
}

}  // namespace isolde::sql
