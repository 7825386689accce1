#include <fmt/format.h>

#include <algorithm>

#include "sql/functions/function_registry.hpp"
#include "sql/functions/overload.hpp"
#include "sql/functions/row_functions.hpp"
#include "sql/types/errors.hpp"

// Which conversions between types there are, and which type stands for several.

namespace isolde::sql {

namespace {

using base::Oid;

bool allowed(CastContext wanted, CastContext declared) {
  auto rank = [](CastContext c) {
    return c == CastContext::kImplicit ? 0 : c == CastContext::kAssignment ? 1 : 2;
  };
  return rank(wanted) >= rank(declared);
}

Coercion coercion_of(const Cast& cast) {
  switch (cast.method) {
    case CastMethod::kFunction:
      return {Coercion::Path::kFunction, cast.function};
    case CastMethod::kBinary:
      if (cast.function != nullptr) return {Coercion::Path::kFunction, cast.function};
      return {Coercion::Path::kRelabel};
    case CastMethod::kInOut:
      return {Coercion::Path::kInOut};
  }
  return {};
}

Oid element_of(Oid array, const TypeSource& types) {
  const Type* type = types.find(array);
  return type != nullptr && type->is_array() ? type->element_type : Oid();
}

char category_of(Oid oid, const TypeSource& types) {
  const Type* type = types.find(oid);
  return type != nullptr ? type->category : 'U';
}

bool can_become(Oid source, Oid target, CastContext context, const TypeSource& types) {
  if (source == target || target == types::kAny || source == types::kUnknown) return true;
  return static_cast<bool>(find_coercion(source, target, context, types));
}

}  // namespace

Coercion find_coercion(Oid source, Oid target, CastContext context, const TypeSource& types) {
  source = types.base_type(source);
  target = types.base_type(target);
  if (source == target) return {Coercion::Path::kRelabel};
  if (const Cast* cast = FunctionRegistry::instance().cast(source, target)) {
    return allowed(context, cast->context) ? coercion_of(*cast) : Coercion{};
  }
  const Type* from = types.find(source);
  if (target == types::kAnyEnum && from != nullptr && from->kind == TypeKind::kEnum) {
    return {Coercion::Path::kRelabel};
  }
  if (target == types::kRecord && from != nullptr && from->kind == TypeKind::kComposite) {
    return {Coercion::Path::kFunction, &composite_to_record_function()};
  }
  Oid source_element = element_of(source, types);
  Oid target_element = element_of(target, types);
  bool to_vector = target == types::kInt2Vector || target == types::kOidVector;
  if (source_element.value != 0 && target_element.value != 0 && !to_vector) {
    Coercion element = find_coercion(source_element, target_element, context, types);
    if (element) return {Coercion::Path::kArrayElement, element.function};
  }
  // Anything may be assigned to a string, and a string explicitly cast to anything, by its text.
  if (context != CastContext::kImplicit && category_of(target, types) == 'S') {
    return {Coercion::Path::kInOut};
  }
  if (context == CastContext::kExplicit && category_of(source, types) == 'S') {
    return {Coercion::Path::kInOut};
  }
  return {};
}

const Function* find_length_coercion(Oid type) {
  const Cast* cast = FunctionRegistry::instance().cast(type, type);
  return cast == nullptr ? nullptr : cast->function;
}

bool is_polymorphic(Oid type) {
  return type == types::kAnyElement || type == types::kAnyArray || type == types::kAnyNonArray ||
         type == types::kAnyEnum || type == types::kAnyCompatible ||
         type == types::kAnyCompatibleArray || type == types::kAnyCompatibleNonArray;
}

bool is_binary_coercible(Oid source, Oid target, const TypeSource& types) {
  if (source == target || target == types::kAny || target == types::kAnyElement) return true;
  if (target == types::kAnyCompatible) return true;
  source = types.base_type(source);
  if (source == target) return true;
  bool array = element_of(source, types).value != 0;
  if (target == types::kAnyArray || target == types::kAnyCompatibleArray) return array;
  if (target == types::kAnyNonArray || target == types::kAnyCompatibleNonArray) return !array;
  const Cast* cast = FunctionRegistry::instance().cast(source, target);
  return cast != nullptr && cast->method == CastMethod::kBinary &&
         cast->context == CastContext::kImplicit;
}

std::optional<Oid> select_common_type(std::span<const Oid> inputs, std::string_view context,
                                      const TypeSource& types) {
  if (inputs.empty()) return types::kText;
  if (inputs[0] != types::kUnknown &&
      std::all_of(inputs.begin(), inputs.end(), [&](Oid o) { return o == inputs[0]; })) {
    return inputs[0];
  }
  Oid chosen = types.base_type(inputs[0]);
  for (Oid input : inputs.subspan(1)) {
    Oid next = types.base_type(input);
    if (next == types::kUnknown || next == chosen) continue;
    const Type* chosen_type = types.find(chosen);
    if (chosen == types::kUnknown || chosen_type == nullptr) {
      chosen = next;
      continue;
    }
    if (chosen_type->category != category_of(next, types)) {
      if (context.empty()) return std::nullopt;
      const Type* next_type = types.find(next);
      fail(base::sqlstate::kDatatypeMismatch,
           fmt::format("{} types {} and {} cannot be matched", context, format_type(*chosen_type),
                       next_type != nullptr ? format_type(*next_type) : "???"));
    }
    if (!chosen_type->preferred && can_become(chosen, next, CastContext::kImplicit, types) &&
        !can_become(next, chosen, CastContext::kImplicit, types)) {
      chosen = next;
    }
  }
  return chosen == types::kUnknown ? types::kText : chosen;
}

}  // namespace isolde::sql
