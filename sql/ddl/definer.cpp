#include "sql/ddl/definer.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/binder.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/database.hpp"
#include "sql/parser/parse.hpp"
#include "sql/session/instance.hpp"
#include "sql/settings/identifier_list.hpp"
#include "sql/settings/session_settings.hpp"
#include "txn/lock_manager.hpp"

namespace isolde::sql {

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

Definer::Definer(SessionServices& services, std::string_view text)
    : services_(services),
      text_(text),
      catalog_(services.current_database().catalog()),
      role_(role_by_name(*services.catalog_image(), services.user())) {}

storage::Store& Definer::store() {
  return services_.instance().store();
}

CatalogImagePtr Definer::image_ptr() {
  image_ = services_.catalog_image();
  return image_;
}

const CatalogImage& Definer::image() {
  return *image_ptr();
}

const SearchPath& Definer::path() {
  const CatalogImage& now = image();
  if (path_of_ != now.version()) {
    path_ = resolve_search_path(now, services_.settings().search_path(), services_.user(), role_,
                                services_.temporary_schema());
    path_of_ = now.version();
  }
  return path_;
}

// --- changing

void Definer::put(ObjectPtr object) {
  catalog_.put(services_.catalog_changes(), std::move(object));
}

void Definer::drop(const CatalogObject& object) {
  catalog_.drop(services_.catalog_changes(), object);
}

storage::RelationId Definer::new_file() {
  txn::Transaction& transaction = services_.transaction();
  auto id = base::value_or_throw(transaction.write_id());
  return base::value_or_throw(store().txns().create_file(id, database().value));
}

void Definer::drop_file(storage::RelationId file) {
  if (file.number != 0) services_.transaction().drop_file_at_commit(file);
}

// --- locks

namespace {

/// PostgreSQL's number of the catalog that such objects are in: pg_locks.classid.
Oid class_of(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kNamespace:
      return Oid{2615};
    case ObjectKind::kRelation:
      return Oid{1259};
    case ObjectKind::kType:
      return Oid{1247};
    case ObjectKind::kConstraint:
      return Oid{2606};
    case ObjectKind::kFunction:
      return Oid{1255};
    case ObjectKind::kRole:
      return Oid{1260};
    case ObjectKind::kDatabase:
      return Oid{1262};
    case ObjectKind::kMembership:
      return Oid{1261};
    case ObjectKind::kSettings:
      return Oid{2964};
    case ObjectKind::kDefaultAcl:
      return Oid{826};
    case ObjectKind::kCounter:
      break;
  }
  return Oid{};
}

}  // namespace

void Definer::lock(Oid relation, txn::LockMode mode) {
  auto tag = txn::LockTag::of_relation(database(), relation);
  base::value_or_throw(services_.instance().locks().acquire(services_.locker(), tag, mode));
}

void Definer::lock(const CatalogObject& object, txn::LockMode mode) {
  if (object.kind == ObjectKind::kRelation) return lock(object.oid, mode);
  Oid where = is_server_wide(object.kind) ? Oid{} : database();
  auto tag = txn::LockTag::of_object(where, class_of(object.kind), object.oid);
  base::value_or_throw(services_.instance().locks().acquire(services_.locker(), tag, mode));
}

void Definer::lock_name(ObjectKind kind, Oid name_space, std::string_view name) {
  Oid where = is_server_wide(kind) ? Oid{} : database();
  uint64_t hash = std::hash<std::string_view>{}(name)*31 + name_space.value;
  auto tag = txn::LockTag::of_object(where, class_of(kind), Oid(static_cast<uint32_t>(hash >> 32)),
                                     static_cast<uint16_t>(hash | 1));
  base::value_or_throw(services_.instance().locks().acquire(services_.locker(), tag,
                                                            txn::table_mode::kAccessExclusive));
}

// --- finding

RelationPtr Definer::try_relation(const PgQuery__RangeVar& var, txn::LockMode mode,
                                  const std::function<void(const RelationObject&)>& check) {
  std::string_view schema_name = text_or_empty(var.schemaname);
  std::string_view catalog_name = text_or_empty(var.catalogname);
  if (!catalog_name.empty() && catalog_name != services_.database()) {
    fail_at(var.location, base::sqlstate::kFeatureNotSupported,
            "cross-database references are not implemented: \"" + std::string(catalog_name) + "." +
                std::string(schema_name) + "." + var.relname + "\"");
  }
  for (Oid locked;;) {
    RelationPtr found = path().relation(image(), schema_name, var.relname);
    if (found == nullptr) return nullptr;
    if (check) check(*found);
    if (found->oid == locked) return found;
    locked = found->oid;
    lock(locked, mode);
  }
}

