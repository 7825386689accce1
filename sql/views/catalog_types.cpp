#include <algorithm>

#include "sql/catalog/builtin_objects.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/views/catalog_reader.hpp"
#include "sql/views/definitions.hpp"
#include "sql/views/index_classes.hpp"
#include "sql/views/type_functions.hpp"
#include "sql/views/type_storage.hpp"
#include "sql/views/views.hpp"

// pg_type and what belongs to types: pg_enum, pg_collation, pg_am, pg_opclass, pg_opfamily.

namespace isolde::sql {

namespace {

Oid collation_of(const Type& type) {
  if (type.oid == types::kName) return Oid{950};
  const Type& of = type.element != nullptr ? *type.element : type;
  if (of.oid == types::kName) return Oid{950};
  return of.category == 'S' || of.oid == types::kPgNodeTree ? Oid{100} : Oid{};
}

/// What the catalog adds to a type of users.
struct MadeType {
  Oid name_space = oids::kPgCatalog;
  Oid owner = oids::kSuperuser;
  Oid relation;
  std::optional<std::vector<AclEntry>> acl;
  bool not_null = false;
  Oid base;
  int32_t base_typmod = -1;
  std::optional<std::string> default_text;
  // If not what the type itself tells:
  std::optional<TypeFunctionIds> functions;
  std::optional<char> storage;
  std::optional<Oid> collation;
};

/// A domain checks what it reads and is otherwise written as its base type is.
TypeFunctionIds domain_functions(const Type& base) {
  const TypeFunctionIds ids = type_functions(base);
  constexpr uint32_t kDomainIn = 2597;
  constexpr uint32_t kDomainReceive = 2598;
  return {kDomainIn, ids.output, kDomainReceive, ids.send, 0, 0, 0, ids.analyze};
}

void add_type(const Type& type, const MadeType& made, VirtualRows& rows) {
  const TypeFunctionIds ids = made.functions ? *made.functions : type_functions(type);
  rows.row(type.oid, type.name, made.name_space, made.owner, type.size, is_by_value(type),
           type.kind, type.category, type.preferred, true, type.delimiter, made.relation,
           ids.subscript, type.element_type, type.array_type, ids.input, ids.output, ids.receive,
           ids.send, ids.modifiers_in, ids.modifiers_out, ids.analyze, type.alignment,
           made.storage.value_or(storage_letter(type)), made.not_null, made.base, made.base_typmod,
           0, made.collation.value_or(collation_of(type)), made.default_text, made.default_text,
           made.acl);
}

Type array_over(const Type& element, Oid oid, std::string_view name) {
  Type array;
  array.oid = oid;
  array.name = name;
  array.alignment = element.alignment == 'd' ? 'd' : 'i';
  array.category = 'A';
  array.element_type = element.oid;
  array.element = &element;
  return array;
}

/// A type that a user has made, and the type of arrays of it.
void add_made(const Type& type, const MadeType& made, VirtualRows& rows) {
  add_type(type, made, rows);
  if (type.array_type == Oid{}) return;
  const std::string name = "_" + std::string(type.name);
  MadeType of_array;
  of_array.name_space = made.name_space;
  of_array.owner = made.owner;
  add_type(array_over(type, type.array_type, name), of_array, rows);
}

Type row_type(const CatalogObject& object, Oid oid, Oid array) {
  Type type;
  type.oid = oid;
  type.name = object.name;
  type.alignment = 'd';
  type.kind = TypeKind::kComposite;
  type.category = 'C';
  type.array_type = array;
  return type;
}

Type enum_or_domain(const CatalogReader& catalog, const TypeObject& object) {
  Type type;
  if (object.sort == TypeObject::Sort::kDomain) {
    if (const Type* base = catalog.type(object.base_type)) type = *base;
    type.kind = TypeKind::kDomain;
    type.preferred = false;
    type.element = nullptr;
    type.element_type = Oid{};
  } else {
    type.size = 4;
    type.kind = TypeKind::kEnum;
    type.category = 'E';
  }
  type.oid = object.oid;
  type.name = object.name;
  type.array_type = object.array_type;
  return type;
}

void add_users_types(const CatalogReader& catalog, VirtualRows& rows) {
  for (const auto& one : catalog.all<TypeObject>(ObjectKind::kType)) {
    MadeType made;
    made.name_space = one->name_space;
    made.owner = one->owner;
    made.acl = one->acl;
    if (one->sort == TypeObject::Sort::kComposite) continue;
    if (one->sort == TypeObject::Sort::kDomain) {
      made.not_null = one->not_null;
      made.base = one->base_type;
      if (const Type* base = catalog.type(one->base_type)) {
        made.functions = domain_functions(base_of(*base));
        made.storage = storage_letter(base_of(*base));
        made.collation = one->collation;
      }
      made.base_typmod = one->base_typmod;
      if (one->default_text) made.default_text = domain_default(catalog.services(), *one);
    }
    add_made(enum_or_domain(catalog, *one), made, rows);
  }
  for (const auto& one : catalog.all<RelationObject>(ObjectKind::kRelation)) {
    if (one->row_type == Oid{}) continue;
    MadeType made;
    made.name_space = one->name_space;
    made.owner = one->owner;
    made.relation = one->oid;
    add_made(row_type(*one, one->row_type, one->row_array_type), made, rows);
  }
}

}  // namespace

void fill_pg_type(SessionServices& services, VirtualRows& rows) {
  for (const Type* type : builtin_types()) add_type(*type, {}, rows);
  add_users_types(CatalogReader(services), rows);
}

void fill_pg_enum(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (const auto& one : catalog.all<TypeObject>(ObjectKind::kType)) {
    for (const TypeObject::Label& label : one->labels) {
      rows.row(label.oid, one->oid, static_cast<double>(label.order), label.text);
    }
  }
}

void fill_pg_collation(SessionServices&, VirtualRows& rows) {
  const Oid schema = oids::kPgCatalog;
  const Oid owner = oids::kSuperuser;
  rows.row(100, "default", schema, owner, 'd', true, -1, nullptr, nullptr, nullptr, nullptr);
  rows.row(950, "C", schema, owner, 'c', true, -1, "C", "C", nullptr, nullptr);
  rows.row(951, "POSIX", schema, owner, 'c', true, -1, "POSIX", "POSIX", nullptr, nullptr);
}

void fill_pg_am(SessionServices&, VirtualRows& rows) {
  rows.row(2, "heap", 3, 't');
  rows.row(403, "btree", 330, 'i');
  rows.row(405, "hash", 331, 'i');
}

void fill_pg_opclass(SessionServices&, VirtualRows& rows) {
  for (const IndexClass& one : index_classes()) {
    rows.row(one.oid, 403, one.name, oids::kPgCatalog, oids::kSuperuser, one.family, one.type,
             one.is_default, one.name == "name_ops" ? 2275 : 0);
  }
}

void fill_pg_opfamily(SessionServices&, VirtualRows& rows) {
  std::vector<uint32_t> seen;
  for (const IndexClass& one : index_classes()) {
    if (std::find(seen.begin(), seen.end(), one.family) != seen.end()) continue;
    seen.push_back(one.family);
    rows.row(one.family, 403, one.family_name, oids::kPgCatalog, oids::kSuperuser);
  }
}

}  // namespace isolde::sql
