#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/functions/overload.hpp"

namespace isolde::sql {
namespace {

using Oids = std::vector<base::Oid>;

std::string operator_chosen(const char* name, base::Oid left, base::Oid right) {
  try {
    ResolvedOperator r = resolve_operator(name, left, right);
    return std::string(r.op->function->name);
  } catch (const base::SqlException& e) {
    return std::string(e.error().state().code());
  }
}

TEST(Overload, operators_follow_the_rules_of_chapter_ten) {
  using namespace types;
  EXPECT_EQ(operator_chosen("+", kInt4, kInt4), "int4pl");
  EXPECT_EQ(operator_chosen("+", kInt2, kInt8), "int28pl");
  EXPECT_EQ(operator_chosen("+", kInt4, kUnknown), "int4pl");
  EXPECT_EQ(operator_chosen("+", kInt4, kNumeric), "numeric_add");
  EXPECT_EQ(operator_chosen("+", kInt4, kFloat8), "float8pl");
  EXPECT_EQ(operator_chosen("+", kFloat4, kNumeric), "float48pl");
  EXPECT_EQ(operator_chosen("+", kDate, kInt4), "date_pli");
  EXPECT_EQ(operator_chosen("+", kUnknown, kUnknown), "42725");
  EXPECT_EQ(operator_chosen("+", kInt4, kBool), "42883");
  EXPECT_EQ(operator_chosen("=", kUnknown, kUnknown), "texteq");
  EXPECT_EQ(operator_chosen("=", kVarchar, kText), "texteq");
  EXPECT_EQ(operator_chosen("=", kVarchar, kBpchar), "bpchareq");
  EXPECT_EQ(operator_chosen("=", kInt4Array, kInt4Array), "array_eq");
  EXPECT_EQ(operator_chosen("=", kInt4Array, kInt8Array), "42883");
  EXPECT_EQ(operator_chosen("||", kUnknown, kUnknown), "textcat");
  EXPECT_EQ(operator_chosen("||", kText, kInt4), "textanycat");
  EXPECT_EQ(operator_chosen("||", kInt4Array, kInt4), "array_append");
  EXPECT_EQ(operator_chosen("<", kDate, kTimestamp), "date_lt_timestamp");
  EXPECT_EQ(operator_chosen("-", kNone, kInt4), "int4um");
  EXPECT_EQ(operator_chosen("-", kNone, kBool), "42883");
  EXPECT_EQ(operator_chosen("!=", kInt4, kInt4), "int4ne");
}

TEST(Overload, functions_report_what_is_wrong) {
  auto& registry = FunctionRegistry::instance();
  Oids arguments{types::kBool};
  try {
    resolve_function(registry.functions("length"), {"length", arguments, false});
    FAIL();
  } catch (const base::SqlException& e) {
    EXPECT_EQ(e.error().message(), "function length(boolean) does not exist");
    EXPECT_EQ(e.error().state(), base::sqlstate::kUndefinedFunction);
    EXPECT_EQ(e.error().fields().hint,
              "No function matches the given name and argument types. You might need to add "
              "explicit type casts.");
  }
}

TEST(Overload, defaults_variadics_and_casts_in_disguise) {
  auto& registry = FunctionRegistry::instance();
  Oids one{types::kInt4};
  auto interval =
      resolve_function(registry.functions("make_interval"), {"make_interval", one, false});
  EXPECT_EQ(interval.defaults_used, 6);
  Oids any{types::kInt4, types::kText};
  auto concat = resolve_function(registry.functions("concat"), {"concat", any, false});
  EXPECT_FALSE(concat.gather);
  EXPECT_EQ(concat.argument_types, (Oids{types::kAny, types::kAny}));
  Oids text{types::kText};
  auto cast = resolve_function(registry.functions("int4"), {"int4", text, false});
  EXPECT_EQ(cast.cast_to, types::kInt4);
  Oids array{types::kInt4Array, types::kUnknown};
  auto append =
      resolve_function(registry.functions("array_append"), {"array_append", array, false});
  EXPECT_EQ(append.result_type, types::kInt4Array);
  EXPECT_EQ(append.argument_types, (Oids{types::kInt4Array, types::kInt4}));
}

TEST(Overload, common_types) {
  using namespace types;
  auto common = [](Oids inputs) { return *select_common_type(inputs, "CASE"); };
  EXPECT_EQ(common({kInt4, kInt8, kInt2}), kInt8);
  EXPECT_EQ(common({kInt4, kNumeric}), kNumeric);
  EXPECT_EQ(common({kNumeric, kFloat4}), kFloat4);
  EXPECT_EQ(common({kUnknown, kUnknown}), kText);
  EXPECT_EQ(common({kUnknown, kInt4}), kInt4);
  EXPECT_EQ(common({kVarchar, kVarchar}), kVarchar);
  EXPECT_EQ(common({kVarchar, kText}), kVarchar);
  EXPECT_EQ(common({kText, kVarchar}), kText);
  EXPECT_EQ(common({kName, kText}), kName);
  EXPECT_EQ(common({kDate, kTimestamptz}), kTimestamptz);
  Oids mixed{kText, kInt4};
  EXPECT_FALSE(select_common_type(mixed, "").has_value());
  try {
    select_common_type(mixed, "CASE");
    FAIL();
  } catch (const base::SqlException& e) {
    EXPECT_EQ(e.error().message(), "CASE types text and integer cannot be matched");
    EXPECT_EQ(e.error().state(), base::sqlstate::kDatatypeMismatch);
  }
}

TEST(Overload, coercions_depend_on_the_context) {
  using namespace types;
  using Path = Coercion::Path;
  auto path = [](base::Oid from, base::Oid to, CastContext context) {
    return find_coercion(from, to, context).path;
  };
  EXPECT_EQ(path(kInt4, kInt8, CastContext::kImplicit), Path::kFunction);
  EXPECT_EQ(path(kInt8, kInt4, CastContext::kImplicit), Path::kNone);
  EXPECT_EQ(path(kInt8, kInt4, CastContext::kAssignment), Path::kFunction);
  EXPECT_EQ(path(kInt4, kText, CastContext::kImplicit), Path::kNone);
  EXPECT_EQ(path(kInt4, kText, CastContext::kAssignment), Path::kInOut);
  EXPECT_EQ(path(kText, kInt4, CastContext::kAssignment), Path::kNone);
  EXPECT_EQ(path(kText, kInt4, CastContext::kExplicit), Path::kInOut);
  EXPECT_EQ(path(kVarchar, kText, CastContext::kImplicit), Path::kRelabel);
  EXPECT_EQ(path(kInt4Array, kInt8Array, CastContext::kImplicit), Path::kArrayElement);
  EXPECT_EQ(path(kBool, kDate, CastContext::kExplicit), Path::kNone);
  EXPECT_NE(find_length_coercion(kVarchar), nullptr);
  EXPECT_EQ(find_length_coercion(kText), nullptr);
}

TEST(Registry, every_row_has_code_and_consistent_operators) {
  auto& registry = FunctionRegistry::instance();
  for (const Function& f : registry.all_functions()) {
    bool has_code = f.scalar != nullptr || f.set != nullptr || f.aggregate != nullptr ||
                    f.window != WindowFunction::kNone;
    EXPECT_TRUE(has_code) << f.name;
    bool one_record = f.result_type == types::kRecord && f.set != nullptr;  // json_to_record
    EXPECT_EQ(f.returns_set || one_record, f.set != nullptr) << f.name;
  }
  for (const Operator& op : registry.all_operators()) {
    EXPECT_NE(op.function, nullptr) << op.name;
    if (op.commutator.value == 0) continue;
    const Operator* other = registry.operator_by_oid(op.commutator);
    ASSERT_NE(other, nullptr);
    EXPECT_EQ(other->left, op.right) << op.name;
    EXPECT_EQ(other->right, op.left) << op.name;
  }
}

}  // namespace
}  // namespace isolde::sql
