#include "sql/catalog/search_path.hpp"

#include <algorithm>

#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/settings/identifier_list.hpp"

namespace isolde::sql {

bool SearchPath::contains(Oid schema) const {
  return std::ranges::find(schemas, schema) != schemas.end();
}

Oid SearchPath::schema(const CatalogImage& image, std::string_view name) const {
  if (name == "pg_temp") return temporary;
  ObjectPtr found = image.find(ObjectKind::kNamespace, Oid{}, name);
  return found == nullptr ? Oid{} : found->oid;
}

RelationPtr SearchPath::relation(const CatalogImage& image, std::string_view schema_name,
                                 std::string_view name) const {
  if (!schema_name.empty()) {
    Oid one = schema(image, schema_name);
    return one == Oid{} ? nullptr : image.relation(one, name);
  }
  for (Oid one : schemas) {
    if (RelationPtr found = image.relation(one, name)) return found;
  }
  return nullptr;
}

bool SearchPath::is_visible(const CatalogImage& image, const CatalogObject& object) const {
  for (Oid one : schemas) {
    if (one == object.name_space) return true;
    if (image.find(object.kind, one, object.name) != nullptr) return false;
  }
  return false;
}

SearchPath resolve_search_path(const CatalogImage& image, std::string_view setting,
                               std::string_view user, Oid role, Oid temporary) {
  SearchPath path;
  if (image.find(ObjectKind::kNamespace, temporary) == nullptr) temporary = Oid{};
  path.temporary = temporary;
  bool lists_temporary = false;
  for (const std::string& name :
       split_identifier_list(setting).value_or(std::vector<std::string>())) {
    ObjectPtr found;
    if (name == "pg_temp") {
      lists_temporary = true;
      found = image.find(ObjectKind::kNamespace, temporary);
    } else {
      found = image.find(ObjectKind::kNamespace, Oid{}, name == "$user" ? user : name);
      if (found != nullptr && !has_privilege(image, role, *found, Privilege::kUsage)) continue;
    }
    if (found != nullptr && std::ranges::find(path.listed, found->oid) == path.listed.end()) {
      path.listed.push_back(found->oid);
    }
  }
  auto listed = [&](Oid schema) {
    return std::ranges::find(path.listed, schema) != path.listed.end();
  };
  if (temporary != Oid{} && !lists_temporary) path.schemas.push_back(temporary);
  if (!listed(oids::kPgCatalog)) path.schemas.push_back(oids::kPgCatalog);
  path.schemas.insert(path.schemas.end(), path.listed.begin(), path.listed.end());
  if (!listed(oids::kIsoldeSchema)) path.schemas.push_back(oids::kIsoldeSchema);
  return path;
}

}  // namespace isolde::sql
