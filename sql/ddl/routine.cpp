#include "sql/ddl/routine.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

std::string_view word_of(int object_type) {
  switch (object_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
      return "procedure";
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
      return "routine";
    default:
      return "function";
  }
}

std::vector<Oid> argument_types(Definer& d, const PgQuery__ObjectWithArgs& name) {
  std::vector<Oid> types;
  for (size_t i = 0; i < name.n_objargs; ++i) {
    types.push_back(d.type_named(*name.objargs[i]->type_name).oid);
  }
  return types;
}

bool is_wanted(const FunctionObject& function, int object_type) {
  if (object_type == PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE) return true;
  return function.procedure == (object_type == PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE);
}

}  // namespace

std::shared_ptr<const FunctionObject> find_routine(Definer& d, const PgQuery__ObjectWithArgs& name,
                                                   int object_type, bool missing_ok) {
  std::string_view function_name = last_name(name.objname, name.n_objname);
  std::vector<Oid> schemas = d.path().schemas;
  if (name.n_objname > 1) schemas = {d.schema(string_of(*name.objname[name.n_objname - 2]))};
  std::vector<Oid> types = argument_types(d, name);
  std::shared_ptr<const FunctionObject> found;
  for (Oid schema : schemas) {
    for (const ObjectPtr& object : d.image().named(ObjectKind::kFunction, schema, function_name)) {
      auto function = std::static_pointer_cast<const FunctionObject>(object);
      if (!is_wanted(*function, object_type)) continue;
      if (!name.args_unspecified && function->argument_types != types) continue;
      if (found != nullptr && name.args_unspecified) {
        throw base::SqlException(base::Error(base::sqlstate::kAmbiguousFunction,
                                             std::string(word_of(object_type)) + " name " +
                                                 quoted(function_name) + " is not unique")
                                     .hint("Specify the argument list to select the " +
                                           std::string(word_of(object_type)) + " unambiguously."));
      }
      if (found == nullptr) found = std::move(function);
    }
  }
  static_cast<void>(missing_ok);
  return found;
}

bool is_builtin_routine(Definer& d, const PgQuery__ObjectWithArgs& name) {
  std::vector<Oid> types = argument_types(d, name);
  for (const Function* function :
       FunctionRegistry::instance().functions(last_name(name.objname, name.n_objname))) {
    if (name.args_unspecified || function->argument_types == types) return true;
  }
  return false;
}

std::string missing_routine_message(Definer& d, const PgQuery__ObjectWithArgs& name,
                                    int object_type) {
  std::string written = joined_name(name.objname, name.n_objname);
  if (name.args_unspecified) {
    return "could not find a " + std::string(word_of(object_type)) + " named " + quoted(written);
  }
  std::string arguments;
  for (Oid type : argument_types(d, name)) {
    if (!arguments.empty()) arguments += ", ";
    arguments += format_type(*d.names().types->find(type));
  }
  return std::string(word_of(object_type)) + " " + written + "(" + arguments + ") does not exist";
}

}  // namespace isolde::sql
