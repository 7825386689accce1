#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/views/catalog_reader.hpp"
#include "sql/views/views.hpp"

// What belongs to the whole server: roles, databases, their settings; and schemas.

namespace isolde::sql {

void fill_pg_namespace(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (const ObjectPtr& one : catalog.objects(ObjectKind::kNamespace)) {
    rows.row(one->oid, one->name, one->owner, one->acl);
  }
}

/// Passwords are shown to superusers alone.
void fill_pg_authid(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  const CatalogImage& image = catalog.image();
  const bool superuser = is_superuser(image, role_by_name(image, services.user()));
  for (const auto& one : catalog.all<RoleObject>(ObjectKind::kRole)) {
    const RoleObject& r = *one;
    rows.row(r.oid, r.name, r.superuser, r.inherit, r.create_role, r.create_db, r.login,
             r.replication, r.bypass_rls, r.connection_limit,
             superuser ? r.password : std::optional<std::string>(), r.valid_until);
  }
}

void fill_pg_auth_members(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (const auto& one : catalog.all<MembershipObject>(ObjectKind::kMembership)) {
    rows.row(one->role, one->member, one->grantor, one->admin);
  }
}

void fill_pg_database(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  constexpr int kUtf8 = 6;
  for (const auto& one : catalog.all<DatabaseObject>(ObjectKind::kDatabase)) {
    const DatabaseObject& d = *one;
    rows.row(d.oid, d.name, d.owner, kUtf8, 'c', d.is_template, d.allow_connections,
             d.connection_limit, 3, 1, 1663, "C.UTF-8", "C.UTF-8", nullptr, nullptr, d.acl);
  }
}

void fill_pg_db_role_setting(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (const auto& one : catalog.all<SettingsObject>(ObjectKind::kSettings)) {
    std::vector<std::string> settings;
    for (const auto& [name, value] : one->settings) settings.push_back(name + "=" + value);
    rows.row(one->database, one->role, settings);
  }
}

void fill_pg_default_acl(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (const auto& one : catalog.all<DefaultAclObject>(ObjectKind::kDefaultAcl)) {
    rows.row(one->oid, one->role, one->name_space, one->object_type, one->entries);
  }
}

void fill_pg_tablespace(SessionServices&, VirtualRows& rows) {
  rows.row(1663, "pg_default", oids::kSuperuser, nullptr, nullptr);
  rows.row(1664, "pg_global", oids::kSuperuser, nullptr, nullptr);
}

namespace {

/// What is said of a composite type is said of the type.
void describe_relation(const RelationObject& relation, VirtualRows& rows) {
  const bool composite = relation.relation_kind == RelationKind::kComposite;
  if (relation.comment) {
    rows.row(composite ? relation.row_type : relation.oid,
             composite ? catalog_ids::kType : catalog_ids::kClass, 0, *relation.comment);
  }
  for (size_t i = 0; i < relation.columns.size(); ++i) {
    const ColumnObject& column = relation.columns[i];
    if (column.dropped || !column.comment) continue;
    rows.row(relation.oid, catalog_ids::kClass, i + 1, *column.comment);
  }
}

}  // namespace

void fill_pg_description(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (ObjectKind kind : {ObjectKind::kNamespace, ObjectKind::kRelation, ObjectKind::kType,
                          ObjectKind::kConstraint, ObjectKind::kFunction}) {
    for (const ObjectPtr& one : catalog.objects(kind)) {
      if (kind == ObjectKind::kRelation) {
        describe_relation(static_cast<const RelationObject&>(*one), rows);
      } else if (one->comment) {
        rows.row(one->oid, catalog_of(kind), 0, *one->comment);
      }
    }
  }
}

void fill_pg_shdescription(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (ObjectKind kind : {ObjectKind::kDatabase, ObjectKind::kRole}) {
    for (const ObjectPtr& one : catalog.objects(kind)) {
      if (one->comment) rows.row(one->oid, catalog_of(kind), *one->comment);
    }
  }
}

}  // namespace isolde::sql
