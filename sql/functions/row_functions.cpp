#include "sql/functions/row_functions.hpp"

#include "sql/types/composite_type.hpp"
#include "sql/types/type_ids.hpp"

namespace isolde::sql {

namespace {

Function internal(ScalarFunction code, base::Oid result, bool strict = true) {
  Function function;
  function.scalar = code;
  function.result_type = result;
  function.strict = strict;
  return function;
}

Datum field(CallContext& context, const Datum* args) {
  RecordView row(context.argument_type(0), args[0]);
  return row[static_cast<size_t>(args[1].as_int())];
}

template <bool is_null>
Datum null_test(CallContext& context, const Datum* args) {
  if (args[0].is_null()) return Datum::of_bool(is_null);
  RecordView row(context.argument_type(0), args[0]);
  for (size_t i = 0; i < row.size(); ++i) {
    if (!row.shape().fields[i].dropped && row[i].is_null() != is_null) return Datum::of_bool(false);
  }
  return Datum::of_bool(true);
}

/// The first fields that differ decide.
template <bool less, bool or_equal>
Datum compare(CallContext& context, const Datum* args) {
  RecordView left(context.argument_type(0), args[0]);
  RecordView right(context.argument_type(1), args[1]);
  for (size_t i = 0; i < left.size(); ++i) {
    if (left[i].is_null() || right[i].is_null()) return Datum::null();
    auto order = left.shape().fields[i].type->compare(left[i], right[i]);
    if (order != 0) return Datum::of_bool((order < 0) == less);
  }
  return Datum::of_bool(or_equal);
}

Datum as_record(CallContext& context, const Datum* args) {
  const auto& type = static_cast<const CompositeType&>(context.argument_type(0));
  return to_record(type, args[0], context.arena);
}

/// Behind its end a name is filled with zeros, up to its full width.
Datum name_letter(CallContext&, const Datum* args) {
  constexpr int64_t kWidth = 64;
  const std::string_view name = args[0].as_bytes();
  const int64_t place = args[1].as_int();
  if (place < 0 || place >= kWidth) return Datum::null();
  const auto at = static_cast<size_t>(place);
  return Datum::of_int(at < name.size() ? name[at] : 0);
}

}  // namespace

const Function& name_letter_function() {
  static const Function kFunction = internal(name_letter, types::kChar);
  return kFunction;
}

const Function& row_field_function() {
  static const Function kFunction = internal(field, base::Oid());
  return kFunction;
}

const Function& row_null_test_function(bool is_null) {
  static const Function kNull = internal(null_test<true>, types::kBool, false);
  static const Function kNotNull = internal(null_test<false>, types::kBool, false);
  return is_null ? kNull : kNotNull;
}

const Function* row_comparison_function(std::string_view name) {
  static const Function kLess = internal(compare<true, false>, types::kBool);
  static const Function kLessOrEqual = internal(compare<true, true>, types::kBool);
  static const Function kGreater = internal(compare<false, false>, types::kBool);
  static const Function kGreaterOrEqual = internal(compare<false, true>, types::kBool);
  if (name == "<") return &kLess;
  if (name == "<=") return &kLessOrEqual;
  if (name == ">") return &kGreater;
  if (name == ">=") return &kGreaterOrEqual;
  return nullptr;
}

const Function& composite_to_record_function() {
  static const Function kFunction = internal(as_record, types::kRecord);
  return kFunction;
}

}  // namespace isolde::sql
