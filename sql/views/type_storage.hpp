#pragma once

#include "sql/types/type.hpp"

namespace isolde::sql {

/// pg_type.typbyval: PostgreSQL passes values of it in a machine word.
inline bool is_by_value(const Type& type) {
  if (type.name == "aclitem") return false;
  return type.size == 1 || type.size == 2 || type.size == 4 || type.size == 8;
}

/// pg_type.typstorage: what PostgreSQL may do with long values.
inline char storage_letter(const Type& type) {
  if (type.size != -1) return 'p';
  if (type.name == "numeric" || type.name == "inet" || type.name == "cidr") return 'm';
  if (type.name == "int2vector" || type.name == "oidvector" || type.name == "any") return 'p';
  return 'x';
}

}  // namespace isolde::sql
