#include "sql/expr/compiler.hpp"

#include <optional>
#include <string>
#include <utility>

#include "base/check.hpp"
#include "sql/expr/operand.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

std::optional<Op> fast_op(FastOp fast) {
  switch (fast) {
    case FastOp::kInt4Add:
      return Op::kInt4Add;
    case FastOp::kInt4Sub:
      return Op::kInt4Sub;
    case FastOp::kInt4Mul:
      return Op::kInt4Mul;
    case FastOp::kInt4Div:
      return Op::kInt4Div;
    case FastOp::kInt4Mod:
      return Op::kInt4Mod;
    case FastOp::kInt8Add:
      return Op::kInt8Add;
    case FastOp::kInt8Sub:
      return Op::kInt8Sub;
    case FastOp::kInt8Mul:
      return Op::kInt8Mul;
    case FastOp::kInt8Div:
      return Op::kInt8Div;
    case FastOp::kInt8Mod:
      return Op::kInt8Mod;
    case FastOp::kIntEq:
      return Op::kIntEq;
    case FastOp::kIntNe:
      return Op::kIntNe;
    case FastOp::kIntLt:
      return Op::kIntLt;
    case FastOp::kIntLe:
      return Op::kIntLe;
    case FastOp::kIntGt:
      return Op::kIntGt;
    case FastOp::kIntGe:
      return Op::kIntGe;
    case FastOp::kBytesEq:
      return Op::kBytesEq;
    case FastOp::kBytesNe:
      return Op::kBytesNe;
    case FastOp::kBytesLt:
      return Op::kBytesLt;
    case FastOp::kBytesLe:
      return Op::kBytesLe;
    case FastOp::kBytesGt:
      return Op::kBytesGt;
    case FastOp::kBytesGe:
      return Op::kBytesGe;
    case FastOp::kSameDatum:
      return Op::kMove;
    case FastOp::kIntToFloat8:
      return Op::kIntToFloat8;
    case FastOp::kNone:
    case FastOp::kFloat8Add:
    case FastOp::kFloat8Sub:
    case FastOp::kFloat8Mul:
    case FastOp::kFloat8Div:
    case FastOp::kFloatEq:
    case FastOp::kFloatNe:
    case FastOp::kFloatLt:
    case FastOp::kFloatLe:
    case FastOp::kFloatGt:
    case FastOp::kFloatGe:
    case FastOp::kCountStar:
    case FastOp::kCount:
    case FastOp::kSumInt4:
    case FastOp::kSumInt8:
    case FastOp::kSumFloat8:
    case FastOp::kMinInt:
    case FastOp::kMaxInt:
    case FastOp::kMinFloat:
    case FastOp::kMaxFloat:
      return std::nullopt;
  }
  return std::nullopt;
}

class Compiler {
 public:
  Compiler(Program& program, const PlanSubquery& plan_subquery, std::span<const int> place = {})
      : program_(program), plan_subquery_(plan_subquery), place_(place) {}

  void run(std::span<const Expr* const> expressions) {
    program_.outputs = static_cast<uint32_t>(expressions.size());
    program_.initial.resize(expressions.size());
    for (uint32_t i = 0; i < expressions.size(); ++i) into(*expressions[i], i);
  }

 private:
  uint32_t fresh(size_t count = 1) {
    auto first = static_cast<uint32_t>(program_.initial.size());
    program_.initial.resize(first + count);
    return first;
  }

  Step& emit(Op op, uint32_t out, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0) {
    Step& step = program_.steps.emplace_back();
    step.op = op;
    step.out = out;
    step.a = a;
    step.b = b;
    step.c = c;
    return step;
  }

  /// Emits a jump whose target is set later.
  size_t jump(Op op, uint32_t tested = 0) {
    emit(op, 0, tested);
    return program_.steps.size() - 1;
  }
  void land(size_t jump) { program_.steps[jump].c = static_cast<uint32_t>(program_.steps.size()); }
  void land(const std::vector<size_t>& jumps) {
    for (size_t at : jumps) land(at);
  }

  /// A register that holds the expression; a constant gets one that is never written.
  uint32_t reg(const Expr& expr) {
    uint32_t out = fresh();
    into(expr, out);
    return out;
  }

