#pragma once

#include <memory>
#include <string>

#include "sql/ddl/definer.hpp"

namespace isolde::sql {

/// A name of up to two parts as statements about types and routines have it.
struct NameParts {
  std::string schema, name;
  std::string written() const { return schema.empty() ? name : schema + "." + name; }
};
NameParts name_parts(PgQuery__Node* const* parts, size_t count);

/// Fills in name, schema, owner and numbers of a new type; 42710 when the name is taken.
void start_type(Definer& d, TypeObject& made, const NameParts& name);
/// 42710 'type "x" already exists' when a type or relation of this name has a type.
void require_free_type_name(Definer& d, Oid schema, std::string_view name);
/// An enum or domain (or a relation, for its row type), locked and owned by whoever runs the
/// statement; 42704 when there is none.
ObjectPtr own_type(Definer& d, const NameParts& name, txn::LockMode mode);

}  // namespace isolde::sql
