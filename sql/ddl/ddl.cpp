#include "sql/ddl/ddl.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/database.hpp"
#include "sql/parser/parse.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/errors.hpp"
#include "storage/store.hpp"
#include "txn/lock_manager.hpp"

namespace isolde::sql {

namespace {

/// pg_class: the catalog that names of relations belong to.
constexpr Oid kPgClass{1259};
constexpr size_t kLongestName = 63;

std::string clipped(std::string_view text, size_t length) {
  return std::string(text.substr(0, length));
}

}  // namespace

bool Ddl::run(const PgQuery__Node& node, std::string& tag) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      create_table(*node.create_stmt);
      tag = "CREATE TABLE";
      return true;
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      create_index(*node.index_stmt);
      tag = "CREATE INDEX";
      return true;
    case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
      create_schema(*node.create_schema_stmt);
      tag = "CREATE SCHEMA";
      return true;
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
      truncate(*node.truncate_stmt);
      tag = "TRUNCATE TABLE";
      return true;
    case PG_QUERY__NODE__NODE_DROP_STMT:
      switch (node.drop_stmt->remove_type) {
        case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
          tag = "DROP TABLE";
          break;
        case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
          tag = "DROP INDEX";
          break;
        case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
          tag = "DROP SCHEMA";
          break;
        default:
          return false;
      }
      drop(*node.drop_stmt);
      return true;
    default:
      return false;
  }
}

void Ddl::fail_at(int location, base::SqlState state, std::string message) const {
  throw base::SqlException(
      base::Error(state, std::move(message)).at(character_position(in_.text, location)));
}

Oid Ddl::creation_schema(const PgQuery__RangeVar& name) const {
  const TableNames& names = in_.names();
  Oid schema = names.path.creation();
  if (*name.schemaname != '\0') {
    schema = names.path.schema(*names.image, name.schemaname);
    if (schema == Oid{})
      fail_at(name.location, base::sqlstate::kInvalidSchemaName,
              "schema \"" + std::string(name.schemaname) + "\" does not exist");
  }
  if (schema == Oid{})
    fail_at(name.location, base::sqlstate::kInvalidSchemaName,
            "no schema has been selected to create in");
  if (schema == oids::kPgCatalog)
    fail_at(name.location, base::sqlstate::kInsufficientPrivilege,
            "permission denied to create \"pg_catalog." + std::string(name.relname) + "\"");
  ObjectPtr object = names.image->find(ObjectKind::kNamespace, schema);
  require_privilege(*names.image, in_.role, *object, Privilege::kCreate);
  return schema;
}

RelationPtr Ddl::find_table(const PgQuery__RangeVar& name, txn::LockMode mode) const {
  for (;;) {
    const TableNames& names = in_.names();
    RelationPtr found = names.path.relation(*names.image, name.schemaname, name.relname);
    if (found == nullptr) {
      std::string written = *name.schemaname == '\0' ? "" : std::string(name.schemaname) + ".";
      fail_at(name.location, base::sqlstate::kUndefinedTable,
              "relation \"" + written + name.relname + "\" does not exist");
    }
    lock_relation(found->oid, mode);
    // While we waited for the lock it may have been dropped, or have become another.
    if (image()->relation(found->oid) != nullptr) return image()->relation(found->oid);
  }
}

void Ddl::lock_relation(Oid relation, txn::LockMode mode) const {
  const auto tag = txn::LockTag::of_relation(in_.session.current_database().oid(), relation);
  auto granted = in_.session.instance().locks().acquire(in_.session.locker(), tag, mode);
  if (!granted) throw base::SqlException(granted.take_error());
}

void Ddl::lock_name(Oid schema, std::string_view name) const {
  const auto hash = static_cast<uint32_t>(std::hash<std::string_view>{}(name) ^ schema.value);
  const auto tag =
      txn::LockTag::of_object(in_.session.current_database().oid(), kPgClass, Oid{hash});
  auto granted = in_.session.instance().locks().acquire(in_.session.locker(), tag,
                                                        txn::table_mode::kAccessExclusive);
  if (!granted) throw base::SqlException(granted.take_error());
}

bool Ddl::is_taken(Oid schema, std::string_view name) const {
  return image()->relation(schema, name) != nullptr;
}

std::string Ddl::free_name(Oid schema, std::string_view table, std::string_view columns,
                           std::string_view label) const {
  for (int pass = 0;; ++pass) {
    std::string tail = "_" + std::string(label) + (pass == 0 ? "" : std::to_string(pass));
    // The longer of the two parts is shortened first.
    size_t table_length = table.size(), column_length = columns.size();
    const size_t joint = columns.empty() ? 0 : 1;
    while (table_length + joint + column_length + tail.size() > kLongestName) {
      if (table_length > column_length) {
        --table_length;
      } else {
        --column_length;
      }
    }
    std::string name = clipped(table, table_length);
    if (joint != 0) name += "_" + clipped(columns, column_length);
    name += tail;
    if (!is_taken(schema, name)) return name;
  }
}

storage::RelationId Ddl::new_file() const {
  auto id = base::value_or_throw(in_.session.transaction().write_id());
  auto& txns = in_.session.instance().store().txns();
  return base::value_or_throw(txns.create_file(id, in_.session.current_database().oid().value));
}

void Ddl::drop_file(storage::RelationId file) const {
  if (file.number != 0) in_.session.transaction().drop_file_at_commit(file);
}

void Ddl::put(ObjectPtr object) const {
  catalog().put(in_.session.catalog_changes(), std::move(object));
}

void Ddl::notice(std::string message) const {
  in_.session.notice(base::Error(base::sqlstate::kSuccessfulCompletion, std::move(message))
                         .severity(base::Severity::kNotice));
}

}  // namespace isolde::sql
