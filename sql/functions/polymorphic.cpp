#include <fmt/format.h>

#include <vector>

#include "sql/functions/overload.hpp"
#include "sql/types/errors.hpp"

// The types "anyelement", "anyarray", ... of a declaration stand for one type a call (the "any"
// family), or for the common type of what is given (the "anycompatible" family).

namespace isolde::sql {

namespace {

using base::Oid;

bool is_compatible_family(Oid type) {
  return type == types::kAnyCompatible || type == types::kAnyCompatibleArray ||
         type == types::kAnyCompatibleNonArray;
}
bool is_any_array(Oid type) {
  return type == types::kAnyArray || type == types::kAnyCompatibleArray;
}
bool is_any_nonarray(Oid type) {
  return type == types::kAnyNonArray || type == types::kAnyCompatibleNonArray;
}

Oid element_of(Oid array, const TypeSource& types) {
  const Type* type = types.find(types.base_type(array));
  return type != nullptr && type->is_array() ? type->element_type : Oid();
}

/// What is wrong with a call, or nothing.
struct Mismatch {
  std::string message;
  std::string detail;
  explicit operator bool() const { return !message.empty(); }
};

/// Collects what the polymorphic arguments of one family say of its element type.
class Family {
 public:
  explicit Family(const TypeSource& types) : types_(types) {}

  /// All arguments must agree.
  Mismatch add_exact(Oid actual, Oid declared) {
    used_ = true;
    if (is_any_nonarray(declared)) must_be_scalar_ = true;
    if (declared == types::kAnyEnum) must_be_enum_ = true;
    if (actual == types::kUnknown) return {};
    if (is_any_array(declared)) return agree(array_, actual, "anyarray");
    return agree(element_, types_.base_type(actual) == actual ? actual : actual, "anyelement");
  }

  Mismatch add_compatible(Oid actual, Oid declared) {
    used_ = true;
    if (is_any_nonarray(declared)) must_be_scalar_ = true;
    if (actual == types::kUnknown) {
      ++unknown_;
      return {};
    }
    if (!is_any_array(declared)) {
      inputs_.push_back(actual);
      return {};
    }
    Oid element = element_of(actual, types_);
    if (element.value == 0) return not_an_array("anycompatiblearray", actual);
    inputs_.push_back(element);
    return {};
  }

  /// Settles the element type of the exact family.
  Mismatch settle_exact() {
    if (array_.value != 0) {
      Oid element = element_of(array_, types_);
      if (element.value == 0) return not_an_array("anyarray", array_);
      if (element_.value == 0) element_ = element;
      if (element_ != element) {
        return {"argument declared anyarray is not consistent with argument declared anyelement",
                fmt::format("{} versus {}", name(array_), name(element_))};
      }
    }
    return check_kind();
  }

  Mismatch settle_compatible() {
    if (!inputs_.empty()) {
      auto common = select_common_type(inputs_, "", types_);
      if (!common) {
        return {fmt::format("arguments of anycompatible family cannot be cast to a common type"),
                ""};
      }
      element_ = *common;
    } else if (unknown_ > 0) {
      element_ = types::kText;
    }
    return check_kind();
  }

  bool used() const { return used_; }
  Oid element() const { return element_; }
  Oid array() const {
    const Type* type = types_.find(element_);
    return array_.value != 0 ? types_.base_type(array_)
           : type != nullptr ? type->array_type
                             : Oid();
  }

  std::string name(Oid oid) const {
    const Type* type = types_.find(oid);
    return type != nullptr ? format_type(*type) : "???";
  }

