#pragma once

#include <string>
#include <string_view>

#include "sql/catalog/objects.hpp"

namespace isolde::sql {

class SessionServices;

// Statements and parts of them that would define what the catalog has, as PostgreSQL spells them.

/// What a node tree of the catalog (adbin, conbin, indpred, indexprs) is of. Here it is the
/// expression's text with a mark in front that says how it is to be read.
enum class TreeKind : char {
  kDefault = 'd',
  kGenerated = 'g',
  kPredicate = 'p',
  kIndexKeys = 'x',
  kCheck = 'c',
};
std::string node_tree(TreeKind kind, int16_t column, std::string_view text);
/// pg_get_expr.
std::string tree_text(SessionServices& services, std::string_view tree, const RelationObject* table,
                      bool pretty);

std::string index_definition(SessionServices& services, const RelationObject& index, bool pretty);
/// A key column alone, or an included one, from 1; "" for none.
std::string index_column_definition(SessionServices& services, const RelationObject& index,
                                    int column, bool pretty);
std::string constraint_definition(SessionServices& services, const ConstraintObject& constraint,
                                  bool pretty);
/// The default of a function's argument.
std::string argument_default(SessionServices& services, std::string_view text, Oid type);
/// That of one argument, counted from 1 with OUT columns; "" for none.
std::string function_argument_default(SessionServices& services, const FunctionObject& function,
                                      int64_t number);
/// The default of a domain that has one.
std::string domain_default(SessionServices& services, const TypeObject& domain);
std::string function_definition(SessionServices& services, const FunctionObject& function);
/// "a integer, OUT b text DEFAULT 'x'::text"; `defaults` and OUT columns are left out of an
/// identity.
std::string function_arguments(SessionServices& services, const FunctionObject& function,
                               bool identity);
std::string function_result(SessionServices& services, const FunctionObject& function);

}  // namespace isolde::sql
