#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sql/ddl/definer.hpp"

namespace isolde::sql {

/// "t_a_key" of "t", "a" and "key", cut where it would be longer than a name may be.
std::string joined_object_name(std::string_view first, std::string_view second,
                               std::string_view label);
/// The same with a number behind the label if need be: the name of a new relation in a schema.
std::string choose_relation_name(Definer& d, std::string_view first, std::string_view second,
                                 std::string_view label, Oid schema);
/// The name of a new constraint in a schema, other than those in `taken`.
std::string choose_constraint_name(Definer& d, std::string_view first, std::string_view second,
                                   std::string_view label, Oid schema,
                                   std::span<const std::string> taken = {});
/// Column names put together for an index or constraint over several.
std::string joined_column_names(std::span<const std::string> names);

}  // namespace isolde::sql
