#include "sql/binder/binder.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"

namespace isolde::sql {

namespace {

const Type* find_named(const PgQuery__TypeName& name, const TypeSource& types) {
  if (name.type_oid != 0) return types.find(base::Oid{name.type_oid});
  if (name.n_names > 2) return nullptr;
  std::string_view schema = name.n_names == 2 ? string_of(*name.names[0]) : std::string_view();
  return types.find(schema, last_name(name.names, name.n_names));
}

}  // namespace

const Type& Binder::type_named(const PgQuery__TypeName& name, int32_t* typmod) {
  const Type* type = find_named(name, *input_.types);
  std::string written = joined_name(name.names, name.n_names);
  if (name.n_array_bounds > 0) written += "[]";
  if (type == nullptr || type->oid == types::kUnknown) {
    fail_at(name.location, base::sqlstate::kUndefinedObject,
            "type \"" + written + "\" does not exist");
  }
  int32_t modifier = name.typemod;
  if (name.n_typmods > 0) {
    std::vector<int32_t> modifiers;
    for (size_t i = 0; i < name.n_typmods; ++i) {
      const PgQuery__Node& node = *name.typmods[i];
      bool integer = node.node_case == PG_QUERY__NODE__NODE_A_CONST &&
                     node.a_const->val_case == PG_QUERY__A__CONST__VAL_IVAL;
      if (!integer) {
        fail_at(name.location, base::sqlstate::kSyntaxError,
                "type modifiers must be simple constants or identifiers");
      }
      modifiers.push_back(node.a_const->ival->ival);
    }
    if (!takes_modifiers(*type)) {
      fail_at(name.location, base::sqlstate::kSyntaxError,
              "type modifier is not allowed for type \"" + std::string(type->name) + "\"");
    }
    modifier = at(name.location, [&] { return typmod_from_modifiers(*type, modifiers); });
  }
  if (name.n_array_bounds > 0) {
    if (!type->is_array()) {
      const Type* array = input_.types->find(type->array_type);
      if (array == nullptr) {
        fail_at(name.location, base::sqlstate::kUndefinedObject,
                "type \"" + written + "\" does not exist");
      }
      type = array;
    }
  }
  if (typmod != nullptr) *typmod = modifier;
  return *type;
}

}  // namespace isolde::sql