  /// Where a step on two values finds the value.
  uint32_t operand(const Expr& expr) {
    if (expr.kind == ExprKind::kColumn) return kRowOperand + column(expr.index);
    if (expr.kind == ExprKind::kParameter) {
      return kParameterOperand + static_cast<uint32_t>(expr.index);
    }
    return reg(expr);
  }

  /// Registers in a row for each expression.
  uint32_t regs(const std::vector<Expr*>& expressions) {
    uint32_t first = fresh(expressions.size());
    for (size_t i = 0; i < expressions.size(); ++i) {
      into(*expressions[i], first + static_cast<uint32_t>(i));
    }
    return first;
  }

  uint32_t column(int index) const {
    int at = place_.empty() ? index : place_[static_cast<size_t>(index)];
    ISOLDE_ASSERT(at >= 0, "the column is not in the row");
    return static_cast<uint32_t>(at);
  }

  const CallSite* site(const Expr& expr) {
    OwnedSite& owned = program_.sites.emplace_back();
    for (const Expr* argument : expr.arguments) owned.types.push_back(argument->type);
    owned.site = {owned.types, expr.type, expr.typmod, expr.variadic_array};
    return &owned.site;
  }

  /// The site of a comparison of two values of the types that the function takes.
  const CallSite* pair_site(const Expr& expr, const Type* left, const Type* right) {
    OwnedSite& owned = program_.sites.emplace_back();
    owned.types = {left, right};
    owned.site = {owned.types, expr.type, -1, false};
    return &owned.site;
  }

  void into(const Expr& expr, uint32_t out) {
    switch (expr.kind) {
      case ExprKind::kConst:
        program_.initial[out] = expr.value;
        break;
      case ExprKind::kParameter:
        emit(Op::kParameter, out, static_cast<uint32_t>(expr.index));
        break;
      case ExprKind::kColumn:
        emit(Op::kColumn, out, column(expr.index));
        break;
      case ExprKind::kOuterValue:
        emit(Op::kOuterValue, out, static_cast<uint32_t>(expr.index));
        break;
      case ExprKind::kCall:
        call(expr, out);
        break;
      case ExprKind::kAnd:
        if (expr.index != 0) {
          all_true(expr, out);
          break;
        }
        logic(expr, out, Op::kJumpIfFalse, false);
        break;
      case ExprKind::kOr:
        logic(expr, out, Op::kJumpIfTrue, true);
        break;
      case ExprKind::kNot:
        emit(Op::kNot, out, reg(*expr.arguments[0]));
        break;
      case ExprKind::kCase:
        case_when(expr, out);
        break;
      case ExprKind::kCoalesce:
        coalesce(expr, out);
        break;
      case ExprKind::kGreatest:
      case ExprKind::kLeast: {
        uint32_t first = regs(expr.arguments);
        emit(expr.kind == ExprKind::kGreatest ? Op::kGreatest : Op::kLeast, out, first,
             static_cast<uint32_t>(expr.arguments.size()))
            .type = expr.type;
        break;
      }
      case ExprKind::kNullIf:
        null_if(expr, out);
        break;
      case ExprKind::kIsNull:
        emit(expr.index == 0 ? Op::kIsNull : Op::kIsNotNull, out, reg(*expr.arguments[0]));
        break;
      case ExprKind::kIsTrue:
        is_true(expr, out);
        break;
      case ExprKind::kDistinct: {
        uint32_t a = reg(*expr.arguments[0]);
        uint32_t b = reg(*expr.arguments[1]);
        const CallSite* at = pair_site(expr, expr.arguments[0]->type, expr.arguments[1]->type);
        Step& step = emit(Op::kDistinct, out, a, b);
        step.function = expr.function;
        step.site = at;
        break;
      }
      case ExprKind::kArray: {
        uint32_t first = regs(expr.arguments);
        bool nested = !expr.arguments.empty() && expr.arguments[0]->type == expr.type;
        emit(nested ? Op::kArrayOfArrays : Op::kArray, out, first,
             static_cast<uint32_t>(expr.arguments.size()))
            .type = expr.type;
        break;
      }
      case ExprKind::kAnyArray:
      case ExprKind::kAllArray: {
        uint32_t a = reg(*expr.arguments[0]);
        uint32_t b = reg(*expr.arguments[1]);
        const CallSite* at = pair_site(expr, expr.arguments[0]->type, expr.arguments[0]->type);
        Op op = expr.kind == ExprKind::kAnyArray ? Op::kAnyArray : Op::kAllArray;
        Step& step = emit(op, out, a, b);
        step.function = expr.function;
        step.site = at;
        break;
      }
      case ExprKind::kSubscript: {
        uint32_t array = reg(*expr.arguments[0]);
        std::vector<Expr*> subscripts(expr.arguments.begin() + 1, expr.arguments.end());
        uint32_t first = regs(subscripts);
        emit(Op::kSubscript, out, array, first, static_cast<uint32_t>(subscripts.size()));
        break;
      }
      case ExprKind::kSlice: {
        uint32_t array = reg(*expr.arguments[0]);
        std::vector<Expr*> bounds(expr.arguments.begin() + 1, expr.arguments.end());
        uint32_t first = regs(bounds);
        auto shape = static_cast<uint32_t>(bounds.size() / 2) | static_cast<uint32_t>(expr.index)
                                                                    << 8;
        emit(Op::kSlice, out, array, first, shape).type = expr.type;
        break;
      }
      case ExprKind::kRow:
        row(expr, out);
        break;
      case ExprKind::kViaText: {
        uint32_t value = reg(*expr.arguments[0]);
        const CallSite* at = site(expr);
        emit(Op::kViaText, out, value).site = at;
        break;
      }
      case ExprKind::kEachElement:
        each_element(expr, out);
        break;
      case ExprKind::kSubquery:
        subquery(expr, out);
        break;
      case ExprKind::kLet:
        let(expr, out);
        break;
      case ExprKind::kLetValue:
        emit(Op::kMove, out, let_registers_.at(static_cast<size_t>(expr.index)));
        break;
      case ExprKind::kAggregate:
      case ExprKind::kWindow:
      case ExprKind::kSetCall:
        fail(base::sqlstate::kFeatureNotSupported,
             "set-valued function called in context that cannot accept a set");
    }
  }

