#pragma once

#include <memory>
#include <string>

#include "sql/catalog/objects.hpp"

namespace isolde::sql {

/// An index's relation, without its file.
std::shared_ptr<RelationObject> describe_index(const RelationObject& table, std::string name,
                                               Oid oid, IndexObject index);

}  // namespace isolde::sql
