#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.hpp"

namespace isolde::sql {

/// What the reg* types number.
enum class NamedKind : uint8_t {
  kClass,
  kType,
  kFunction,
  kFunctionSignature,
  kOperator,
  kOperatorSignature,
  kNamespace,
  kRole,
  kCollation,
};

/// The catalog, as far as the reg* types ask it. The session implements it and puts it into its
/// OutputStyle; without one, built-in types and functions are known alone.
class ObjectNames {
 public:
  virtual ~ObjectNames() = default;
  /// Of a name as SQL writes it; throws 42P01, 42704, 42883, ... for an unknown one.
  virtual base::Oid find(NamedKind kind, std::string_view name) const = 0;
  /// The name, qualified where the search path does not find it; "" for an unknown OID.
  virtual std::string name(NamedKind kind, base::Oid oid) const = 0;
};

}  // namespace isolde::sql