  void call(const Expr& expr, uint32_t out) {
    const auto& arguments = expr.arguments;
    std::optional<Op> fast = fast_op(expr.function->fast);
    if (fast && arguments.size() == 2) {
      uint32_t a = operand(*arguments[0]);
      uint32_t b = operand(*arguments[1]);
      emit(*fast, out, a, b);
    } else if (fast && arguments.size() == 1) {
      emit(*fast, out, reg(*arguments[0]));
    } else {
      uint32_t first = regs(arguments);
      const CallSite* at = site(expr);
      Step& step = emit(expr.function->strict ? Op::kCall : Op::kCallWithNulls, out, first,
                        static_cast<uint32_t>(arguments.size()));
      step.function = expr.function;
      step.site = at;
    }
  }

  /// A row of plain type "record" gets a shape here: f1, f2, ... of its values' types.
  void row(const Expr& expr, uint32_t out) {
    uint32_t first = regs(expr.arguments);
    OwnedSite& owned = program_.sites.emplace_back();
    owned.site.result_type = expr.type;
    if (expr.type == find_type(types::kRecord)) {
      std::vector<CompositeField> fields;
      for (const Expr* field : expr.arguments) {
        fields.push_back({"f" + std::to_string(fields.size() + 1), field->type, field->typmod});
      }
      owned.site.result_type = &program_.shapes.emplace_back(std::move(fields));
    }
    emit(Op::kRow, out, first, static_cast<uint32_t>(expr.arguments.size())).site = &owned.site;
  }

  /// AND and OR end early with `decided`; else they are null if any argument was.
  void logic(const Expr& expr, uint32_t out, Op early, bool decided) {
    uint32_t saw_null = fresh();
    emit(Op::kSetBool, saw_null, 0, 0);
    std::vector<size_t> exits;
    for (const Expr* argument : expr.arguments) {
      branch(*argument, out);
      exits.push_back(jump(early, out));
      size_t known = jump(Op::kJumpIfNotNull, out);
      emit(Op::kSetBool, saw_null, 0, 1);
      land(known);
    }
    emit(Op::kSetBool, out, 0, decided ? 0 : 1);
    size_t sure = jump(Op::kJumpIfNotTrue, saw_null);
    emit(Op::kSetNull, out);
    land(sure);
    land(exits);
  }

