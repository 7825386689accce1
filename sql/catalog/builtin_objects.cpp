#include "sql/catalog/builtin_objects.hpp"

#include "sql/catalog/privilege.hpp"
#include "sql/catalog/tradition_views.hpp"

namespace isolde::sql {

namespace {

template <typename T>
std::shared_ptr<T> object_named(std::string_view name, Oid oid, Oid owner) {
  auto object = std::make_shared<T>();
  object->name = name;
  object->oid = oid;
  object->owner = owner;
  return object;
}

ObjectPtr membership(Oid oid, Oid role, Oid member) {
  auto made = object_named<MembershipObject>("", oid, oids::kSuperuser);
  made->role = role;
  made->member = member;
  made->grantor = oids::kSuperuser;
  made->needs = {member, role};
  return made;
}

ObjectPtr schema(std::string_view name, Oid oid, Oid owner, bool open, std::string_view comment) {
  auto made = object_named<NamespaceObject>(name, oid, owner);
  if (open) {
    made->acl = {{owner, owner, Privilege::kUsage | Privilege::kCreate, 0},
                 {Oid{}, owner, bit(Privilege::kUsage), 0}};
  }
  if (!comment.empty()) made->comment = comment;
  return made;
}

}  // namespace

std::vector<ObjectPtr> builtin_roles() {
  auto superuser = object_named<RoleObject>("postgres", oids::kSuperuser, Oid{});
  superuser->superuser = superuser->create_role = superuser->create_db = true;
  superuser->login = superuser->replication = superuser->bypass_rls = true;
  std::vector<ObjectPtr> made{superuser};
  struct Predefined {
    std::string_view name;
    Oid oid;
  };
  constexpr Predefined kRoles[] = {{"pg_database_owner", oids::kDatabaseOwner},
                                   {"pg_read_all_data", oids::kReadAllData},
                                   {"pg_write_all_data", oids::kWriteAllData},
                                   {"pg_monitor", oids::kMonitor},
                                   {"pg_read_all_settings", oids::kReadAllSettings},
                                   {"pg_read_all_stats", oids::kReadAllStats},
                                   {"pg_stat_scan_tables", Oid{3377}},
                                   {"pg_read_server_files", Oid{4569}},
                                   {"pg_write_server_files", Oid{4570}},
                                   {"pg_execute_server_program", Oid{4571}},
                                   {"pg_signal_backend", oids::kSignalBackend},
                                   {"pg_checkpoint", oids::kCheckpoint}};
  for (const Predefined& role : kRoles) {
    made.push_back(object_named<RoleObject>(role.name, role.oid, Oid{}));
  }
  made.push_back(membership(Oid{13990}, oids::kReadAllSettings, oids::kMonitor));
  made.push_back(membership(Oid{13991}, oids::kReadAllStats, oids::kMonitor));
  made.push_back(membership(Oid{13992}, Oid{3377}, oids::kMonitor));
  return made;
}

std::vector<ObjectPtr> builtin_namespaces() {
  return {
      schema("pg_catalog", oids::kPgCatalog, oids::kSuperuser, true, "system catalog schema"),
      schema("pg_toast", oids::kPgToast, oids::kSuperuser, false,
             "reserved schema for TOAST tables"),
      schema("public", oids::kPublic, oids::kDatabaseOwner, true, "standard public schema"),
      schema("information_schema", oids::kInformationSchema, oids::kSuperuser, true, ""),
      schema("isolde", oids::kIsoldeSchema, oids::kSuperuser, true,
             "views of transactions, locks and row versions"),
      schema("performance_schema", oids::kPerformanceSchema, oids::kSuperuser, true,
             "views of locks, as in MySQL"),
      schema("sys", oids::kSysSchema, oids::kSuperuser, true, "views of locks, as in SQL Server"),
  };
}

DatabaseObject new_database(std::string_view name, std::string_view engine, Oid owner) {
  DatabaseObject made;
  made.name = name;
  made.concurrency = engine;
  made.owner = owner;
  return made;
}

bool is_reserved_name(std::string_view name) {
  return name.starts_with("pg_");
}

}  // namespace isolde::sql
