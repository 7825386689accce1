#include "sql/functions/declaration.hpp"
#include "sql/types/array.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/types/enum_type.hpp"
#include "sql/types/errors.hpp"

// The labels of an enum. The type comes from the arguments' type, whose values may be NULL.

namespace isolde::sql {

namespace {

const EnumType& enum_of(CallContext& context) {
  const Type& type = base_of(context.argument_type(0));
  if (type.kind != TypeKind::kEnum) {
    fail(base::sqlstate::kFeatureNotSupported, "could not determine actual enum type");
  }
  const auto& enumeration = static_cast<const EnumType&>(type);
  if (enumeration.labels().empty()) {
    fail(base::sqlstate::kObjectNotInPrerequisiteState,
         "enum " + std::string(type.sql_name) + " contains no values");
  }
  return enumeration;
}

Datum enum_first(CallContext& context, const Datum*) {
  return Datum::of_int(enum_of(context).labels().front().oid.value);
}
Datum enum_last(CallContext& context, const Datum*) {
  return Datum::of_int(enum_of(context).labels().back().oid.value);
}

Datum labels_between(CallContext& context, Datum first, Datum last) {
  const Type& base = base_of(context.argument_type(0));
  const auto& type = static_cast<const EnumType&>(base);
  std::vector<Datum> values;
  for (const EnumLabel& label : type.labels()) {
    Datum value = Datum::of_int(label.oid.value);
    bool below = !first.is_null() && type.compare(value, first) < 0;
    bool above = !last.is_null() && type.compare(value, last) > 0;
    if (!below && !above) values.push_back(value);
  }
  return make_array(type, values, context.arena);
}
Datum enum_range(CallContext& context, const Datum*) {
  return labels_between(context, Datum::null(), Datum::null());
}
Datum enum_range_between(CallContext& context, const Datum* args) {
  return labels_between(context, args[0], args[1]);
}

Datum enum_cmp(CallContext& context, const Datum* args) {
  auto order = context.argument_type(0).compare(args[0], args[1]);
  return Datum::of_int(order < 0 ? -1 : order > 0 ? 1 : 0);
}
Datum enum_smaller(CallContext& context, const Datum* args) {
  return context.argument_type(0).compare(args[0], args[1]) <= 0 ? args[0] : args[1];
}
Datum enum_larger(CallContext& context, const Datum* args) {
  return context.argument_type(0).compare(args[0], args[1]) >= 0 ? args[0] : args[1];
}

constexpr int kNulls = kCalledOnNull | kStable;

constexpr FunctionRow kRows[] = {
    {3528, "enum_first(anyenum) anyenum", enum_first, kNulls},
    {3529, "enum_last(anyenum) anyenum", enum_last, kNulls},
    {3530, "enum_range(anyenum, anyenum) anyarray", enum_range_between, kNulls},
    {3531, "enum_range(anyenum) anyarray", enum_range, kNulls},
    {3514, "enum_cmp(anyenum, anyenum) int4", enum_cmp},
    {3524, "enum_smaller(anyenum, anyenum) anyenum", enum_smaller},
    {3525, "enum_larger(anyenum, anyenum) anyenum", enum_larger},
};

}  // namespace

const std::span<const FunctionRow> kEnumFunctions = kRows;

}  // namespace isolde::sql
