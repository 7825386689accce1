#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "sql/functions/call_context.hpp"
#include "sql/functions/function.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/datum.hpp"

// Expressions, compiled: one flat list of steps over numbered registers.
//
//      a + 1 > $2           r0 <- 1 (constant)         before the first run
//                           r1 <- column 0
//                           r1 <- r1 + r0   (int4)
//                           r2 <- parameter 1
//                           r3 <- r1 > r2   (int)      output
//
// Invariants
//  1. Constants stand in their registers before the first run and are never written.
//  2. The outputs are registers 0, 1, ...: after a run they are the row that the program makes.
//  3. A call's arguments stand in consecutive registers.
//  4. Jumps go forward only; a run ends.

namespace isolde::sql {

struct Plan;

enum class Op : uint8_t {
  kMove,
  kColumn,      ///< out <- row[a]
  kParameter,   ///< out <- parameters[a]
  kOuterValue,  ///< out <- outer[a]
  // out <- a op b on integers, with overflow checks
  kInt4Add,
  kInt4Sub,
  kInt4Mul,
  kInt8Add,
  kInt8Sub,
  kInt8Mul,
  kInt4Div,
  kInt4Mod,
  kInt8Div,
  kInt8Mod,
  kIntEq,
  kIntNe,
  kIntLt,
  kIntLe,
  kIntGt,
  kIntGe,
  kBytesEq,
  kBytesNe,
  kBytesLt,
  kBytesLe,
  kBytesGt,
  kBytesGe,
  kIntToFloat8,
  kNot,
  kIsNull,
  kIsNotNull,
  kIsTruth,        ///< out <- a is b, b being 1 (true), 0 (false); never null
  kCall,           ///< out <- strict function over registers a .. a + b
  kCallWithNulls,  ///< the same, called with nulls too
  kJump,           ///< to c
  kJumpIfFalse,    ///< to c when a is false; not when it is null
  kJumpIfTrue,
  kJumpIfNotTrue,
  kJumpIfNull,
  kJumpIfNotNull,
  kSetNull,
  kSetBool,   ///< out <- b
  kDistinct,  ///< out <- a is distinct from b, by strict equality function
  kNullIf,    ///< to c with out <- null when registers a and a + 1 are equal
  kGreatest,  ///< out <- the greatest of registers a .. a + b by type
  kLeast,
  kArray,  ///< out <- array of registers a .. a + b
  kArrayOfArrays,
  kAnyArray,  ///< out <- a function ANY b; site tells types
  kAllArray,
  kSubscript,  ///< out <- a[registers b .. b + c]
  kSlice,  ///< out <- a[registers b .. by pairs]; c: dimensions, then a bit a bound that is there
  kRow,
  kViaText,      ///< out <- input(output(a))
  kEachElement,  ///< out <- array a with `sub` applied to each element
  kSubplan,      ///< out <- subplan b
};

struct SubplanRef;
struct Program;

struct Step {
  Op op;
  uint32_t out = 0;
  uint32_t a = 0;
  uint32_t b = 0;
  uint32_t c = 0;
  union {
    const Function* function = nullptr;
    const Type* type;
    const Program* program;
    const SubplanRef* subplan;
  };
  const CallSite* site = nullptr;
};

/// A subquery inside an expression.
struct SubplanRef {
  enum class Mode : uint8_t { kExists, kScalar, kArray, kAny, kAll, kRow };
  Mode mode = Mode::kScalar;
  const Plan* plan = nullptr;
  std::vector<int> passed_slots;  ///< outer[passed_slots[i]] <- register a + i
  const Program* test = nullptr;
  const Type* type = nullptr;
  int number = 0;  ///< in its program
};

/// Types of a call, kept for as long as the program.
struct OwnedSite {
  std::vector<const Type*> types;
  CallSite site;
};

struct Program {
  std::vector<Step> steps;
  std::vector<Datum> initial;  ///< the register file before the first run
  uint32_t outputs = 0;
  std::list<OwnedSite> sites;
  std::list<CompositeType> shapes;  ///< of rows whose expressions have none
  std::list<SubplanRef> subplans;
  std::list<Program> nested;
};

}  // namespace isolde::sql
