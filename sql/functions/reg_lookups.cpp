#include "sql/functions/declaration.hpp"
#include "sql/types/object_names.hpp"

// to_regclass and its kin: the object of a name, or NULL.

namespace isolde::sql {

namespace {

template <NamedKind kind>
Datum look_up(CallContext& context, const Datum* args) {
  auto found = look_up_name(context.style, kind, args[0].as_bytes());
  return found ? Datum::of_int(found->value) : Datum::null();
}

Datum to_regclass(CallContext& context, const Datum* args) {
  return Datum::of_int(find_name(context.style, NamedKind::kClass, args[0].as_bytes()).value);
}

constexpr FunctionRow kRows[] = {
    {1079, "regclass(text) regclass", to_regclass, kStable},
    {3495, "to_regclass(text) regclass", look_up<NamedKind::kClass>, kStable},
    {3493, "to_regtype(text) regtype", look_up<NamedKind::kType>, kStable},
    {3494, "to_regproc(text) regproc", look_up<NamedKind::kFunction>, kStable},
    {3479, "to_regprocedure(text) regprocedure", look_up<NamedKind::kFunctionSignature>, kStable},
    {3492, "to_regoper(text) regoper", look_up<NamedKind::kOperator>, kStable},
    {3476, "to_regoperator(text) regoperator", look_up<NamedKind::kOperatorSignature>, kStable},
    {4093, "to_regrole(text) regrole", look_up<NamedKind::kRole>, kStable},
    {4086, "to_regnamespace(text) regnamespace", look_up<NamedKind::kNamespace>, kStable},
    {4195, "to_regcollation(text) regcollation", look_up<NamedKind::kCollation>, kStable},
};

}  // namespace

const std::span<const FunctionRow> kRegLookups = kRows;

}  // namespace isolde::sql
