#include "sql/ddl/definer.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/database.hpp"
#include "sql/catalog/system_relations.hpp"
#include "sql/parser/parse.hpp"
#include "sql/session/instance.hpp"
#include "sql/settings/identifier_list.hpp"
#include "sql/views/catalog_reader.hpp"
#include "txn/lock_manager.hpp"

namespace isolde::sql {

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

Definer::Definer(Input input)
    : in_(std::move(input)), catalog_(in_.session.current_database().catalog()) {}

storage::Store& Definer::store() {
  return in_.session.instance().store();
}

CatalogImagePtr Definer::image_ptr() {
  image_ = in_.session.catalog_image();
  return image_;
}

const CatalogImage& Definer::image() {
  return *image_ptr();
}

const SearchPath& Definer::path() {
  return in_.names().path;
}

// --- changing

void Definer::put(ObjectPtr object) {
  catalog_.put(in_.session.catalog_changes(), std::move(object));
}

void Definer::drop(const CatalogObject& object) {
  catalog_.drop(in_.session.catalog_changes(), object);
}

storage::RelationId Definer::new_file() {
  txn::Transaction& transaction = in_.session.transaction();
  auto id = base::value_or_throw(transaction.write_id());
  return base::value_or_throw(store().txns().create_file(id, database().value));
}

void Definer::drop_file(storage::RelationId file) {
  if (file.number != 0) in_.session.transaction().drop_file_at_commit(file);
}

// --- locks

void Definer::lock(Oid relation, txn::LockMode mode) {
  auto tag = txn::LockTag::of_relation(database(), relation);
  base::value_or_throw(in_.session.instance().locks().acquire(in_.session.locker(), tag, mode));
}

void Definer::lock(const CatalogObject& object, txn::LockMode mode) {
  if (object.kind == ObjectKind::kRelation) return lock(object.oid, mode);
  Oid where = is_server_wide(object.kind) ? Oid{} : database();
  auto tag = txn::LockTag::of_object(where, catalog_of(object.kind), object.oid);
  base::value_or_throw(in_.session.instance().locks().acquire(in_.session.locker(), tag, mode));
}

void Definer::lock_name(ObjectKind kind, Oid name_space, std::string_view name) {
  Oid where = is_server_wide(kind) ? Oid{} : database();
  uint64_t hash = std::hash<std::string_view>{}(name)*31 + name_space.value;
  auto tag =
      txn::LockTag::of_object(where, catalog_of(kind), Oid(static_cast<uint32_t>(hash >> 32)),
                              static_cast<uint16_t>(hash | 1));
  base::value_or_throw(in_.session.instance().locks().acquire(in_.session.locker(), tag,
                                                              txn::table_mode::kAccessExclusive));
}

// --- finding

RelationPtr Definer::try_relation(const PgQuery__RangeVar& var, txn::LockMode mode,
                                  const std::function<void(const RelationObject&)>& check) {
  std::string_view schema_name = text_or_empty(var.schemaname);
  std::string_view catalog_name = text_or_empty(var.catalogname);
  if (!catalog_name.empty() && catalog_name != in_.session.database()) {
    fail_at(var.location, base::sqlstate::kFeatureNotSupported,
            "cross-database references are not implemented: \"" + std::string(catalog_name) + "." +
                std::string(schema_name) + "." + var.relname + "\"");
  }
  for (Oid locked;;) {
    RelationPtr found = path().relation(image(), schema_name, var.relname);
    if (found == nullptr) return nullptr;
    if (is_system_object(found->oid)) {
      fail(base::sqlstate::kInsufficientPrivilege,
           "permission denied: " + quoted(found->name) + " is a system catalog");
    }
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
  require_privilege(image(), role(), *image().find(ObjectKind::kDatabase, database()),
                    Privilege::kCreateTemp);
  auto schema = std::make_shared<NamespaceObject>();
  schema->oid = new_oid();
  schema->name = "pg_temp_" + std::to_string(in_.session.pid().value);
  schema->owner = oids::kSuperuser;
  in_.session.set_temporary_schema(schema->oid);
  put(schema);
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
    require_privilege(image(), role(), *image().find(ObjectKind::kNamespace, found),
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

Persistence Definer::persistence_of(const PgQuery__RangeVar& var, Oid schema) {
  if (schema == path().temporary) return Persistence::kTemporary;
  return text_or_empty(var.relpersistence) == "u" ? Persistence::kUnlogged
                                                  : Persistence::kPermanent;
}

const Type& Definer::type_named(const PgQuery__TypeName& name, int32_t* typmod) {
  PlanMemory memory;
  Oid found = Binder(binder_input(), memory).type_named(name, typmod).oid;
  return type_of(found);
}

const Type& Definer::type_of(Oid oid) {
  const auto& types = names().types;
  if (type_sources_.empty() || type_sources_.back() != types) type_sources_.push_back(types);
  const Type* type = types->find(oid);
  if (type == nullptr) {
    fail(base::sqlstate::kInternalError,
         "cache lookup failed for type " + std::to_string(oid.value));
  }
  return *type;
}

ObjectPtr Definer::find_type_object(std::string_view schema_name, std::string_view name) {
  auto in_schema = [&](Oid one) -> ObjectPtr {
    if (ObjectPtr type = image().find(ObjectKind::kType, one, name)) return type;
    RelationPtr relation = image().relation(one, name);
    return relation != nullptr && relation->row_type != Oid{} ? relation : nullptr;
  };
  if (!schema_name.empty()) {
    Oid one = path().schema(image(), schema_name);
    return one == Oid{} ? nullptr : in_schema(one);
  }
  for (Oid one : path().schemas) {
    if (ObjectPtr found = in_schema(one)) return found;
  }
  return nullptr;
}

Oid default_collation(const Type& type) {
  const Type* element = type.element != nullptr ? type.element : &type;
  if (element == nullptr) return Oid{};
  if (element->oid == types::kName) return Oid{950};
  return element->category == 'S' ? Oid{100} : Oid{};
}

Oid Definer::collation(PgQuery__Node* const* names, size_t count) {
  std::string_view name = last_name(names, count);
  if (name == "default") return Oid{100};
  if (name == "C" || name == "ucs_basic") return Oid{950};
  if (name == "POSIX") return Oid{951};
  fail(base::sqlstate::kUndefinedObject,
       "collation " + quoted(joined_name(names, count)) + " for encoding \"UTF8\" does not exist");
}

std::string_view relation_kind_plural(const RelationObject& relation) {
  switch (relation.relation_kind) {
    case RelationKind::kTable:
      return "tables";
    case RelationKind::kIndex:
      return "indexes";
    case RelationKind::kSequence:
      return "sequences";
    case RelationKind::kView:
      return "views";
    case RelationKind::kMaterializedView:
      return "materialized views";
    case RelationKind::kComposite:
      return "composite types";
  }
  return "";
}

// --- telling

void Definer::notice(base::SqlState state, std::string message, std::string detail) {
  base::Error told(state, std::move(message));
  if (!detail.empty()) told.fields().detail = std::move(detail);
  in_.session.notice(std::move(told).severity(base::Severity::kNotice));
}

void Definer::warning(base::SqlState state, std::string message) {
  in_.session.notice(base::Error(state, std::move(message)).severity(base::Severity::kWarning));
}

void Definer::fail_at(int location, base::SqlState state, std::string message) {
  fail_at(location, base::Error(state, std::move(message)));
}

void Definer::fail_at(int location, base::Error error) {
  error.fields().position = character_position(in_.text, location);
  throw base::SqlException(std::move(error));
}

std::string Definer::shown_name(const CatalogObject& object) {
  std::string name = quote_identifier(object.name);
  if (object.name_space == Oid{} || path().is_visible(image(), object)) return name;
  ObjectPtr schema = image().find(ObjectKind::kNamespace, object.name_space);
  return schema == nullptr ? name : quote_identifier(schema->name) + "." + name;
}

}  // namespace isolde::sql
