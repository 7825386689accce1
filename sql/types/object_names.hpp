#pragma once

#include <cstdint>
#include <optional>
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

/// The catalog, as far as the reg* types and aclitem ask it. The session implements it and puts it
/// into its OutputStyle; without one, built-in types alone are known.
class ObjectNames {
 public:
  virtual ~ObjectNames() = default;
  /// Of a name as SQL writes it, quoted and qualified; nothing for an unknown one. Throws for what
  /// is no name (42601, 42602) or stands for several things (42725).
  virtual std::optional<base::Oid> look_up(NamedKind kind, std::string_view name) const = 0;
  /// The name, qualified where the search path does not find it; "" for an unknown OID.
  virtual std::string name(NamedKind kind, base::Oid oid) const = 0;
};

struct OutputStyle;

/// Asks the style's names, or the built-in types; the same for the name that is known to exist,
/// throwing 42P01, 42704, 42883 or 3F000 when it does not.
std::optional<base::Oid> look_up_name(const OutputStyle& style, NamedKind kind,
                                      std::string_view name);
base::Oid find_name(const OutputStyle& style, NamedKind kind, std::string_view name);

}  // namespace isolde::sql
