#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "sql/functions/call_context.hpp"

namespace isolde::sql {

/// A scalar function. Not called with NULLs when Function::strict.
using ScalarFunction = Datum (*)(CallContext& context, const Datum* arguments);

/// What a set-returning function yields, row by row, while the executor asks for more. Arguments
/// and what start() put into its arena live as long as the iterator.
class SetIterator {
 public:
  virtual ~SetIterator() = default;
  /// Fills one datum a result column; false at the end. Values are valid until the next call.
  virtual bool next(CallContext& context, Datum* columns) = 0;
};
using SetFunction = std::unique_ptr<SetIterator> (*)(CallContext& context, const Datum* arguments);

/// An aggregate works on a state of `state_size` bytes that the caller owns (aligned to 8) and on
/// the arena of the context, which lives as long as the state. States need no destruction.
///
///   init(state); step(state, row)...; final(state)         one task
///   combine(into, from)                                     joins two partial states
///
/// final may be called more than once, with steps in between (window frames).
struct Aggregate {
  uint32_t state_size;
  void (*init)(CallContext& context, char* state);
  /// Not called for rows with a NULL argument when Function::strict.
  void (*step)(CallContext& context, char* state, const Datum* arguments);
  Datum (*final)(CallContext& context, char* state);
  void (*combine)(CallContext& context, char* into, const char* from) = nullptr;
};

/// Operations that an expression compiler or an aggregation may do by itself rather than by a call.
/// The integer ones check for overflow as the functions do.
enum class FastOp : uint8_t {
  kNone,
  kInt4Add,
  kInt4Sub,
  kInt4Mul,
  kInt4Div,
  kInt4Mod,
  kInt8Add,
  kInt8Sub,
  kInt8Mul,
  kInt8Div,
  kInt8Mod,
  kFloat8Add,
  kFloat8Sub,
  kFloat8Mul,
  kFloat8Div,
  /// Comparison of Datum::as_int values: int2, int4, int8 in any mix, oid, date, timestamp, ...
  kIntEq,
  kIntNe,
  kIntLt,
  kIntLe,
  kIntGt,
  kIntGe,
  kFloatEq,
  kFloatNe,
  kFloatLt,
  kFloatLe,
  kFloatGt,
  kFloatGe,  ///< NaN equals NaN and is greatest
  kBytesEq,
  kBytesNe,
  kBytesLt,
  kBytesLe,
  kBytesGt,
  kBytesGe,  ///< memcmp order: text in C, bytea
  /// Casts between integers that keep the datum: int2 to int4, int4 to int8, ...
  kSameDatum,
  kIntToFloat8,
  // Aggregates.
  kCountStar,
  kCount,
  kSumInt4,
  kSumInt8,
  kSumFloat8,
  kMinInt,
  kMaxInt,
  kMinFloat,
  kMaxFloat,
};

/// Window functions proper are known by tag: the window operator does them itself.
enum class WindowFunction : uint8_t {
  kNone,
  kRowNumber,
  kRank,
  kDenseRank,
  kPercentRank,
  kCumeDist,
  kNtile,
  kLag,
  kLead,
  kFirstValue,
  kLastValue,
  kNthValue,
};

enum class FunctionKind : char { kScalar = 'f', kAggregate = 'a', kWindow = 'w' };
enum class Volatility : char { kImmutable = 'i', kStable = 's', kVolatile = 'v' };

/// A column of what a function with OUT parameters returns.
struct OutColumn {
  std::string_view name;
  base::Oid type;
};

/// One function, as pg_proc tells it, with the code behind it.
struct Function {
  base::Oid oid;
  std::string_view name;
  std::vector<base::Oid> argument_types;
  base::Oid result_type;
  base::Oid variadic_element;   ///< element type of the last, VARIADIC, argument ("any" for itself)
  uint8_t default_count = 0;    ///< so many of the last arguments may be left out
  std::vector<Datum> defaults;  ///< their values
  FunctionKind kind = FunctionKind::kScalar;
  bool strict = true;
  bool returns_set = false;
  bool ordered_set = false;  ///< an aggregate over WITHIN GROUP (ORDER BY ...)
  Volatility volatility = Volatility::kImmutable;
  FastOp fast = FastOp::kNone;
  WindowFunction window = WindowFunction::kNone;
  std::vector<OutColumn> out_columns;  ///< of a function returning record
  std::vector<std::string_view> argument_names;

  ScalarFunction scalar = nullptr;
  SetFunction set = nullptr;
  const Aggregate* aggregate = nullptr;
};

/// A row of pg_operator. `left` is 0 for prefix operators.
struct Operator {
  base::Oid oid;
  std::string_view name;
  base::Oid left;
  base::Oid right;
  base::Oid result;
  const Function* function = nullptr;
  base::Oid commutator;
  base::Oid negator;
  bool can_merge = false;
  bool can_hash = false;
};

enum class CastContext : char { kImplicit = 'i', kAssignment = 'a', kExplicit = 'e' };
enum class CastMethod : char { kFunction = 'f', kBinary = 'b', kInOut = 'i' };

/// A row of pg_cast. The function takes (value), (value, typmod) or (value, typmod, is_explicit).
/// With kBinary it is internal (pg_cast shows none), and mostly null.
struct Cast {
  base::Oid oid;
  base::Oid source;
  base::Oid target;
  const Function* function = nullptr;
  CastContext context;
  CastMethod method;
};

}  // namespace isolde::sql
