#include "sql/expr/evaluator.hpp"

#include <algorithm>
#include <cstring>

#include "sql/exec/exec_context.hpp"
#include "sql/expr/operand.hpp"
#include "sql/expr/slow_steps.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

Evaluator::Evaluator(const Program& program, ExecContext& exec, Arena& arena)
    : program_(&program), exec_(&exec) {
  size_t count = std::max<size_t>(program.initial.size(), 1);
  registers_ = reinterpret_cast<Datum*>(exec.arena.allocate(count * sizeof(Datum)));
  if (!program.initial.empty()) {
    std::memcpy(static_cast<void*>(registers_), program.initial.data(),
                program.initial.size() * sizeof(Datum));
  }
  if (!program.steps.empty()) {
    call_ = std::make_unique<CallContext>(
        CallContext{arena, exec.task, exec.style, exec.services, nullptr});
  }
  subplans_.reserve(program.subplans.size());
  for (const SubplanRef& subplan : program.subplans) {
    subplans_.push_back(std::make_unique<SubplanRunner>(subplan, exec));
  }
}

Evaluator::Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;
Evaluator::~Evaluator() = default;

const Datum* Evaluator::run(const Datum* row) {
  if (!program_->steps.empty()) run_steps(row);
  return registers_;
}

namespace {

bool has_null(const Datum* values, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    if (values[i].is_null()) return true;
  }
  return false;
}

Datum int4_result(int64_t value) {
  if (value != static_cast<int32_t>(value)) fail_range("integer");
  return Datum::of_int(value);
}

int64_t int4_divide(int64_t a, int64_t b) {
  if (b == 0) fail_division_by_zero();
  return a / b;  // INT_MIN / -1 does not fit, as int4_result sees
}

Datum int8_divide(int64_t a, int64_t b) {
  if (b == 0) fail_division_by_zero();
  if (b == -1) {
    int64_t negated;
    if (__builtin_sub_overflow(int64_t{0}, a, &negated)) fail_range("bigint");
    return Datum::of_int(negated);
  }
  return Datum::of_int(a / b);
}

int64_t modulo(int64_t a, int64_t b) {
  if (b == 0) fail_division_by_zero();
  return b == -1 ? 0 : a % b;
}

int compare_bytes(Datum a, Datum b) {
  return a.as_bytes().compare(b.as_bytes());
}

}  // namespace

// One case a step kind. The two-operand ones share a shape: null if either is, else the value.
#define ISOLDE_BINARY(op, value)                                       \
  case Op::op: {                                                       \
    Datum a = operand(step->a), b = operand(step->b);                  \
    r[step->out] = a.is_null() || b.is_null() ? Datum::null() : value; \
    break;                                                             \
  }
#define ISOLDE_INT8(op, builtin)                                            \
  case Op::op: {                                                            \
    Datum a = operand(step->a), b = operand(step->b);                       \
    int64_t v = 0;                                                          \
    bool null = a.is_null() || b.is_null();                                 \
    if (!null && builtin(a.as_int(), b.as_int(), &v)) fail_range("bigint"); \
    r[step->out] = null ? Datum::null() : Datum::of_int(v);                 \
    break;                                                                  \
  }

