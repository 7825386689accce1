#include "sql/types/domain_type.hpp"

namespace isolde::sql {

namespace {

const DomainType& domain(const Type& type) {
  return static_cast<const DomainType&>(type);
}

// A typmod given from outside never belongs to a domain: its own counts.
Datum domain_from_text(const Type& type, std::string_view text, int32_t, Arena& arena,
                       const OutputStyle& style) {
  return domain(type).base->from_text(text, domain(type).base_typmod, arena, style);
}
void domain_to_text(const Type& type, Datum value, std::string& out, const OutputStyle& style) {
  domain(type).base->to_text(value, out, style);
}
Datum domain_from_binary(const Type& type, std::string_view bytes, int32_t, Arena& arena) {
  return domain(type).base->from_binary(bytes, domain(type).base_typmod, arena);
}
void domain_to_binary(const Type& type, Datum value, std::string& out) {
  domain(type).base->to_binary(value, out);
}
std::strong_ordering compare_domain(const Type& type, Datum a, Datum b) {
  return domain(type).base->compare(a, b);
}
uint64_t hash_domain(const Type& type, Datum value) {
  return domain(type).base->hash(value);
}

// As the base type can or cannot be compared and hashed.
const TypeFunctions kFull{domain_from_text, domain_to_text, domain_from_binary,
                          domain_to_binary, compare_domain, hash_domain};
const TypeFunctions kOrdered{domain_from_text, domain_to_text, domain_from_binary, domain_to_binary,
                             compare_domain};
const TypeFunctions kPlain{domain_from_text, domain_to_text, domain_from_binary, domain_to_binary};

}  // namespace

DomainType::DomainType(base::Oid type_oid, base::Oid array_oid, std::string type_name,
                       std::string shown_name, const Type& base_type, int32_t base_type_typmod)
    : Type(base_type),
      base(&base_type),
      base_typmod(base_type_typmod),
      own_name_(std::move(type_name)),
      own_sql_name_(std::move(shown_name)) {
  oid = type_oid;
  name = own_name_;
  sql_name = own_sql_name_;
  kind = TypeKind::kDomain;
  preferred = false;
  array_type = array_oid;
  functions = base_type.is_hashable() ? &kFull : base_type.is_ordered() ? &kOrdered : &kPlain;
}

const Type& base_of(const Type& type) {
  const Type* at = &type;
  while (at->kind == TypeKind::kDomain) at = static_cast<const DomainType*>(at)->base;
  return *at;
}

}  // namespace isolde::sql
