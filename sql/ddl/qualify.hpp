#pragma once

#include <string>

#include "sql/ddl/definer.hpp"

struct PgQuery__Node;

namespace isolde::sql {

// Texts that mean the same whatever the search path of those who read them: relations, functions
// and types of users say their schemas. `used` is what the text means when it is bound.

std::string qualified_statement(Definer& d, const PgQuery__Node& statement, const PlanMemory& used);
std::string qualified_expression(Definer& d, const PgQuery__Node& expression,
                                 const PlanMemory& used);

}  // namespace isolde::sql
