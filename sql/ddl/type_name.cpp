#include "sql/ddl/type_name.hpp"

#include "sql/binder/nodes.hpp"
#include "sql/ddl/initial_acl.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

NameParts name_parts(PgQuery__Node* const* parts, size_t count) {
  NameParts made;
  made.name = string_of(*parts[count - 1]);
  if (count > 1) made.schema = string_of(*parts[count - 2]);
  return made;
}

void require_free_type_name(Definer& d, Oid schema, std::string_view name) {
  RelationPtr relation = d.image().relation(schema, name);
  bool taken = d.image().find(ObjectKind::kType, schema, name) != nullptr ||
               (relation != nullptr && relation->row_type != Oid{});
  if (taken) {
    fail(base::sqlstate::kDuplicateObject, "type " + quoted(name) + " already exists");
  }
}

void start_type(Definer& d, TypeObject& made, const NameParts& name) {
  Oid schema = d.creation_schema(name.schema);
  d.lock_name(ObjectKind::kRelation, schema, name.name);
  require_free_type_name(d, schema, name.name);
  made.name = name.name;
  made.name_space = schema;
  made.owner = d.role();
  made.oid = d.catalog().new_oids(2);
  made.array_type = Oid(made.oid.value + 1);
  made.acl = initial_acl(d, made);
}

ObjectPtr own_type(Definer& d, const NameParts& name, txn::LockMode mode) {
  for (Oid locked;;) {
    ObjectPtr found = d.find_type_object(name.schema, name.name);
    if (found == nullptr) {
      const Type* builtin = name.schema.empty() || name.schema == "pg_catalog"
                                ? find_type(std::string_view(name.name))
                                : nullptr;
      if (builtin != nullptr) {
        fail(base::sqlstate::kInsufficientPrivilege,
             "must be owner of type " + std::string(builtin->name));
      }
      fail(base::sqlstate::kUndefinedObject, "type " + quoted(name.written()) + " does not exist");
    }
    d.require_owner(*found);
    if (found->oid == locked) return found;
    locked = found->oid;
    d.lock(*found, mode);
  }
}

}  // namespace isolde::sql
