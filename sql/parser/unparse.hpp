#pragma once

#include <string>

struct PgQuery__Node;

namespace isolde::sql {

/// An expression of a parsed text as text again.
std::string unparse_expression(const PgQuery__Node& expression);
/// A statement.
std::string unparse_statement(const PgQuery__Node& statement);

}  // namespace isolde::sql
