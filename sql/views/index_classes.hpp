#pragma once

#include <span>
#include <string_view>

#include "sql/catalog/objects.hpp"

namespace isolde::sql {

/// A row of pg_opclass, of the access method btree.
struct IndexClass {
  uint32_t oid;
  std::string_view name;
  uint32_t family;
  std::string_view family_name;
  uint32_t type;
  bool is_default;
};
std::span<const IndexClass> index_classes();
/// That of an index key; 0 when its type has none of its own.
Oid index_class(const IndexKeyObject& key);

}  // namespace isolde::sql