void Evaluator::run_steps(const Datum* row) {
  Datum* const r = registers_;
  const Step* const begin = program_->steps.data();
  const Step* const end = begin + program_->steps.size();
  auto operand = [&](uint32_t which) -> const Datum& {
    if (which < kRowOperand) return r[which];
    return which < kParameterOperand ? row[which - kRowOperand]
                                     : exec_->parameters[which - kParameterOperand];
  };
  for (const Step* step = begin; step != end; ++step) {
    switch (step->op) {
      case Op::kMove:
        r[step->out] = r[step->a];
        break;
      case Op::kColumn:
        r[step->out] = row[step->a];
        break;
      case Op::kParameter:
        r[step->out] = exec_->parameters[step->a];
        break;
      case Op::kOuterValue:
        r[step->out] = exec_->outer[step->a];
        break;
        ISOLDE_BINARY(kInt4Add, int4_result(a.as_int() + b.as_int()))
        ISOLDE_BINARY(kInt4Sub, int4_result(a.as_int() - b.as_int()))
        ISOLDE_BINARY(kInt4Mul, int4_result(a.as_int() * b.as_int()))
        ISOLDE_BINARY(kInt4Div, int4_result(int4_divide(a.as_int(), b.as_int())))
        ISOLDE_BINARY(kInt4Mod, Datum::of_int(modulo(a.as_int(), b.as_int())))
        ISOLDE_INT8(kInt8Add, __builtin_add_overflow)
        ISOLDE_INT8(kInt8Sub, __builtin_sub_overflow)
        ISOLDE_INT8(kInt8Mul, __builtin_mul_overflow)
        ISOLDE_BINARY(kInt8Div, int8_divide(a.as_int(), b.as_int()))
        ISOLDE_BINARY(kInt8Mod, Datum::of_int(modulo(a.as_int(), b.as_int())))
        ISOLDE_BINARY(kIntEq, Datum::of_bool(a.as_int() == b.as_int()))
        ISOLDE_BINARY(kIntNe, Datum::of_bool(a.as_int() != b.as_int()))
        ISOLDE_BINARY(kIntLt, Datum::of_bool(a.as_int() < b.as_int()))
        ISOLDE_BINARY(kIntLe, Datum::of_bool(a.as_int() <= b.as_int()))
        ISOLDE_BINARY(kIntGt, Datum::of_bool(a.as_int() > b.as_int()))
        ISOLDE_BINARY(kIntGe, Datum::of_bool(a.as_int() >= b.as_int()))
        ISOLDE_BINARY(kBytesEq, Datum::of_bool(a.as_bytes() == b.as_bytes()))
        ISOLDE_BINARY(kBytesNe, Datum::of_bool(a.as_bytes() != b.as_bytes()))
        ISOLDE_BINARY(kBytesLt, Datum::of_bool(compare_bytes(a, b) < 0))
        ISOLDE_BINARY(kBytesLe, Datum::of_bool(compare_bytes(a, b) <= 0))
        ISOLDE_BINARY(kBytesGt, Datum::of_bool(compare_bytes(a, b) > 0))
        ISOLDE_BINARY(kBytesGe, Datum::of_bool(compare_bytes(a, b) >= 0))
      case Op::kIntToFloat8: {
        Datum a = r[step->a];
        r[step->out] =
            a.is_null() ? Datum::null() : Datum::of_float(static_cast<double>(a.as_int()));
        break;
      }
      case Op::kNot: {
        Datum a = r[step->a];
        r[step->out] = a.is_null() ? Datum::null() : Datum::of_bool(!a.as_bool());
        break;
      }
      case Op::kIsNull:
        r[step->out] = Datum::of_bool(r[step->a].is_null());
        break;
      case Op::kIsNotNull:
        r[step->out] = Datum::of_bool(!r[step->a].is_null());
        break;
      case Op::kIsTruth: {
        Datum a = r[step->a];
        r[step->out] = Datum::of_bool(!a.is_null() && a.as_bool() == (step->b != 0));
        break;
      }
      case Op::kCall: {
        bool null = has_null(r + step->a, step->b);
        call_->site = step->site;
        r[step->out] = null ? Datum::null() : step->function->scalar(*call_, r + step->a);
        break;
      }
      case Op::kCallWithNulls:
        call_->site = step->site;
        r[step->out] = step->function->scalar(*call_, r + step->a);
        break;
      case Op::kJump:
        step = begin + step->c - 1;
        break;
      case Op::kJumpIfFalse:
        if (!r[step->a].is_null() && !r[step->a].as_bool()) step = begin + step->c - 1;
        break;
      case Op::kJumpIfTrue:
        if (!r[step->a].is_null() && r[step->a].as_bool()) step = begin + step->c - 1;
        break;
      case Op::kJumpIfNotTrue:
        if (r[step->a].is_null() || !r[step->a].as_bool()) step = begin + step->c - 1;
        break;
      case Op::kJumpIfNull:
        if (r[step->a].is_null()) step = begin + step->c - 1;
        break;
      case Op::kJumpIfNotNull:
        if (!r[step->a].is_null()) step = begin + step->c - 1;
        break;
      case Op::kSetNull:
        r[step->out] = Datum::null();
        break;
      case Op::kSetBool:
        r[step->out] = Datum::of_bool(step->b != 0);
        break;
      case Op::kDistinct:
      case Op::kNullIf:
      case Op::kGreatest:
      case Op::kLeast:
      case Op::kArray:
      case Op::kArrayOfArrays:
      case Op::kAnyArray:
      case Op::kAllArray:
      case Op::kSubscript:
      case Op::kSlice:
      case Op::kRow:
      case Op::kViaText:
      case Op::kEachElement:
      case Op::kSubplan:
        slow_step(*step, row);
        break;
    }
  }
}

#undef ISOLDE_BINARY
#undef ISOLDE_INT8

void Evaluator::slow_step(const Step& step, const Datum*) {
  if (step.op == Op::kSubplan) {
    registers_[step.out] = subplans_[step.b]->run(registers_ + step.a, call_->arena);
  } else {
    registers_[step.out] = run_slow_step(step, registers_, *call_, *exec_);
  }
}

}  // namespace isolde::sql
