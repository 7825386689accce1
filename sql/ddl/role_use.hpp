#pragma once

#include <functional>
#include <string>

#include "sql/ddl/definer.hpp"

namespace isolde::sql {

/// What depends on a role, a line each, as DETAIL of 2BP01 says it; empty when nothing does.
std::string uses_of_role(Definer& d, Oid role);

/// The kinds of objects that have owners and privileges, in one database or of the whole server.
void for_each_owned(const CatalogImage& image, const std::function<void(const ObjectPtr&)>& visit);
/// Does an object's list of privileges (or that of one of its columns) name the role?
bool grants_to(const CatalogObject& object, Oid role);

}  // namespace isolde::sql
