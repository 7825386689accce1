#pragma once

#include <cstdint>
#include <span>

#include "sql/functions/function.hpp"

// How the files of this folder declare what they define: tables of rows, read once by the registry.

namespace isolde::sql {

/// Bits of FunctionRow::flags.
enum FunctionFlag : uint8_t {
  kCalledOnNull = 1,  ///< not strict
  kStable = 2,
  kVolatile = 4,
  kOrderedSet = 8,  ///< an aggregate over WITHIN GROUP (ORDER BY ...)
};

/// The code of a function: one of these kinds.
struct FunctionCode {
  constexpr FunctionCode(ScalarFunction f) : scalar(f) {}       // NOLINT: implicit
  constexpr FunctionCode(SetFunction f) : set(f) {}             // NOLINT: implicit
  constexpr FunctionCode(const Aggregate* a) : aggregate(a) {}  // NOLINT: implicit
  constexpr FunctionCode(WindowFunction w) : window(w) {}       // NOLINT: implicit

  ScalarFunction scalar = nullptr;
  SetFunction set = nullptr;
  const Aggregate* aggregate = nullptr;
  WindowFunction window = WindowFunction::kNone;
};

/// One function. The signature reads "name(type, type) result", where an argument may be
/// "variadic type", "type = default", "name type", "out name type", and the result "setof type";
/// types go by their pg_type names, arrays as "int4[]".
struct FunctionRow {
  uint32_t oid;
  const char* signature;
  FunctionCode code;
  int flags = 0;
  FastOp fast = FastOp::kNone;
};

/// One operator: "int4 + int4", or "- int4" for a prefix. The function gives the result type.
struct OperatorRow {
  uint32_t oid;
  const char* signature;
  uint32_t function;
  uint32_t commutator = 0;
  uint32_t negator = 0;
  const char* methods = "";  ///< 'm' can merge, 'h' can hash
};

/// One cast, "int4 -> int8", by a function, or by none: see the method.
struct CastRow {
  uint32_t oid;
  const char* signature;
  uint32_t function;
  CastContext context;
  CastMethod method = CastMethod::kFunction;
};

// The tables, each in the file of its subject.
extern const std::span<const FunctionRow> kIntervalAggregates;
extern const std::span<const FunctionRow> kNumberAggregates;
extern const std::span<const FunctionRow> kValueAggregates;
extern const std::span<const FunctionRow> kOrderedSetAggregates;
extern const std::span<const FunctionRow> kAclFunctions;
extern const std::span<const FunctionRow> kArrays;
extern const std::span<const FunctionRow> kByteStrings;
extern const std::span<const FunctionRow> kNumberCasts;
extern const std::span<const FunctionRow> kComparison;
extern const std::span<const FunctionRow> kDatetimeFields;
extern const std::span<const FunctionRow> kDatetimeMake;
extern const std::span<const FunctionRow> kDatetimeMath;
extern const std::span<const FunctionRow> kDatetimePictures;
extern const std::span<const FunctionRow> kDatetimeSpans;
extern const std::span<const FunctionRow> kDigests;
extern const std::span<const FunctionRow> kEncodings;
extern const std::span<const FunctionRow> kEnumFunctions;
extern const std::span<const FunctionRow> kFloatMath;
extern const std::span<const FunctionRow> kFloatDegrees;
extern const std::span<const FunctionRow> kHashes;
extern const std::span<const FunctionRow> kIntMath;
extern const std::span<const FunctionRow> kJsonBuild;
extern const std::span<const FunctionRow> kJsonGet;
extern const std::span<const FunctionRow> kJsonPopulate;
extern const std::span<const FunctionRow> kJsonSets;
extern const std::span<const FunctionRow> kJsonbEdit;
extern const std::span<const FunctionRow> kJsonbGet;
extern const std::span<const FunctionRow> kLike;
extern const std::span<const FunctionRow> kNumericFunctionRows;
extern const std::span<const FunctionRow> kNumberPictures;
extern const std::span<const FunctionRow> kOrderSupport;
extern const std::span<const FunctionRow> kRegexpFunctions;
extern const std::span<const FunctionRow> kRegexpPositions;
extern const std::span<const FunctionRow> kSequences;
extern const std::span<const FunctionRow> kRegLookups;
extern const std::span<const FunctionRow> kRegressionAggregates;
extern const std::span<const FunctionRow> kNetworkFunctions;
extern const std::span<const FunctionRow> kSeries;
extern const std::span<const FunctionRow> kSnapshotFunctions;
extern const std::span<const FunctionRow> kSessionFunctions;  ///< sql/views
extern const std::span<const FunctionRow> kSessionTimes;
extern const std::span<const FunctionRow> kSizes;
extern const std::span<const FunctionRow> kSystemInfo;
extern const std::span<const FunctionRow> kTextFormat;
extern const std::span<const FunctionRow> kTextBasics;
extern const std::span<const FunctionRow> kTextParsing;
extern const std::span<const FunctionRow> kWindowFunctions;
extern const std::span<const OperatorRow> kNumberOperators;
extern const std::span<const OperatorRow> kTextOperators;
extern const std::span<const OperatorRow> kDatetimeOperators;
extern const std::span<const OperatorRow> kJsonOperators;
extern const std::span<const OperatorRow> kNetworkOperators;
extern const std::span<const OperatorRow> kOtherOperators;
extern const std::span<const CastRow> kCasts;

}  // namespace isolde::sql
