// CREATE, ALTER and DROP DATABASE. A database's row is of the whole server; what is in it is a
// catalog of its own, in a file that its row tells.

#include "sql/ddl/database.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/database.hpp"
#include "sql/ddl/options.hpp"
#include "sql/session/instance.hpp"
#include "storage/store.hpp"
#include "txn/concurrency_control.hpp"
#include "txn/engines/registry.hpp"

namespace isolde::sql {

namespace {

/// The engine that a literal names; 22023 for what is none.
std::string engine_name(const PgQuery__DefElem& option) {
  std::string name = option_text(option);
  if (txn::find_engine(name) != nullptr) return name;
  std::string available;
  for (const auto& engine : txn::all_engines()) {
    if (!available.empty()) available += ", ";
    available += engine.traits.name;
  }
  throw base::SqlException(
      base::Error(base::sqlstate::kInvalidParameterValue,
                  "invalid value for parameter \"concurrency\": " + quoted(name))
          .hint("Available values: " + available + "."));
}

/// The options of CREATE and ALTER DATABASE.
struct DatabaseOptions {
  std::optional<std::string> engine, owner, template_name;
  std::optional<int32_t> connection_limit;
  std::optional<bool> allow_connections, is_template;
};

void check_encoding(const PgQuery__DefElem& option) {
  std::string name = option_text(option);
  std::string plain;
  for (char c : name) {
    if (c != '-' && c != '_')
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  if (plain == "utf8" || plain == "unicode" || plain == "6") return;
  fail(base::sqlstate::kFeatureNotSupported,
       "encoding " + quoted(name) + " is not supported: every database is in UTF8");
}

class OptionReader {
 public:
  OptionReader(Definer& d, bool create) : d_(d), create_(create) {}

  DatabaseOptions read(PgQuery__Node* const* options, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      const PgQuery__DefElem& option = *options[i]->def_elem;
      std::string_view name = option.defname;
      if (std::ranges::find(seen_, name) != seen_.end()) fail_redundant(d_, option);
      seen_.push_back(name);
      if (!take(option, name)) {
        d_.fail_at(option.location, base::sqlstate::kSyntaxError,
                   "option " + quoted(name) + " not recognized");
      }
    }
    return made_;
  }

 private:
  bool take(const PgQuery__DefElem& option, std::string_view name) {
    if (name == "concurrency") {
      made_.engine = engine_name(option);
    } else if (name == "connection_limit") {
      made_.connection_limit = static_cast<int32_t>(option_int(option));
      if (*made_.connection_limit < -1) {
        fail(base::sqlstate::kInvalidParameterValue,
             "invalid connection limit: " + std::to_string(*made_.connection_limit));
      }
    } else if (name == "allow_connections") {
      made_.allow_connections = option_bool(option);
    } else if (name == "is_template") {
      made_.is_template = option_bool(option);
    } else if (name == "tablespace") {
      std::string space = option.arg == nullptr ? "pg_default" : option_text(option);
      if (space != "pg_default") {
        fail(base::sqlstate::kUndefinedObject, "tablespace " + quoted(space) + " does not exist");
      }
    } else {
      return create_ && take_new(option, name);
    }
    return true;
  }

  bool take_new(const PgQuery__DefElem& option, std::string_view name) {
    if (name == "owner") {
      if (option.arg != nullptr) made_.owner = option_text(option);
    } else if (name == "template") {
      if (option.arg != nullptr) made_.template_name = option_text(option);
    } else if (name == "encoding") {
      if (option.arg != nullptr) check_encoding(option);
    } else {
      // Texts are compared byte by byte, whatever a locale says.
      static constexpr std::string_view kAccepted[] = {
          "locale",     "lc_collate",        "lc_ctype", "locale_provider",
          "icu_locale", "collation_version", "strategy", "oid"};
      return std::ranges::find(kAccepted, name) != std::end(kAccepted);
    }
    return true;
  }

  Definer& d_;
  const bool create_;
  std::vector<std::string_view> seen_;
  DatabaseOptions made_;
};

Databases& databases(Definer& d) {
  return d.services().instance().databases();
}

/// Nothing but what every database has is in it.
void require_empty_template(Definer& d, std::string_view name) {
  ObjectPtr found = d.image().find(ObjectKind::kDatabase, Oid{}, name);
  if (found == nullptr) {
    fail(base::sqlstate::kUndefinedDatabase,
         "template database " + quoted(name) + " does not exist");
  }
  const auto& about = static_cast<const DatabaseObject&>(*found);
  if (!about.is_template && !owns(d.image(), d.role(), about)) {
    fail(base::sqlstate::kInsufficientPrivilege,
         "permission denied to copy database " + quoted(name));
  }
  auto opened = base::value_or_throw(databases(d).open(name));
  CatalogImagePtr image = opened->catalog().image(nullptr);
  bool empty = true;
  for (ObjectKind kind : {ObjectKind::kRelation, ObjectKind::kType, ObjectKind::kFunction}) {
    image->for_each(kind, [&](const ObjectPtr&) { empty = false; });
  }
  if (!empty) {
    fail(base::sqlstate::kFeatureNotSupported,
         "copying the contents of template database " + quoted(name) + " is not supported");
  }
}

void apply(DatabaseObject& database, const DatabaseOptions& options) {
  if (options.engine) database.concurrency = *options.engine;
  if (options.connection_limit) database.connection_limit = *options.connection_limit;
  if (options.allow_connections) database.allow_connections = *options.allow_connections;
  if (options.is_template) database.is_template = *options.is_template;
}

void pause(base::Task& task, base::SteadyTime::duration length) {
  base::SteadyTime until = base::steady_now() + length;
  while (base::steady_now() < until) {
    if (task.wait(base::kWaitPgSleep, until) == base::Wake::kInterrupted) {
      base::value_or_throw(task.take_interrupt());
    }
  }
}

/// For a while, as long as PostgreSQL waits.
void wait_until_unused(Definer& d, const DatabaseObject& database) {
  constexpr int kRounds = 500;
  SessionControl* control = d.services().instance().control();
  for (int i = 0; i < kRounds && databases(d).users(database.oid) > 0; ++i) {
    if (control != nullptr) control->leave(database.oid);
    pause(d.services().task(), std::chrono::milliseconds(10));
  }
}

/// 55006 unless nobody is connected to it. Whoever has just said goodbye may still be on the way
/// out.
void require_unused(Definer& d, const DatabaseObject& database) {
  wait_until_unused(d, database);
  size_t users = databases(d).users(database.oid);
  if (users == 0) return;
  std::string detail =
      users == 1 ? "There is 1 other session using the database."
                 : "There are " + std::to_string(users) + " other sessions using the database.";
  throw base::SqlException(
      base::Error(base::sqlstate::kObjectInUse,
                  "database " + quoted(database.name) + " is being accessed by other users")
          .detail(std::move(detail)));
}

/// Ends the sessions of a database and waits, for a while, until they are gone.
void end_sessions(Definer& d, const DatabaseObject& database) {
  Instance& instance = d.services().instance();
  if (instance.activity() == nullptr || instance.control() == nullptr) return;
  std::vector<base::SessionId> sessions;
  instance.activity()->for_each([&](const Activity& activity) {
    if (activity.database == database.name) sessions.push_back(activity.pid);
  });
  for (base::SessionId session : sessions)
    static_cast<void>(instance.control()->terminate(session));
  wait_until_unused(d, database);
}

std::shared_ptr<const DatabaseObject> own_database(Definer& d, std::string_view name) {
  auto found = database_named(d, name);
  d.require_owner(*found);
  d.lock(*found, txn::table_mode::kAccessExclusive);
  return database_named(d, name);
}

bool may_create(Definer& d) {
  auto role = d.image().get<RoleObject>(ObjectKind::kRole, d.role());
  return role != nullptr && (role->superuser || role->create_db);
}

}  // namespace

std::shared_ptr<const DatabaseObject> database_named(Definer& d, std::string_view name) {
  auto found = d.image().get<DatabaseObject>(ObjectKind::kDatabase, Oid{}, name);
  if (found == nullptr) {
    fail(base::sqlstate::kUndefinedDatabase, "database " + quoted(name) + " does not exist");
  }
  return found;
}

void create_database(Definer& d, const PgQuery__CreatedbStmt& statement) {
  d.require_no_block("CREATE DATABASE");
  std::string_view name = statement.dbname;
  DatabaseOptions options = OptionReader(d, true).read(statement.options, statement.n_options);
  Oid owner = options.owner ? role_by_name(d.image(), *options.owner) : d.role();
  if (!may_create(d)) {
    fail(base::sqlstate::kInsufficientPrivilege, "permission denied to create database");
  }
  if (!is_member_of_role(d.image(), d.role(), owner)) {
    fail(base::sqlstate::kInsufficientPrivilege,
         "must be member of role " + quoted(role_name(d.image(), owner)));
  }
  require_empty_template(d, options.template_name.value_or("template1"));
  d.lock_name(ObjectKind::kDatabase, Oid{}, name);
  if (d.image().find(ObjectKind::kDatabase, Oid{}, name) != nullptr) {
    fail(base::sqlstate::kDuplicateDatabase, "database " + quoted(name) + " already exists");
  }
  DatabaseObject made = new_database(name, txn::all_engines().front().traits.name, owner);
  made.oid = d.new_oid();
  apply(made, options);
  txn::EngineTransaction& transaction = d.services().transaction();
  auto by = base::value_or_throw(transaction.write_id());
  base::value_or_throw(create_database_catalog(d.store(), by, transaction.command(), made));
  d.put(std::make_shared<DatabaseObject>(std::move(made)));
}

void alter_database(Definer& d, const PgQuery__AlterDatabaseStmt& statement) {
  DatabaseOptions options = OptionReader(d, false).read(statement.options, statement.n_options);
  if (options.engine) d.require_no_block("ALTER DATABASE SET CONCURRENCY");
  auto database = own_database(d, statement.dbname);
  if (options.engine && *options.engine != database->concurrency) {
    if (database->oid == d.database()) {
      fail(base::sqlstate::kObjectInUse,
           "cannot change the concurrency control of the currently open database");
    }
    require_unused(d, *database);
  }
  if (options.allow_connections == false && database->oid == d.database()) {
    fail(base::sqlstate::kFeatureNotSupported, "cannot disallow connections for current database");
  }
  auto changed = d.edit(*database);
  apply(*changed, options);
  d.put(changed);
}

void rename_database(Definer& d, std::string_view from, std::string_view to) {
  auto database = own_database(d, from);
  if (!may_create(d)) {
    fail(base::sqlstate::kInsufficientPrivilege, "permission denied to rename database");
  }
  d.lock_name(ObjectKind::kDatabase, Oid{}, to);
  if (d.image().find(ObjectKind::kDatabase, Oid{}, to) != nullptr) {
    fail(base::sqlstate::kDuplicateDatabase, "database " + quoted(to) + " already exists");
  }
  if (database->oid == d.database()) {
    fail(base::sqlstate::kFeatureNotSupported, "current database cannot be renamed");
  }
  require_unused(d, *database);
  databases(d).forget(database->oid);
  auto changed = d.edit(*database);
  changed->name = to;
  d.put(changed);
}

void drop_database(Definer& d, const PgQuery__DropdbStmt& statement) {
  d.require_no_block("DROP DATABASE");
  std::string_view name = statement.dbname;
  bool force = false;
  for (size_t i = 0; i < statement.n_options; ++i) {
    const PgQuery__DefElem& option = *statement.options[i]->def_elem;
    if (std::string_view(option.defname) == "force") force = true;
  }
  if (statement.missing_ok && d.image().find(ObjectKind::kDatabase, Oid{}, name) == nullptr) {
    return d.notice(base::sqlstate::kSuccessfulCompletion,
                    "database " + quoted(name) + " does not exist, skipping");
  }
  auto database = own_database(d, name);
  if (database->is_template) {
    fail(base::sqlstate::kWrongObjectType, "cannot drop a template database");
  }
  if (database->oid == d.database()) {
    fail(base::sqlstate::kObjectInUse, "cannot drop the currently open database");
  }
  if (force) end_sessions(d, *database);
  require_unused(d, *database);
  databases(d).forget(database->oid);
  for (storage::RelationId file : base::value_or_throw(d.store().files().relations())) {
    if (file.space == database->oid.value) d.drop_file(file);
  }
  std::vector<ObjectPtr> settings;
  d.image().for_each(ObjectKind::kSettings, [&](const ObjectPtr& one) {
    if (static_cast<const SettingsObject&>(*one).database == database->oid) settings.push_back(one);
  });
  for (const ObjectPtr& one : settings) d.drop(*one);
  d.drop(*database);
}

}  // namespace isolde::sql
