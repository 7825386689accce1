#include "sql/catalog/server_catalog.hpp"

#include <set>

#include "base/thread_task.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/privilege.hpp"
#include "txn/engines/registry.hpp"

namespace isolde::sql {

namespace {

using base::Result;
using base::Status;
using storage::CommandId;
using storage::RelationId;
using storage::TxnId;

constexpr CommandId kFirstCommand{1};
constexpr uint32_t kOidsAtOnce = 8192;
constexpr Oid kCounter{13998};

ObjectPtr counter_at(uint32_t value) {
  auto counter = std::make_shared<CounterObject>();
  counter->oid = kCounter;
  counter->value = value;
  return counter;
}

Result<RelationId> find_file(storage::Store& store) {
  auto all = store.files().relations();
  if (!all) return all.take_error();
  for (RelationId relation : *all) {
    if (relation.space == ServerCatalog::kSpace) return relation;
  }
  return RelationId{};
}

std::vector<DatabaseObject> builtin_databases(uint32_t& next_oid) {
  std::vector<DatabaseObject> made;
  auto add = [&](std::string_view name, std::string_view engine, Oid oid, std::string comment) {
    DatabaseObject& database = made.emplace_back(new_database(name, engine, oids::kSuperuser));
    database.oid = oid;
    if (!comment.empty()) database.comment = std::move(comment);
    database.is_template = name.starts_with("template");
    database.allow_connections = name != "template0";
    if (database.is_template) {
      database.acl = {{Oid{}, oids::kSuperuser, bit(Privilege::kConnect), 0},
                      {oids::kSuperuser, oids::kSuperuser,
                       Privilege::kCreate | Privilege::kCreateTemp | Privilege::kConnect, 0}};
    }
  };
  const std::string_view usual = txn::all_engines().front().traits.name;
  add("template1", usual, oids::kTemplate1, "default template for new databases");
  add("template0", usual, oids::kTemplate0, "unmodifiable empty database");
  add("postgres", usual, oids::kPostgresDatabase, "default administrative connection database");
  for (const auto& engine : txn::all_engines().subspan(1)) {
    std::string_view name = engine.traits.name;
    add(name, name, Oid(next_oid++), "database under the engine " + std::string(name));
  }
  return made;
}

Status write_all(storage::Store& store, RelationId file, TxnId by,
                 std::span<const ObjectPtr> objects) {
  CatalogFile rows(store, file, nullptr);
  for (const ObjectPtr& object : objects) {
    auto inserted = rows.insert(by, kFirstCommand, *object);
    if (!inserted) return inserted.take_error();
  }
  return {};
}

/// Everything in one transaction: a crash leaves all of it or an empty directory.
Result<RelationId> bootstrap(storage::Store& store) {
  auto by = store.txns().begin();
  if (!by) return by.take_error();
  auto file = store.txns().create_file(*by, ServerCatalog::kSpace);
  if (!file) return file.take_error();
  uint32_t next_oid = oids::kFirstUser.value;
  std::vector<ObjectPtr> objects = builtin_roles();
  for (DatabaseObject& database : builtin_databases(next_oid)) {
    Status made = create_database_catalog(store, *by, kFirstCommand, database);
    if (!made) return made.take_error();
    objects.push_back(std::make_shared<DatabaseObject>(std::move(database)));
  }
  objects.push_back(counter_at(next_oid));
  if (Status s = write_all(store, *file, *by, objects); !s) return s.take_error();
  base::ThreadTask task;
  if (Status s = store.txns().commit(task, *by, {}); !s) return s.take_error();
  return *file;
}

}  // namespace

Status create_database_catalog(storage::Store& store, TxnId by, CommandId command,
                               DatabaseObject& database) {
  auto file = store.txns().create_file(by, database.oid.value);
  if (!file) return file.take_error();
  database.catalog = *file;
  CatalogFile rows(store, *file, nullptr);
  for (const ObjectPtr& object : builtin_namespaces()) {
    auto inserted = rows.insert(by, command, *object);
    if (!inserted) return inserted.take_error();
  }
  return {};
}

ServerCatalog::ServerCatalog(storage::Store& store, RelationId file, storage::VersionJudge& judge)
    : store_(store), space_(store, file, &judge) {}

Result<std::unique_ptr<ServerCatalog>> ServerCatalog::open(storage::Store& store,
                                                           storage::VersionJudge& judge) {
  auto file = find_file(store);
  if (!file) return file.take_error();
  if (file->number == 0) file = bootstrap(store);
  if (!file) return file.take_error();
  std::unique_ptr<ServerCatalog> catalog(new ServerCatalog(store, *file, judge));
  if (Status s = catalog->load(); !s) return s.take_error();
  return catalog;
}

Status ServerCatalog::load() {
  if (Status s = space_.load(); !s) return s;
  counter_ = space_.objects()->find(ObjectKind::kCounter, kCounter);
  if (counter_ == nullptr) {
    return base::Error(base::sqlstate::kDataCorrupted, "the server's catalog has no counter");
  }
  next_oid_ = oid_bound_ = static_cast<const CounterObject&>(*counter_->object).value;
  return {};
}

/// In a transaction of its own, which nobody waits for: whatever uses the numbers comes later in
/// the log.
Status ServerCatalog::extend_oids(uint32_t to) {
  storage::TxnTable& txns = store_.txns();
  auto by = txns.begin();
  if (!by) return by.take_error();
  ObjectPtr counter = counter_at(to);
  auto rows = space_.file().insert(*by, kFirstCommand, *counter);
  Status done =
      rows ? space_.file().remove(*by, kFirstCommand, counter_->rows) : Status(rows.take_error());
  base::ThreadTask task;
  if (done) done = txns.commit(task, *by, {.wait_for_disk = false, .drop_files = {}});
  if (!done) {
    static_cast<void>(txns.abort(*by));
    return done;
  }
  counter_ = std::make_shared<ObjectEntry>(std::move(counter), std::move(*rows), nullptr);
  oid_bound_ = to;
  return {};
}

Oid ServerCatalog::new_oids(uint32_t count) {
  std::lock_guard lock(oid_mutex_);
  if (next_oid_ + count > oid_bound_) {
    base::value_or_throw(extend_oids(next_oid_ + count + kOidsAtOnce));
  }
  return Oid(std::exchange(next_oid_, next_oid_ + count));
}

}  // namespace isolde::sql
