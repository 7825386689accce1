#pragma once

#include "sql/types/type.hpp"

// The functions of the built-in types, each defined in the file of its family; only the type
// registry puts them together.

namespace isolde::sql {

extern const TypeFunctions kBoolFunctions;
extern const TypeFunctions kInt2Functions;
extern const TypeFunctions kInt4Functions;
extern const TypeFunctions kInt8Functions;
extern const TypeFunctions kOidFunctions;
extern const TypeFunctions kXidFunctions;
extern const TypeFunctions kXid8Functions;
extern const TypeFunctions kTextFunctions;
extern const TypeFunctions kVarcharFunctions;
extern const TypeFunctions kBpcharFunctions;
extern const TypeFunctions kNameFunctions;
extern const TypeFunctions kCharFunctions;
extern const TypeFunctions kUnknownFunctions;
extern const TypeFunctions kVoidFunctions;
extern const TypeFunctions kPseudoFunctions;
extern const TypeFunctions kArrayFunctions;
extern const TypeFunctions kUuidFunctions;
extern const TypeFunctions kPgLsnFunctions;
extern const TypeFunctions kTidFunctions;
extern const TypeFunctions kVectorFunctions;
extern const TypeFunctions kRegFunctions;
extern const TypeFunctions kAclItemFunctions;
extern const TypeFunctions kInetFunctions;
extern const TypeFunctions kSnapshotTypeFunctions;
extern const TypeFunctions kRecordFunctions;
extern const TypeFunctions kJsonFunctions;
extern const TypeFunctions kJsonbFunctions;
extern const TypeFunctions kDateFunctions;
extern const TypeFunctions kTimeFunctions;
extern const TypeFunctions kTimetzFunctions;
extern const TypeFunctions kTimestampFunctions;
extern const TypeFunctions kTimestamptzFunctions;
extern const TypeFunctions kIntervalFunctions;
extern const TypeFunctions kNumericFunctions;
extern const TypeFunctions kByteaFunctions;
extern const TypeFunctions kFloat4Functions;
extern const TypeFunctions kFloat8Functions;

}  // namespace isolde::sql
