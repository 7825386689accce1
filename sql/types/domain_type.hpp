#pragma once

#include <string>

#include "sql/types/type.hpp"

namespace isolde::sql {

/// A domain: the values of its base type, read and written as those. Its constraints are checked by
/// who coerces to it.
struct DomainType : Type {
  DomainType(base::Oid type_oid, base::Oid array_oid, std::string type_name, std::string shown_name,
             const Type& base_type, int32_t base_type_typmod);
  DomainType(const DomainType&) = delete;
  DomainType& operator=(const DomainType&) = delete;

  const Type* base;     ///< may be a domain too
  int32_t base_typmod;  ///< of numeric(8,2), say

 private:
  std::string own_name_;
  std::string own_sql_name_;
};

/// What is below all domains: the type itself when it is none.
const Type& base_of(const Type& type);

}  // namespace isolde::sql