 private:
  Mismatch agree(Oid& slot, Oid actual, const char* what) {
    if (slot.value == 0 || slot == actual) {
      slot = actual;
      return {};
    }
    return {fmt::format("arguments declared \"{}\" are not all alike", what),
            fmt::format("{} versus {}", name(slot), name(actual))};
  }
  Mismatch not_an_array(const char* declared, Oid actual) const {
    return {fmt::format("argument declared {} is not an array but type {}", declared, name(actual)),
            ""};
  }
  Mismatch check_kind() const {
    if (element_.value == 0) return {};
    if (must_be_scalar_ && element_of(element_, types_).value != 0) {
      return {fmt::format("type matched to anynonarray is an array type: {}", name(element_)), ""};
    }
    const Type* type = types_.find(element_);
    if (must_be_enum_ && (type == nullptr || type->kind != TypeKind::kEnum)) {
      return {fmt::format("type matched to anyenum is not an enum type: {}", name(element_)), ""};
    }
    return {};
  }

  const TypeSource& types_;
  Oid element_;
  Oid array_;
  std::vector<Oid> inputs_;
  int unknown_ = 0;
  bool used_ = false;
  bool must_be_scalar_ = false;
  bool must_be_enum_ = false;
};

struct Families {
  Family exact;
  Family compatible;
};

Mismatch collect(std::span<const Oid> actual, std::span<const Oid> declared, Families& families) {
  for (size_t i = 0; i < actual.size(); ++i) {
    if (!is_polymorphic(declared[i])) continue;
    Mismatch wrong = is_compatible_family(declared[i])
                         ? families.compatible.add_compatible(actual[i], declared[i])
                         : families.exact.add_exact(actual[i], declared[i]);
    if (wrong) return wrong;
  }
  if (Mismatch wrong = families.exact.settle_exact()) return wrong;
  return families.compatible.settle_compatible();
}

/// The position of these errors: PostgreSQL gives none, whatever is being bound.
constexpr int kNowhere = -1;

Oid resolve_one(Oid declared, const Families& families) {
  if (!is_polymorphic(declared)) return declared;
  const Family& family = is_compatible_family(declared) ? families.compatible : families.exact;
  Oid resolved = is_any_array(declared) ? family.array() : family.element();
  if (resolved.value == 0 && is_any_array(declared) && family.element().value != 0) {
    fail(base::sqlstate::kUndefinedObject,
         fmt::format("could not find array type for data type {}", family.name(family.element())));
  }
  if (resolved.value == 0) {
    throw base::SqlException(
        base::Error(base::sqlstate::kDatatypeMismatch,
                    "could not determine polymorphic type because input has type unknown")
            .at(kNowhere));
  }
  return resolved;
}

}  // namespace

base::Oid resolve_polymorphic(std::span<const Oid> actual, std::span<Oid> declared, Oid result,
                              const TypeSource& types) {
  Families families{Family(types), Family(types)};
  if (Mismatch wrong = collect(actual, declared, families)) {
    throw base::SqlException(base::Error(base::sqlstate::kDatatypeMismatch, wrong.message)
                                 .detail(wrong.detail)
                                 .at(kNowhere));
  }
  for (Oid& type : declared) type = resolve_one(type, families);
  return resolve_one(result, families);
}

bool can_coerce(std::span<const Oid> sources, std::span<const Oid> targets, CastContext context,
                const TypeSource& types) {
  bool polymorphic = false;
  for (size_t i = 0; i < sources.size(); ++i) {
    if (is_polymorphic(targets[i])) {
      polymorphic = true;
      continue;
    }
    if (sources[i] == targets[i] || targets[i] == types::kAny || sources[i] == types::kUnknown) {
      continue;
    }
    const Type* source = types.find(sources[i]);
    if (targets[i] == types::kRecord && source != nullptr && source->kind == TypeKind::kComposite) {
      continue;
    }
    if (targets[i] == types::kRecordArray && source != nullptr && source->is_array()) {
      const Type* element = types.find(source->element_type);
      if (element != nullptr && element->kind == TypeKind::kComposite) continue;
    }
    if (!find_coercion(sources[i], targets[i], context, types)) return false;
  }
  if (!polymorphic) return true;
  Families families{Family(types), Family(types)};
  return !collect(sources, targets, families);
}

}  // namespace isolde::sql
