#pragma once

#include <memory>

#include "sql/catalog/objects.hpp"

namespace isolde::sql {

/// A copy, to be changed and put.
std::shared_ptr<CatalogObject> copy_object(const CatalogObject& object);

}  // namespace isolde::sql