RelationPtr Definer::relation(const PgQuery__RangeVar& var, txn::LockMode mode,
                              const std::function<void(const RelationObject&)>& check) {
  RelationPtr found = try_relation(var, mode, check);
  if (found != nullptr) return found;
  std::string name = var.relname;
  std::string_view schema_name = text_or_empty(var.schemaname);
  if (!schema_name.empty()) name = std::string(schema_name) + "." + name;
  fail(base::sqlstate::kUndefinedTable, "relation " + quoted(name) + " does not exist");
}

Oid Definer::schema(std::string_view name) {
  Oid found = path().schema(image(), name);
  if (found == Oid{}) {
    fail(base::sqlstate::kUndefinedSchema, "schema " + quoted(name) + " does not exist");
  }
  return found;
}

/// Made when the session first needs it, and again when the transaction that made it was undone.
Oid Definer::make_temporary_schema() {
  if (Oid there = path().temporary; there != Oid{}) return there;
  require_privilege(image(), role_, *image().find(ObjectKind::kDatabase, database()),
                    Privilege::kCreateTemp);
  auto schema = std::make_shared<NamespaceObject>();
  schema->oid = new_oid();
  schema->name = "pg_temp_" + std::to_string(services_.pid().value);
  schema->owner = oids::kSuperuser;
  services_.set_temporary_schema(schema->oid);
  put(schema);
  path_of_ = 0;
  return schema->oid;
}

Oid Definer::creation_schema(std::string_view schema_name) {
  Oid found;
  if (schema_name == "pg_temp") {
    found = make_temporary_schema();
  } else if (!schema_name.empty()) {
    found = schema(schema_name);
  } else {
    found = path().creation();
    if (found == Oid{}) {
      fail(base::sqlstate::kUndefinedSchema, "no schema has been selected to create in");
    }
  }
  if (found != path().temporary) {
    require_privilege(image(), role_, *image().find(ObjectKind::kNamespace, found),
                      Privilege::kCreate);
  }
  if (found == oids::kPgCatalog) {
    fail(base::sqlstate::kInsufficientPrivilege, "permission denied for schema pg_catalog");
  }
  return found;
}

Oid Definer::creation_schema(const PgQuery__RangeVar& var) {
  std::string_view schema_name = text_or_empty(var.schemaname);
  bool temporary = text_or_empty(var.relpersistence) == "t";
  if (!temporary) return creation_schema(schema_name);
  if (!schema_name.empty() && schema_name != "pg_temp") {
    fail(base::sqlstate::kInvalidTableDefinition,
         "cannot create temporary relation in non-temporary schema");
  }
  return make_temporary_schema();
}

const Type& Definer::type_named(const PgQuery__TypeName& name, int32_t* typmod) {
  PlanMemory memory;
  Binder::Input input;
  input.text = text_;
  input.style = &services_.style();
  int location = -1;
  input.error_location = &location;
  return Binder(input, memory).type_named(name, typmod);
}

// --- telling

void Definer::notice(base::SqlState state, std::string message, std::string detail) {
  base::Error told(state, std::move(message));
  if (!detail.empty()) told.fields().detail = std::move(detail);
  services_.notice(std::move(told).severity(base::Severity::kNotice));
}

void Definer::fail_at(int location, base::SqlState state, std::string message) {
  fail_at(location, base::Error(state, std::move(message)));
}

void Definer::fail_at(int location, base::Error error) {
  error.fields().position = character_position(text_, location);
  throw base::SqlException(std::move(error));
}

std::string Definer::shown_name(const CatalogObject& object) {
  std::string name = quote_identifier(object.name);
  if (object.name_space == Oid{} || path().is_visible(image(), object)) return name;
  ObjectPtr schema = image().find(ObjectKind::kNamespace, object.name_space);
  return schema == nullptr ? name : quote_identifier(schema->name) + "." + name;
}

}  // namespace isolde::sql
