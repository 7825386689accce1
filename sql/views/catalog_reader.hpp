#pragma once

#include <functional>
#include <vector>

#include "sql/catalog/catalog_image.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

/// The numbers of the catalogs themselves: what classid and classoid say.
namespace catalog_ids {
inline constexpr Oid kType{1247};
inline constexpr Oid kAttribute{1249};
inline constexpr Oid kProc{1255};
inline constexpr Oid kClass{1259};
inline constexpr Oid kAuthId{1260};
inline constexpr Oid kDatabase{1262};
inline constexpr Oid kAttrDef{2604};
inline constexpr Oid kConstraint{2606};
inline constexpr Oid kNamespace{2615};
inline constexpr Oid kRewrite{2618};
}  // namespace catalog_ids

/// The catalog that a session sees, for those who make rows of it.
class CatalogReader {
 public:
  explicit CatalogReader(SessionServices& services);

  const CatalogImage& image() const { return *image_; }
  SessionServices& services() const { return services_; }
  /// Of this database or the server, by number.
  std::vector<ObjectPtr> objects(ObjectKind kind) const;
  template <typename T>
  std::vector<std::shared_ptr<const T>> all(ObjectKind kind) const {
    std::vector<std::shared_ptr<const T>> found;
    for (const ObjectPtr& one : objects(kind))
      found.push_back(std::static_pointer_cast<const T>(one));
    return found;
  }
  /// The system's and then the users'.
  std::vector<RelationPtr> relations() const;
  std::vector<std::shared_ptr<const ConstraintObject>> constraints_of(Oid relation) const;
  /// Built in, or made by a user; null when it is neither.
  const Type* type(Oid oid) const;

 private:
  SessionServices& services_;
  CatalogImagePtr image_;
};

/// The catalog that lists objects of this kind.
Oid catalog_of(ObjectKind kind);
/// Numbers for what has none of its own here: the default of a column, a view's rule.
Oid default_oid(Oid relation, size_t place);
Oid rule_oid(Oid view);
/// The columns of an index as pg_attribute names them.
std::vector<ColumnObject> index_columns(const CatalogImage& image, const RelationObject& index);
/// The columns of any relation.
std::vector<ColumnObject> columns_of(const CatalogImage& image, const RelationObject& relation);

}  // namespace isolde::sql
