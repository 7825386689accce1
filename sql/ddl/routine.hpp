#pragma once

#include <memory>

#include "sql/ddl/definer.hpp"

struct PgQuery__ObjectWithArgs;
struct PgQuery__CreateFunctionStmt;

namespace isolde::sql {

/// The function or procedure that is meant; null when there is none. `object_type` is
/// libpg_query's: function, procedure or routine (either).
std::shared_ptr<const FunctionObject> find_routine(Definer& d, const PgQuery__ObjectWithArgs& name,
                                                   int object_type, bool missing_ok);
/// Is it one that every database has?
bool is_builtin_routine(Definer& d, const PgQuery__ObjectWithArgs& name);
/// 'function f(integer) does not exist'
std::string missing_routine_message(Definer& d, const PgQuery__ObjectWithArgs& name,
                                    int object_type);

}  // namespace isolde::sql
