#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "sql/functions/function.hpp"
#include "sql/types/type_registry.hpp"

// Which function, operator or cast an expression means: PostgreSQL's chapter 10 as pure functions
// over the registry. Positions in the query text are the caller's to add.

namespace isolde::sql {

/// How to turn a value of one type into another.
struct Coercion {
  enum class Path : uint8_t {
    kNone,          ///< impossible
    kRelabel,       ///< same bytes, or the same type
    kFunction,      ///< call `function`
    kArrayElement,  ///< apply the coercion of the element types to each element
    kInOut,         ///< write as text, read back
  };
  Path path = Path::kNone;
  const Function* function = nullptr;

  explicit operator bool() const { return path != Path::kNone; }
};

/// The way from `source` to `target` in a context, for types that differ.
Coercion find_coercion(base::Oid source, base::Oid target, CastContext context,
                       const TypeSource& types = builtin_type_source());
/// The function (value, typmod[, is_explicit]) that fits a value to a typmod, or null.
const Function* find_length_coercion(base::Oid type);
/// Whether all of `sources` can become `targets`, polymorphic ones included.
bool can_coerce(std::span<const base::Oid> sources, std::span<const base::Oid> targets,
                CastContext context, const TypeSource& types = builtin_type_source());
bool is_binary_coercible(base::Oid source, base::Oid target,
                         const TypeSource& types = builtin_type_source());
bool is_polymorphic(base::Oid type);

/// The type that UNION, CASE, VALUES, ARRAY, GREATEST, ... give to values of these types; unknown
/// literals count as kUnknown. Throws 42804 "<context> types text and integer cannot be matched".
/// Without a context, returns nothing instead.
std::optional<base::Oid> select_common_type(std::span<const base::Oid> inputs,
                                            std::string_view context,
                                            const TypeSource& types = builtin_type_source());

/// A call as the binder is to make it.
struct ResolvedFunction {
  const Function* function = nullptr;
  /// The call is a cast of its only argument, as int4('1'); then there is no function.
  base::Oid cast_to{};
  /// What each argument given is to be coerced to; polymorphic types resolved. With `gather`, the
  /// arguments from `gather_from` on become one array of the VARIADIC parameter's element type.
  std::vector<base::Oid> argument_types{};
  base::Oid result_type{};
  bool gather = false;
  size_t gather_from = 0;
  uint8_t defaults_used = 0;  ///< the last of Function::defaults to add
};

struct FunctionCall {
  std::string_view name;  ///< as written, for messages
  std::span<const base::Oid> arguments;
  bool variadic = false;  ///< the last one is marked VARIADIC
};

/// Chooses among candidates of one name; throws 42883 or 42725.
ResolvedFunction resolve_function(std::span<const Function* const> candidates,
                                  const FunctionCall& call,
                                  const TypeSource& types = builtin_type_source());

struct ResolvedOperator {
  const Operator* op = nullptr;
  base::Oid left;  ///< 0 for a prefix operator
  base::Oid right;
  base::Oid result_type;
};
/// `left` is 0 for a prefix operator. Throws 42883 or 42725.
ResolvedOperator resolve_operator(std::string_view name, base::Oid left, base::Oid right,
                                  const TypeSource& types = builtin_type_source());

/// Resolves polymorphic declared types by the actual ones: "anyelement", "anyarray", ... Changes
/// `declared` in place and returns the result type; throws 42804.
base::Oid resolve_polymorphic(std::span<const base::Oid> actual, std::span<base::Oid> declared,
                              base::Oid result, const TypeSource& types = builtin_type_source());

}  // namespace isolde::sql
