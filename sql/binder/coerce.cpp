#include "sql/binder/binder.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/domain_type.hpp"

namespace isolde::sql {

namespace {

/// Types whose text form means another value in another session or at another time: a literal of
/// these is read again by every execution.
bool reads_session(base::Oid type) {
  static constexpr base::Oid kTypes[] = {
      types::kDate,         types::kTime,        types::kTimetz,      types::kTimestamp,
      types::kTimestamptz,  types::kInterval,    types::kRegproc,     types::kRegprocedure,
      types::kRegoper,      types::kRegoperator, types::kRegclass,    types::kRegtype,
      types::kRegnamespace, types::kRegrole,     types::kRegcollation};
  for (base::Oid one : kTypes) {
    const Type* reads = find_type(one);
    if (one == type || (reads != nullptr && reads->array_type == type)) return true;
  }
  return false;
}

/// Domains, and arrays of them: reading their text is not enough.
bool is_checked(const Type& type) {
  return type.kind == TypeKind::kDomain ||
         (type.element != nullptr && type.element->kind == TypeKind::kDomain);
}

}  // namespace

/// Reads the text of a literal as a value of a type, now: a wrong one is an error of this
/// statement, at this place. What cannot be kept is marked to be read again.
Expr* Binder::read_literal(Expr* literal, const Type& target, int32_t typmod) {
  Expr* expr = memory_.expr(ExprKind::kConst, &target, literal->location);
  expr->lifted = literal->lifted;
  expr->literal = literal->literal;
  expr->index = 0;
  if (literal->value.is_null()) return expr;
  int32_t input_typmod = target.oid == types::kInterval ? typmod : -1;
  expr->value = at(literal->location, [&] {
    return target.from_text(literal->literal, input_typmod, memory_.constants, *input_.style);
  });
  if (target.oid == types::kInterval) expr->typmod = typmod;
  expr->index = reads_session(target.oid) ? 1 : 0;  // see Statement::settle_literals
  return expr;
}

Expr* Binder::apply_coercion(Expr* expr, const Coercion& coercion, const Type& target,
                             CastContext context) {
  Expr* made = make_coercion(expr, coercion, target, context);
  if (made != nullptr && made != expr) {
    made->form =
        context == CastContext::kExplicit ? CallForm::kExplicitCast : CallForm::kImplicitCast;
  }
  return made;
}

namespace {

/// A literal whose text is read when the statement runs, and in another way as the other type: what
/// 'pg_class'::regclass::oid begins with.
bool is_read_otherwise(const Expr& expr, const Type& target) {
  const bool later = expr.kind == ExprKind::kConst && (expr.index != 0 || expr.lifted >= 0);
  return later && expr.type->functions->from_text != target.functions->from_text;
}

}  // namespace

Expr* Binder::make_coercion(Expr* expr, const Coercion& coercion, const Type& target,
                            CastContext context) {
  switch (coercion.path) {
    case Coercion::Path::kNone:
      return nullptr;
    case Coercion::Path::kRelabel: {
      if (expr->type == &target) return expr;
      const bool value = expr->kind == ExprKind::kConst || expr->kind == ExprKind::kColumn ||
                         expr->kind == ExprKind::kParameter || expr->kind == ExprKind::kOuterValue;
      if (value && !is_read_otherwise(*expr, target)) {
        Expr* relabelled = &memory_.exprs.emplace_back(*expr);
        relabelled->type = &target;
        relabelled->typmod = -1;
        return relabelled;
      }
      // Others keep their own type, which says how they are computed.
      Expr* around = call1(ExprKind::kCoalesce, target, expr->location, {expr});
      return around;
    }
    case Coercion::Path::kFunction: {
      std::vector<Expr*> arguments = {expr};
      size_t wanted = coercion.function->argument_types.size();
      if (wanted > 1) {
        arguments.push_back(constant(type_of(types::kInt4), Datum::of_int(-1), expr->location));
      }
      if (wanted > 2) {
        arguments.push_back(constant(type_of(types::kBool),
                                     Datum::of_bool(context == CastContext::kExplicit),
                                     expr->location));
      }
      Expr* call = call1(ExprKind::kCall, target, expr->location, std::move(arguments));
      call->function = coercion.function;
      return call;
    }
    case Coercion::Path::kArrayElement: {
      Expr* each = call1(ExprKind::kEachElement, target, expr->location, {expr});
      Expr* element =
          memory_.expr(ExprKind::kColumn, &type_of(expr->type->element_type), expr->location);
      each->element = coerce_type(element, type_of(target.element_type), context);
      return each;
    }
    case Coercion::Path::kInOut:
      return call1(ExprKind::kViaText, target, expr->location, {expr});
  }
  return nullptr;
}

Expr* Binder::coerce_type(Expr* expr, const Type& target, CastContext context) {
  if (expr->type == &target || target.oid == types::kAny || target.oid == types::kUnknown) {
    return expr;
  }
  if (target.kind == TypeKind::kDomain) return to_domain(expr, target, context);
  if (expr->type->oid == types::kUnknown && expr->kind == ExprKind::kConst) {
    if (is_checked(target)) {
      const Type& plain = type_of(base_of(*target.element).array_type);
      return coerce_type(read_literal(expr, plain, -1), target, CastContext::kExplicit);
    }
    return read_literal(expr, target, -1);
  }
  if (expr->kind == ExprKind::kParameter && expr->type->oid == types::kUnknown) {
    base::Oid& known = input_.parameters[static_cast<size_t>(expr->index)];
    if (known != types::kUnknown && known != target.oid) {
      fail_at(expr->location,
              base::Error(
                  base::sqlstate::kAmbiguousParameter,
                  "inconsistent types deduced for parameter $" + std::to_string(expr->index + 1))
                  .detail(format_type(type_of(known)) + " versus " + format_type(target)));
    }
    known = target.oid;
    expr->type = &target;
    return expr;
  }
  if (expr->type->oid == target.oid && target.oid == types::kRecord) return expr;
  if (expr->kind == ExprKind::kRow && is_row_type(base_of(target))) {
    if (Expr* row = row_cast(expr, target, context)) return row;
  }
  Coercion coercion = find_coercion(expr->type->oid, target.oid, context, *input_.types);
  Expr* made = apply_coercion(expr, coercion, target, context);
  if (made == nullptr) {
    fail_at(expr->location, base::sqlstate::kCannotCoerce,
            "cannot cast type " + format_type(*expr->type) + " to " + format_type(target));
  }
  return made;
}

/// nullptr when the context allows no way.
Expr* Binder::coerce(Expr* expr, const Type& target, int32_t typmod, CastContext context) {
  Expr* made = nullptr;
  bool literal = expr->type->oid == types::kUnknown && expr->kind == ExprKind::kConst;
  if (literal && !is_checked(target)) {
    made = read_literal(expr, target, typmod);
  } else if (expr->type == &target || expr->type->oid == types::kUnknown ||
             (expr->kind == ExprKind::kRow && is_row_type(base_of(target))) ||
             find_coercion(expr->type->oid, target.oid, context, *input_.types)) {
    made = coerce_type(expr, target, context);
  }
  if (made == nullptr || typmod < 0) return made;
  Expr* fitted = fit_typmod(made, typmod, context);
  // Of a cast and the length function around it, only one was written.
  if (fitted != made && made != expr) made->form = CallForm::kImplicitCast;
  return fitted;
}

/// varchar(3), numeric(8,2), ...: calls the type's own length function.
Expr* Binder::fit_typmod(Expr* expr, int32_t typmod, CastContext context) {
  if (expr->typmod == typmod) return expr;
  const Function* function = find_length_coercion(expr->type->oid);
  if (function == nullptr && expr->type->is_array()) {
    const Type& element_type = type_of(expr->type->element_type);
    if (find_length_coercion(element_type.oid) != nullptr) {
      Expr* each = call1(ExprKind::kEachElement, *expr->type, expr->location, {expr});
      Expr* element = memory_.expr(ExprKind::kColumn, &element_type, expr->location);
      each->element = fit_typmod(element, typmod, context);
      each->typmod = typmod;
      each->form =
          context == CastContext::kExplicit ? CallForm::kExplicitCast : CallForm::kImplicitCast;
      return each;
    }
  }
  if (function == nullptr) return expr;
  std::vector<Expr*> arguments = {
      expr, constant(type_of(types::kInt4), Datum::of_int(typmod), expr->location)};
  if (function->argument_types.size() > 2) {
    arguments.push_back(constant(
        type_of(types::kBool), Datum::of_bool(context == CastContext::kExplicit), expr->location));
  }
  Expr* call = call1(ExprKind::kCall, *expr->type, expr->location, std::move(arguments));
  call->function = function;
  call->typmod = typmod;
  call->form =
      context == CastContext::kExplicit ? CallForm::kExplicitCast : CallForm::kImplicitCast;
  return call;
}

Expr* Binder::to_bool(Expr* expr, std::string_view where) {
  const Type& boolean = type_of(types::kBool);
  if (expr->type == &boolean && expr->kind != ExprKind::kSetCall) return expr;
  Expr* made = coerce(expr, boolean, -1, CastContext::kAssignment);
  if (made == nullptr) {
    fail_at(expr->location, base::sqlstate::kDatatypeMismatch,
            "argument of " + std::string(where) + " must be type boolean, not type " +
                format_type(*expr->type));
  }
  if (made->kind == ExprKind::kSetCall) {
    fail_at(expr->location, base::sqlstate::kDatatypeMismatch,
            "argument of " + std::string(where) + " must not return a set");
  }
  return made;
}

const Type& Binder::common_type(std::span<Expr* const> exprs, std::string_view context) {
  std::vector<base::Oid> oids;
  int culprit = exprs.empty() ? -1 : exprs[0]->location;
  for (const Expr* expr : exprs) {
    oids.push_back(expr->type->oid);
    if (!select_common_type(oids, {}, *input_.types)) {
      culprit = expr->location;
      break;
    }
  }
  auto common = at(culprit, [&] { return select_common_type(oids, context, *input_.types); });
  return type_of(*common == types::kUnknown ? types::kText : *common);
}

void Binder::make_common(std::vector<Expr*>& exprs, const Type& type, std::string_view context) {
  for (Expr*& expr : exprs) {
    if (expr->type == &type) continue;
    const Type& before = *expr->type;
    Expr* made = coerce(expr, type, -1, CastContext::kImplicit);
    if (made == nullptr) {
      fail_at(expr->location, base::sqlstate::kCannotCoerce,
              std::string(context) + " could not convert type " + format_type(before) + " to " +
                  format_type(type));
    }
    expr = made;
  }
}

}  // namespace isolde::sql