  /// AND of which only counts whether it is true.
  void all_true(const Expr& expr, uint32_t out) {
    std::vector<size_t> exits;
    for (const Expr* argument : expr.arguments) {
      branch(*argument, out);
      exits.push_back(jump(Op::kJumpIfNotTrue, out));
    }
    land(exits);
  }

  void case_when(const Expr& expr, uint32_t out) {
    std::vector<size_t> exits;
    size_t pairs = expr.arguments.size() / 2;
    for (size_t i = 0; i < pairs; ++i) {
      uint32_t condition = reg(*expr.arguments[2 * i]);
      size_t next = jump(Op::kJumpIfNotTrue, condition);
      branch(*expr.arguments[2 * i + 1], out);
      exits.push_back(jump(Op::kJump));
      land(next);
    }
    branch(*expr.arguments.back(), out);
    land(exits);
  }

  /// A value on one of several paths: a constant has to be moved to the common output.
  void branch(const Expr& value, uint32_t out) {
    if (value.kind == ExprKind::kConst) {
      emit(Op::kMove, out, reg(value));
    } else {
      into(value, out);
    }
  }

  void coalesce(const Expr& expr, uint32_t out) {
    std::vector<size_t> exits;
    for (size_t i = 0; i < expr.arguments.size(); ++i) {
      branch(*expr.arguments[i], out);
      if (i + 1 < expr.arguments.size()) exits.push_back(jump(Op::kJumpIfNotNull, out));
    }
    land(exits);
  }

  /// Arguments: the value, then the two as equality wants them.
  void null_if(const Expr& expr, uint32_t out) {
    uint32_t value = reg(*expr.arguments[0]);
    uint32_t pair = fresh(2);
    into(*expr.arguments[1], pair);
    into(*expr.arguments[2], pair + 1);
    const CallSite* at = pair_site(expr, expr.arguments[1]->type, expr.arguments[2]->type);
    Step& step = emit(Op::kNullIf, out, pair, value);
    step.function = expr.function;
    step.site = at;
  }

  void let(const Expr& expr, uint32_t out) {
    uint32_t value = reg(*expr.arguments[0]);
    auto level = static_cast<size_t>(expr.index);
    if (let_registers_.size() <= level) let_registers_.resize(level + 1);
    uint32_t outer = std::exchange(let_registers_[level], value);
    branch(*expr.arguments[1], out);
    let_registers_[level] = outer;
  }

  void is_true(const Expr& expr, uint32_t out) {
    uint32_t value = reg(*expr.arguments[0]);
    if (expr.index < 0) {
      emit(Op::kIsNull, out, value);
    } else {
      emit(Op::kIsTruth, out, value, static_cast<uint32_t>(expr.index));
    }
  }

  void each_element(const Expr& expr, uint32_t out) {
    uint32_t array = reg(*expr.arguments[0]);
    const CallSite* at = site(expr);
    Program& cast = program_.nested.emplace_back();
    const Expr* element = expr.element;
    Compiler(cast, plan_subquery_).run(std::span(&element, 1));
    Step& step = emit(Op::kEachElement, out, array);
    step.program = &cast;
    step.site = at;
  }

  void subquery(const Expr& expr, uint32_t out) {
    const SubqueryExpr& from = *expr.subquery;
    uint32_t first = regs(expr.arguments);
    SubplanRef& ref = program_.subplans.emplace_back();
    ref.number = static_cast<int>(program_.subplans.size()) - 1;
    ref.mode = static_cast<SubplanRef::Mode>(from.mode);
    ref.plan = plan_subquery_(*from.query);
    ref.passed_slots = from.passed_slots;
    ref.type = expr.type;
    if (from.test != nullptr) {
      Program& test = program_.nested.emplace_back();
      const Expr* condition = from.test;
      Compiler(test, plan_subquery_).run(std::span(&condition, 1));
      ref.test = &test;
    }
    emit(Op::kSubplan, out, first, static_cast<uint32_t>(ref.number));
  }

  Program& program_;
  std::vector<uint32_t> let_registers_;  ///< by Expr::index of kLet
  const PlanSubquery& plan_subquery_;
  std::span<const int> place_;
};

}  // namespace

Program compile(std::span<const Expr* const> expressions, const PlanSubquery& plan_subquery,
                std::span<const int> place) {
  Program program;
  Compiler(program, plan_subquery, place).run(expressions);
  return program;
}

}  // namespace isolde::sql
