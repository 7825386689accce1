#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "sql/catalog/catalog_image.hpp"
#include "sql/catalog/search_path.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

struct CompositeField;

/// The types that one state of a catalog adds: enums, domains, composites, the rows of tables and
/// views, and arrays of all these. Each is made when it is first asked for, and lives as long as
/// this object: whoever keeps a type keeps its source. Thread safe.
class CatalogTypes final : public TypeSource {
 public:
  /// Names without a schema are looked up along `path`; the names that types are shown by have
  /// their schema where `shown` does not find them.
  CatalogTypes(CatalogImagePtr image, SearchPath path, SearchPath shown)
      : image_(std::move(image)), path_(std::move(path)), shown_(std::move(shown)) {}
  CatalogTypes(CatalogImagePtr image, const SearchPath& path)
      : CatalogTypes(std::move(image), path, path) {}

 protected:
  const Type* added(Oid oid) const override;
  const Type* added_named(std::string_view schema, std::string_view name) const override;

 private:
  const Type* find_locked(Oid oid) const;
  const Type* make(const CatalogObject& owner, Oid oid) const;
  const Type* make_array(const CatalogObject& owner, Oid oid, Oid element) const;
  std::unique_ptr<Type> make_type(const TypeObject& about) const;
  std::unique_ptr<Type> make_row(const RelationObject& relation) const;
  CompositeField field_of(const ColumnObject& column) const;
  Oid named_in(Oid schema, std::string_view name) const;
  std::string shown_name(const CatalogObject& object) const;

  const CatalogImagePtr image_;
  const SearchPath path_, shown_;

  mutable std::recursive_mutex mutex_;  // one type is made of others
  // guarded by mutex_, as what follows
  mutable std::unordered_map<uint32_t, std::shared_ptr<const Type>> made_;
  mutable std::deque<std::string> strings_;
};

/// The object behind a type that is not built in: a TypeObject, or the RelationObject of a row
/// type; of an array type, that of its elements. Null for built-in types.
ObjectPtr type_object(const CatalogImage& image, Oid type);

}  // namespace isolde::sql
