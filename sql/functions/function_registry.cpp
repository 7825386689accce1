#include "sql/functions/function_registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <string>
#include <unordered_map>

#include "base/check.hpp"
#include "sql/functions/declaration.hpp"
#include "sql/functions/signature.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/function_tables.hpp"

namespace isolde::sql {

namespace {

using base::Oid;

/// integer and the oid family are the same bits in PostgreSQL; here one is signed, the others are
/// not, so that the casts "without a function" between them have one that pg_cast does not show.
Datum oid_to_int4(CallContext&, const Datum* args) {
  return Datum::of_int(static_cast<int32_t>(args[0].as_int()));
}
Datum int4_to_oid(CallContext&, const Datum* args) {
  return Datum::of_int(static_cast<uint32_t>(args[0].as_int()));
}

/// Of functions that make rows only where FROM gives them columns.
Datum refuse_record(CallContext&, const Datum*) {
  fail(base::sqlstate::kFeatureNotSupported,
       "function returning record called in context that cannot accept type record");
}

constexpr uint64_t cast_key(Oid source, Oid target) {
  return uint64_t{source.value} << 32 | target.value;
}

}  // namespace

struct FunctionRegistry::Tables {
  std::deque<Function> functions;
  std::deque<Operator> operators;
  std::deque<Cast> casts;
  std::deque<std::string> names;
  Arena defaults;
  std::unordered_map<uint32_t, const Function*> function_by_oid;
  std::unordered_map<uint32_t, const Operator*> operator_by_oid;
  std::unordered_map<uint64_t, const Cast*> cast_by_types;
  std::unordered_map<std::string_view, std::vector<const Function*>> functions_by_name;
  std::unordered_map<std::string_view, std::vector<const Operator*>> operators_by_name;

  void add(const FunctionRow& row) {
    Function& function = functions.emplace_back(parse_signature(row.signature, defaults));
    function.oid = Oid(row.oid);
    function.strict = (row.flags & kCalledOnNull) == 0;
    function.volatility = (row.flags & kVolatile) != 0 ? Volatility::kVolatile
                          : (row.flags & kStable) != 0 ? Volatility::kStable
                                                       : Volatility::kImmutable;
    function.ordered_set = (row.flags & kOrderedSet) != 0;
    function.fast = row.fast;
    function.scalar = row.code.scalar;
    function.set = row.code.set;
    if (function.set != nullptr && !function.returns_set) function.scalar = refuse_record;
    function.aggregate = row.code.aggregate;
    function.window = row.code.window;
    if (function.aggregate != nullptr) function.kind = FunctionKind::kAggregate;
    if (function.window != WindowFunction::kNone) function.kind = FunctionKind::kWindow;
    bool fresh = function_by_oid.emplace(row.oid, &function).second;
    ISOLDE_CHECK(fresh, row.signature);
    functions_by_name[function.name].push_back(&function);
  }

  void add(const OperatorRow& row) {
    auto [left, name, right] = parse_operator(row.signature);
    auto code = function_by_oid.find(row.function);
    ISOLDE_CHECK(code != function_by_oid.end(), row.signature);
    std::string_view methods = row.methods;
    Operator& op =
        operators.emplace_back(Operator{.oid = Oid(row.oid),
                                        .name = name,
                                        .left = left,
                                        .right = right,
                                        .result = code->second->result_type,
                                        .function = code->second,
                                        .commutator = Oid(row.commutator),
                                        .negator = Oid(row.negator),
                                        .can_merge = methods.find('m') != std::string_view::npos,
                                        .can_hash = methods.find('h') != std::string_view::npos});
    operator_by_oid[row.oid] = &op;
    operators_by_name[op.name].push_back(&op);
  }

  Function to_oid;
  Function to_int4;

  Tables() {
    to_oid.scalar = int4_to_oid;
    to_int4.scalar = oid_to_int4;
  }

  const Function* sign_change(Oid source, Oid target) const {
    if (source == types::kInt4) return &to_oid;
    return target == types::kInt4 ? &to_int4 : nullptr;
  }

