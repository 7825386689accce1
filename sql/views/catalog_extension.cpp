#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/system_relations.hpp"
#include "sql/catalog/tradition_views.hpp"
#include "sql/views/catalog_reader.hpp"
#include "sql/views/views.hpp"

// pg_extension and pg_init_privs: what is the system's own. A dump leaves it out: Isolde's schemas
// because they belong to an extension, rights on catalogs because everybody has them from the
// start.

namespace isolde::sql {

namespace {

constexpr Oid kExtensions{3079};
constexpr Oid kIsoldeExtension{13998};
constexpr std::string_view kVersion = "0.1";

/// Of what PostgreSQL does not have.
bool is_own_schema(Oid name_space) {
  return name_space == oids::kIsoldeSchema || name_space == oids::kPerformanceSchema ||
         name_space == oids::kSysSchema;
}

char initial_letter(Oid name_space) {
  return is_own_schema(name_space) ? 'e' : 'i';
}

}  // namespace

void fill_pg_extension(SessionServices&, VirtualRows& rows) {
  rows.row(kIsoldeExtension, "isolde", oids::kSuperuser, oids::kIsoldeSchema, false, kVersion,
           nullptr, nullptr);
}

void fill_pg_init_privs(SessionServices&, VirtualRows& rows) {
  for (const RelationPtr& one : system_relations()) {
    if (!one->acl) continue;
    rows.row(one->oid, catalog_ids::kClass, 0, initial_letter(one->name_space), *one->acl);
  }
  for (const ObjectPtr& one : builtin_namespaces()) {
    if (!one->acl) continue;
    rows.row(one->oid, catalog_ids::kNamespace, 0, initial_letter(one->oid), *one->acl);
  }
}

void fill_extension_members(VirtualRows& rows) {
  auto member = [&](Oid catalog, Oid object) {
    rows.row(catalog, object, 0, kExtensions, kIsoldeExtension, 0, 'e');
  };
  for (const ObjectPtr& one : builtin_namespaces()) {
    if (is_own_schema(one->oid)) member(catalog_ids::kNamespace, one->oid);
  }
  for (const RelationPtr& one : system_relations()) {
    if (is_own_schema(one->name_space)) member(catalog_ids::kClass, one->oid);
  }
}

}  // namespace isolde::sql
