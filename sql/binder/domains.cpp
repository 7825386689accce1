// Casts to domains: to the base type, then through the domain's constraints. NOT NULL and each
// CHECK is a call around the value (sql/functions/domain_check.hpp), so that expressions know
// nothing of domains.

#include <algorithm>
#include <utility>

#include "sql/binder/binder.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/functions/domain_check.hpp"
#include "sql/types/array.hpp"
#include "sql/types/domain_type.hpp"

namespace isolde::sql {

namespace {

std::vector<std::shared_ptr<const ConstraintObject>> checks_of(const CatalogImage& image,
                                                               Oid domain) {
  std::vector<std::shared_ptr<const ConstraintObject>> checks;
  for (const ObjectPtr& part : image.parts_of(domain)) {
    if (part->kind != ObjectKind::kConstraint) continue;
    checks.push_back(std::static_pointer_cast<const ConstraintObject>(part));
  }
  std::ranges::sort(checks, {}, [](const auto& check) { return check->name; });
  return checks;
}

}  // namespace

Expr* Binder::domain_call(const Function& function, std::vector<Expr*> arguments,
                          const Type& domain, int location) {
  arguments.push_back(constant(type_of(types::kText), Datum::of_bytes(domain.name), location));
  Expr* call = call1(ExprKind::kCall, domain, location, std::move(arguments));
  call->function = &function;
  call->form = CallForm::kImplicitCast;
  return call;
}

/// The condition of a CHECK over VALUE.
Expr* Binder::domain_condition(const ConstraintObject& check, Expr* value) {
  Scope scope;
  ScopeColumn column;
  column.name = "value";
  column.type = value->type;
  column.merged = value;
  scope.columns.push_back(std::move(column));
  return to_bool(bind_text(check.expression, scope, Clause::kCheck), "CHECK");
}

/// A value through a domain's own constraints, under the name of the domain that it is to be of.
Expr* Binder::constrained(Expr* value, const Type& domain, const Type& shown) {
  auto about = std::static_pointer_cast<const TypeObject>(
      input_.names->image->find(ObjectKind::kType, domain.oid));
  if (about == nullptr) return value;
  int location = value->location;
  if (about->not_null) {
    value = domain_call(domain_not_null_function(), {value}, shown, location);
  }
  for (const auto& check : checks_of(*input_.names->image, domain.oid)) {
    std::vector<Expr*> lets;
    Expr* name = named(value, lets);
    Expr* seen = memory_.expr(ExprKind::kConst, nullptr, location);
    *seen = *name;
    seen->type = static_cast<const DomainType&>(domain).base;
    Expr* condition = domain_condition(*check, seen);
    Expr* call = domain_call(domain_check_function(), {name, condition}, shown, location);
    call->arguments.push_back(constant(
        type_of(types::kText), Datum::of_bytes(memory_.constants.copy(check->name)), location));
    value = give_names(call, lets);
    value->form = CallForm::kImplicitCast;
  }
  return value;
}

/// A value of a domain that nobody has looked at, through all constraints.
Expr* Binder::constrained_deeply(Expr* value) {
  const Type& domain = *value->type;
  std::vector<const Type*> chain;
  for (const Type* at = &domain; at->kind == TypeKind::kDomain;
       at = static_cast<const DomainType*>(at)->base) {
    chain.push_back(at);
  }
  for (auto at = chain.rbegin(); at != chain.rend(); ++at) value = constrained(value, **at, domain);
  value->type = &domain;
  return value;
}

/// varchar(5) and the like, of the domains below first.
Expr* Binder::fit_domain_typmods(Expr* value, const Type& type, CastContext context) {
  if (type.kind != TypeKind::kDomain) return value;
  const auto& domain = static_cast<const DomainType&>(type);
  value = fit_domain_typmods(value, *domain.base, context);
  return domain.base_typmod < 0 ? value : fit_typmod(value, domain.base_typmod, context);
}

Expr* Binder::to_domain(Expr* expr, const Type& target, CastContext context) {
  if (expr->type == &target) return expr;
  bool open = expr->type->oid == types::kUnknown;
  if (!open && !find_coercion(expr->type->oid, target.oid, context, *input_.types) &&
      !(expr->kind == ExprKind::kRow && is_row_type(base_of(target)))) {
    fail_at(expr->location, base::sqlstate::kCannotCoerce,
            "cannot cast type " + format_type(*expr->type) + " to " + format_type(target));
  }
  const Type& plain = base_of(target);
  Expr* value = coerce_type(expr, plain, context);
  value = fit_domain_typmods(value, target, context);
  if (open && expr->kind == ExprKind::kParameter && value == expr) {
    input_.parameters[static_cast<size_t>(expr->index)] = target.oid;
  }
  Expr* made =
      constrained_deeply(make_coercion(value, {Coercion::Path::kRelabel}, target, context));
  if (made != expr) {
    made->form =
        context == CastContext::kExplicit ? CallForm::kExplicitCast : CallForm::kImplicitCast;
  }
  return made;
}

/// What a domain's columns have when nothing is said: null for what has no default.
const std::string* Binder::domain_default(const Type& type) {
  const Type* at = &type;
  while (at->kind == TypeKind::kDomain) {
    auto about = std::static_pointer_cast<const TypeObject>(
        input_.names->image->find(ObjectKind::kType, at->oid));
    if (about != nullptr && about->default_text) return &*about->default_text;
    at = static_cast<const DomainType*>(at)->base;
  }
  return nullptr;
}

}  // namespace isolde::sql