  void add(const CastRow& row) {
    auto [source, arrow, target] = parse_operator(row.signature);
    auto code = function_by_oid.find(row.function);
    ISOLDE_CHECK(row.function == 0 || code != function_by_oid.end(), row.signature);
    const Function* function = row.function == 0 ? nullptr : code->second;
    if (row.method == CastMethod::kBinary) function = sign_change(source, target);
    Cast& cast =
        casts.emplace_back(Cast{Oid(row.oid), source, target, function, row.context, row.method});
    cast_by_types[cast_key(source, target)] = &cast;
  }
};

FunctionRegistry::FunctionRegistry() {
  static Tables tables;
  for (std::span<const FunctionRow> rows : {kAdvisoryFunctions,
                                            kBlockingFunctions,
                                            kDefinitionFunctions,
                                            kPrivilegeFunctions,
                                            kRowVersionFunctions,
                                            kSizeFunctions,
                                            kStandardFunctions,
                                            kStatisticsFunctions,
                                            kTransactionFunctions,
                                            kIntervalAggregates,
                                            kNumberAggregates,
                                            kValueAggregates,
                                            kOrderedSetAggregates,
                                            kAclFunctions,
                                            kArrays,
                                            kByteStrings,
                                            kNumberCasts,
                                            kComparison,
                                            kDatetimeFields,
                                            kDatetimeMake,
                                            kDatetimeMath,
                                            kDatetimePictures,
                                            kDatetimeSpans,
                                            kDigests,
                                            kEncodings,
                                            kEnumFunctions,
                                            kFloatMath,
                                            kFloatDegrees,
                                            kHashes,
                                            kIntMath,
                                            kJsonBuild,
                                            kJsonGet,
                                            kJsonPopulate,
                                            kJsonSets,
                                            kJsonbEdit,
                                            kJsonbGet,
                                            kLike,
                                            kNumericFunctionRows,
                                            kNumberPictures,
                                            kOrderSupport,
                                            kRegexpFunctions,
                                            kRegexpPositions,
                                            kSequences,
                                            kRegLookups,
                                            kRegressionAggregates,
                                            kNetworkFunctions,
                                            kSeries,
                                            kSnapshotFunctions,
                                            kSessionFunctions,
                                            kSessionTimes,
                                            kSizes,
                                            kSystemInfo,
                                            kTextFormat,
                                            kTextBasics,
                                            kTextParsing,
                                            kWindowFunctions}) {
    for (const FunctionRow& row : rows) tables.add(row);
  }
  for (std::span<const OperatorRow> rows : {kNumberOperators, kTextOperators, kDatetimeOperators,
                                            kJsonOperators, kNetworkOperators, kOtherOperators}) {
    for (const OperatorRow& row : rows) tables.add(row);
  }
  for (const CastRow& row : kCasts) tables.add(row);
  tables_ = &tables;
}

FunctionRegistry::~FunctionRegistry() = default;

const FunctionRegistry& FunctionRegistry::instance() {
  static const FunctionRegistry kRegistry;
  return kRegistry;
}

namespace {

template <typename Map, typename Key>
auto look_up(const Map& map, Key key) -> typename Map::mapped_type {
  auto at = map.find(key);
  return at == map.end() ? typename Map::mapped_type{} : at->second;
}

template <typename Map>
auto look_up_all(const Map& map, std::string_view name)
    -> std::span<const typename Map::mapped_type::value_type> {
  auto at = map.find(name);
  if (at == map.end()) return {};
  return at->second;
}

}  // namespace

const Function* FunctionRegistry::function(Oid oid) const {
  return look_up(tables_->function_by_oid, oid.value);
}
const Operator* FunctionRegistry::operator_by_oid(Oid oid) const {
  return look_up(tables_->operator_by_oid, oid.value);
}
std::span<const Function* const> FunctionRegistry::functions(std::string_view name) const {
  return look_up_all(tables_->functions_by_name, name);
}
std::span<const Operator* const> FunctionRegistry::operators(std::string_view name) const {
  return look_up_all(tables_->operators_by_name, name);
}
const Cast* FunctionRegistry::cast(Oid source, Oid target) const {
  return look_up(tables_->cast_by_types, cast_key(source, target));
}

const std::deque<Function>& FunctionRegistry::all_functions() const {
  return tables_->functions;
}
const std::deque<Operator>& FunctionRegistry::all_operators() const {
  return tables_->operators;
}
const std::deque<Cast>& FunctionRegistry::all_casts() const {
  return tables_->casts;
}

}  // namespace isolde::sql
