#include "sql/views/acl_array.hpp"

#include <vector>

#include "sql/types/acl_item.hpp"
#include "sql/types/array.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

Datum acl_array(std::span<const AclEntry> entries, Arena& arena) {
  std::vector<Datum> items;
  for (const AclEntry& entry : entries) {
    AclItem item{entry.grantee, entry.grantor, static_cast<uint16_t>(entry.privileges),
                 static_cast<uint16_t>(entry.grant_options)};
    items.push_back(item.write(arena));
  }
  const Type& type = type_of(base::Oid(1033));
  return items.empty() ? empty_array(type, arena) : make_array(type, items, arena);
}

}  // namespace isolde::sql
