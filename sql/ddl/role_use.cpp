#include "sql/ddl/role_use.hpp"

#include <algorithm>

#include "sql/catalog/database.hpp"
#include "sql/session/instance.hpp"

namespace isolde::sql {

namespace {

bool names(const std::optional<std::vector<AclEntry>>& acl, Oid role) {
  return acl && std::ranges::any_of(*acl, [&](const AclEntry& entry) {
           return entry.grantee == role || entry.grantor == role;
         });
}

std::string default_acl_line(Definer& d, const DefaultAclObject& rule) {
  std::string_view what = rule.object_type == 'r'   ? "relations"
                          : rule.object_type == 'S' ? "sequences"
                          : rule.object_type == 'f' ? "functions"
                          : rule.object_type == 'T' ? "types"
                                                    : "schemas";
  std::string line = "default privileges on new " + std::string(what) + " belonging to role " +
                     role_name(d.image(), rule.role);
  if (ObjectPtr schema = d.image().find(ObjectKind::kNamespace, rule.name_space)) {
    line += " in schema " + schema->name;
  }
  return line;
}

bool uses(const CatalogObject& object, Oid role) {
  return object.owner == role || grants_to(object, role);
}

/// How many objects of another database depend on the role.
size_t count_elsewhere(Database& database, Oid role) {
  CatalogImagePtr image = database.catalog().image(nullptr);
  size_t count = 0;
  for (ObjectKind kind :
       {ObjectKind::kNamespace, ObjectKind::kRelation, ObjectKind::kType, ObjectKind::kFunction}) {
    image->for_each(kind, [&](const ObjectPtr& object) {
      if (object->part_of == Oid{} && uses(*object, role)) ++count;
    });
  }
  image->for_each(ObjectKind::kDefaultAcl, [&](const ObjectPtr& object) {
    const auto& rule = static_cast<const DefaultAclObject&>(*object);
    if (rule.role == role || names(rule.entries, role)) ++count;
  });
  return count;
}

}  // namespace

bool grants_to(const CatalogObject& object, Oid role) {
  if (names(object.acl, role)) return true;
  if (object.kind != ObjectKind::kRelation) return false;
  return std::ranges::any_of(static_cast<const RelationObject&>(object).columns,
                             [&](const ColumnObject& column) { return names(column.acl, role); });
}

void for_each_owned(const CatalogImage& image, const std::function<void(const ObjectPtr&)>& visit) {
  std::vector<ObjectPtr> objects;
  for (ObjectKind kind : {ObjectKind::kDatabase, ObjectKind::kNamespace, ObjectKind::kRelation,
                          ObjectKind::kType, ObjectKind::kFunction}) {
    image.for_each(kind, [&](const ObjectPtr& object) { objects.push_back(object); });
  }
  std::ranges::sort(objects, {}, [](const ObjectPtr& object) { return object->oid; });
  for (const ObjectPtr& object : objects) visit(object);
}

std::string uses_of_role(Definer& d, Oid role) {
  std::vector<std::string> lines;
  for_each_owned(d.image(), [&](const ObjectPtr& object) {
    bool index = object->kind == ObjectKind::kRelation &&
                 static_cast<const RelationObject&>(*object).index.has_value();
    if (index) return;
    if (object->owner == role) {
      lines.push_back("owner of " + d.describe(*object));
    } else if (grants_to(*object, role)) {
      lines.push_back("privileges for " + d.describe(*object));
    }
  });
  d.image().for_each(ObjectKind::kDefaultAcl, [&](const ObjectPtr& object) {
    const auto& rule = static_cast<const DefaultAclObject&>(*object);
    if (rule.role == role) lines.push_back("owner of " + default_acl_line(d, rule));
    if (rule.role != role && names(rule.entries, role)) {
      lines.push_back("privileges for " + default_acl_line(d, rule));
    }
  });
  Databases& databases = d.services().instance().databases();
  d.image().for_each(ObjectKind::kDatabase, [&](const ObjectPtr& object) {
    if (object->oid == d.database()) return;
    auto opened = databases.open(object->name);
    size_t count = opened ? count_elsewhere(**opened, role) : 0;
    if (count == 0) return;
    lines.push_back(std::to_string(count) + (count == 1 ? " object" : " objects") +
                    " in database " + object->name);
  });
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace isolde::sql
