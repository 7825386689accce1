#include "sql/functions/overload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "sql/functions/function_registry.hpp"
#include "sql/types/errors.hpp"

// Choosing among overloads, in these steps until one candidate is left:
//
//   1. one whose declared types are exactly the given ones
//   2. those that the arguments can be implicitly converted to
//   3. those with the most exact matches
//   4. those with the most exact matches or preferred types where a conversion is needed
//   5. for every argument of unknown type, the type category that the candidates agree on (string
//      wins if any accepts it), and its preferred type if some candidate accepts that
//   6. if all known arguments are of one type, take the unknown ones for that type too

namespace isolde::sql {

namespace {

using base::Oid;

/// An overload with its declared types laid out for the number of arguments given.
struct Candidate {
  const Function* function = nullptr;
  const Operator* op = nullptr;
  std::vector<Oid> types{};
  bool gather = false;
  size_t gather_from = 0;
  uint8_t defaults_used = 0;
};
using Candidates = std::vector<Candidate>;

/// Keeps the candidates with the greatest count of matching arguments.
void keep_best(Candidates& candidates, const std::function<int(const Candidate&)>& matches) {
  int best = -1;
  Candidates kept;
  for (Candidate& candidate : candidates) {
    int count = matches(candidate);
    if (count < best) continue;
    if (count > best) kept.clear();
    best = count;
    kept.push_back(std::move(candidate));
  }
  candidates = std::move(kept);
}

struct Slot {
  char category = '\0';
  bool has_preferred = false;
};

class Chooser {
 public:
  Chooser(std::span<const Oid> arguments, const TypeSource& types) : types_(types) {
    for (Oid oid : arguments)
      inputs_.push_back(oid == types::kUnknown ? oid : types.base_type(oid));
  }

  /// Steps 3 to 6; leaves exactly one candidate when successful.
  void choose(Candidates& candidates) {
    keep_best(candidates, [&](const Candidate& c) { return exact_matches(c, false); });
    if (candidates.size() <= 1) return;
    keep_best(candidates, [&](const Candidate& c) { return exact_matches(c, true); });
    if (candidates.size() <= 1 || unknowns() == 0) return;
    choose_by_category(candidates);
    if (candidates.size() <= 1) return;
    assume_known_type(candidates);
  }

 private:
  size_t unknowns() const {
    return static_cast<size_t>(std::count(inputs_.begin(), inputs_.end(), types::kUnknown));
  }
  const Type* type(Oid oid) const { return types_.find(oid); }
  char category(Oid oid) const { return type(oid) != nullptr ? type(oid)->category : 'U'; }
  bool preferred(Oid oid) const { return type(oid) != nullptr && type(oid)->preferred; }

  int exact_matches(const Candidate& candidate, bool or_preferred) const {
    int matches = 0;
    for (size_t i = 0; i < inputs_.size(); ++i) {
      if (inputs_[i] == types::kUnknown) continue;
      Oid declared = candidate.types[i];
      bool match = declared == inputs_[i];
      if (or_preferred) {
        match |= preferred(declared) && category(declared) == category(inputs_[i]);
      }
      matches += match ? 1 : 0;
    }
    return matches;
  }

  /// What the candidates accept at argument i; false when they disagree without a string.
  bool find_slot(const Candidates& candidates, size_t i, Slot& slot) const {
    bool conflict = false;
    for (const Candidate& candidate : candidates) {
      char here = category(candidate.types[i]);
      bool is_preferred = preferred(candidate.types[i]);
      if (slot.category == '\0') {
        slot = {here, is_preferred};
      } else if (here == slot.category) {
        slot.has_preferred |= is_preferred;
      } else if (here == 'S') {
        slot = {here, is_preferred};
      } else {
        conflict = true;
      }
    }
    return !conflict || slot.category == 'S';
  }

  bool fits(const Candidate& candidate, const std::vector<Slot>& slots) const {
    for (size_t i = 0; i < inputs_.size(); ++i) {
      if (inputs_[i] != types::kUnknown) continue;
      if (category(candidate.types[i]) != slots[i].category) return false;
      if (slots[i].has_preferred && !preferred(candidate.types[i])) return false;
    }
    return true;
  }

  void choose_by_category(Candidates& candidates) const {
    std::vector<Slot> slots(inputs_.size());
    for (size_t i = 0; i < inputs_.size(); ++i) {
      if (inputs_[i] == types::kUnknown && !find_slot(candidates, i, slots[i])) return;
    }
    Candidates kept;
    for (const Candidate& candidate : candidates) {
      if (fits(candidate, slots)) kept.push_back(candidate);
    }
    if (!kept.empty()) candidates = std::move(kept);
  }

  void assume_known_type(Candidates& candidates) const {
    if (unknowns() == inputs_.size()) return;
    Oid known;
    for (Oid input : inputs_) {
      if (input == types::kUnknown) continue;
      if (known.value != 0 && known != input) return;
      known = input;
    }
    std::vector<Oid> assumed(inputs_.size(), known);
    Candidates kept;
    for (const Candidate& candidate : candidates) {
      if (can_coerce(assumed, candidate.types, CastContext::kImplicit, types_)) {
        kept.push_back(candidate);
      }
    }
    if (kept.size() == 1) candidates = std::move(kept);
  }

  const TypeSource& types_;
  std::vector<Oid> inputs_;
};

void keep_coercible(Candidates& candidates, std::span<const Oid> arguments,
                    const TypeSource& types) {
  std::erase_if(candidates, [&](const Candidate& c) {
    return !can_coerce(arguments, c.types, CastContext::kImplicit, types);
  });
}

std::string type_name(Oid oid, const TypeSource& types) {
  const Type* type = types.find(oid);
  return type != nullptr ? format_type(*type) : "???";
}

[[noreturn]] void fail_with_hint(base::SqlState state, std::string message, std::string hint) {
  throw base::SqlException(base::Error(state, std::move(message)).hint(std::move(hint)));
}

// --- functions

std::string function_signature(const FunctionCall& call, const TypeSource& types) {
  std::string text = std::string(call.name) + "(";
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    if (i > 0) text += ", ";
    text += type_name(call.arguments[i], types);
  }
  return text + ")";
}

std::optional<Candidate> gathered(const Function& function, size_t given) {
  size_t fixed = function.argument_types.size() - 1;
  if (given < fixed + 1) return std::nullopt;
  Candidate candidate{.function = &function, .gather_from = fixed};
  candidate.gather = function.variadic_element != types::kAny;
  candidate.types.assign(function.argument_types.begin(), function.argument_types.end() - 1);
  candidate.types.resize(given, function.variadic_element);
  return candidate;
}

std::optional<Candidate> plain(const Function& function, size_t given) {
  size_t declared = function.argument_types.size();
  if (given > declared || given + function.default_count < declared) return std::nullopt;
  Candidate candidate{.function = &function};
  candidate.types.assign(function.argument_types.begin(),
                         function.argument_types.begin() + static_cast<ptrdiff_t>(given));
  candidate.defaults_used = static_cast<uint8_t>(declared - given);
  return candidate;
}

/// An overload that looks the same for this call: the one that needs no gathering, then the one
/// that needs fewer defaults, goes first.
void add_candidate(Candidates& candidates, Candidate candidate) {
  for (Candidate& other : candidates) {
    if (other.types != candidate.types) continue;
    bool better = other.gather != candidate.gather ? other.gather
                                                   : candidate.defaults_used < other.defaults_used;
    if (better) other = std::move(candidate);
    return;
  }
  candidates.push_back(std::move(candidate));
}

Candidates lay_out(std::span<const Function* const> functions, const FunctionCall& call) {
  Candidates candidates;
  for (const Function* function : functions) {
    bool variadic = function->variadic_element.value != 0;
    if (variadic && !call.variadic) {
      if (auto c = gathered(*function, call.arguments.size())) {
        add_candidate(candidates, std::move(*c));
      }
      continue;
    }
    if (call.variadic && !variadic) continue;
    if (auto c = plain(*function, call.arguments.size())) add_candidate(candidates, std::move(*c));
  }
  return candidates;
}

/// A call may be a cast in disguise, as text(5) or int4('1').
const Type* cast_by_call(const FunctionCall& call, const TypeSource& types) {
  if (call.arguments.size() != 1 || call.variadic) return nullptr;
  const Type* target = find_type(call.name);
  if (target == nullptr || target->kind == TypeKind::kPseudo) return nullptr;
  Oid source = call.arguments[0];
  if (source == types::kUnknown) return target;
  Coercion way = find_coercion(source, target->oid, CastContext::kExplicit, types);
  const Type* from = types.find(source);
  if (way.path == Coercion::Path::kRelabel) return target;
  bool by_text = way.path == Coercion::Path::kInOut && from != nullptr &&
                 (from->category != 'S' || target->category != 'S') &&
                 from->kind != TypeKind::kComposite && source != types::kRecord;
  return by_text ? target : nullptr;
}

ResolvedFunction finish(Candidate candidate, const FunctionCall& call, const TypeSource& types) {
  const Function& function = *candidate.function;
  ResolvedFunction resolved;
  resolved.function = &function;
  resolved.argument_types = std::move(candidate.types);
  resolved.gather = candidate.gather;
  resolved.gather_from = candidate.gather_from;
  resolved.defaults_used = candidate.defaults_used;
  resolved.result_type =
      resolve_polymorphic(call.arguments, resolved.argument_types, function.result_type, types);
  return resolved;
}

}  // namespace

ResolvedFunction resolve_function(std::span<const Function* const> functions,
                                  const FunctionCall& call, const TypeSource& types) {
  Candidates candidates = lay_out(functions, call);
  for (Candidate& candidate : candidates) {
    if (std::equal(call.arguments.begin(), call.arguments.end(), candidate.types.begin(),
                   candidate.types.end())) {
      return finish(std::move(candidate), call, types);
    }
  }
  if (const Type* target = cast_by_call(call, types)) {
    return {.cast_to = target->oid, .argument_types = {target->oid}, .result_type = target->oid};
  }
  keep_coercible(candidates, call.arguments, types);
  if (candidates.size() > 1) Chooser(call.arguments, types).choose(candidates);
  if (candidates.size() == 1) return finish(std::move(candidates.front()), call, types);
  std::string signature = function_signature(call, types);
  if (candidates.empty()) {
    fail_with_hint(base::sqlstate::kUndefinedFunction,
                   fmt::format("function {} does not exist", signature),
                   "No function matches the given name and argument types. You might need to add "
                   "explicit type casts.");
  }
  fail_with_hint(base::sqlstate::kAmbiguousFunction,
                 fmt::format("function {} is not unique", signature),
                 "Could not choose a best candidate function. You might need to add explicit type "
                 "casts.");
}

// --- operators

namespace {

ResolvedOperator finish(const Operator& op, std::span<const Oid> arguments, bool prefix,
                        const TypeSource& types) {
  std::vector<Oid> declared;
  if (!prefix) declared.push_back(op.left);
  declared.push_back(op.right);
  Oid result = resolve_polymorphic(arguments, declared, op.result, types);
  return {&op, prefix ? Oid() : declared.front(), declared.back(), result};
}

const Operator* find_exact(std::span<const Operator* const> operators, Oid left, Oid right) {
  for (const Operator* op : operators) {
    if (op->left == left && op->right == right) return op;
  }
  return nullptr;
}

/// An exact match, where an unknown operand is taken for the type of the other one.
const Operator* exact_operator(std::span<const Operator* const> operators, Oid left, Oid right,
                               bool prefix, const TypeSource& types) {
  if (prefix) return find_exact(operators, Oid(), right);
  if (left == types::kUnknown) left = right;
  if (right == types::kUnknown) right = left;
  if (const Operator* op = find_exact(operators, left, right)) return op;
  Oid left_base = types.base_type(left);
  Oid right_base = types.base_type(right);
  if (left != right || left_base == left) return nullptr;
  return find_exact(operators, left_base, right_base);
}

[[noreturn]] void fail_operator(std::string_view name, Oid left, Oid right, bool ambiguous,
                                const TypeSource& types) {
  bool prefix = left.value == 0;
  std::string signature = fmt::format("{}{} {}", prefix ? "" : type_name(left, types) + " ", name,
                                      type_name(right, types));
  if (ambiguous) {
    fail_with_hint(base::sqlstate::kAmbiguousFunction, "operator is not unique: " + signature,
                   "Could not choose a best candidate operator. You might need to add explicit "
                   "type casts.");
  }
  fail_with_hint(base::sqlstate::kUndefinedFunction, "operator does not exist: " + signature,
                 prefix ? "No operator matches the given name and argument type. You might need to "
                          "add an explicit type cast."
                        : "No operator matches the given name and argument types. You might need "
                          "to add explicit type casts.");
}

}  // namespace

ResolvedOperator resolve_operator(std::string_view name, Oid left, Oid right,
                                  const TypeSource& types) {
  if (name == "!=") name = "<>";
  auto operators = FunctionRegistry::instance().operators(name);
  bool prefix = left.value == 0;
  std::vector<Oid> arguments;
  if (!prefix) arguments.push_back(left);
  arguments.push_back(right);
  if (const Operator* op = exact_operator(operators, left, right, prefix, types)) {
    return finish(*op, arguments, prefix, types);
  }
  Candidates candidates;
  for (const Operator* op : operators) {
    if ((op->left.value == 0) != prefix) continue;
    Candidate candidate{.op = op};
    if (!prefix) candidate.types.push_back(op->left);
    candidate.types.push_back(op->right);
    candidates.push_back(std::move(candidate));
  }
  keep_coercible(candidates, arguments, types);
  if (candidates.size() > 1) Chooser(arguments, types).choose(candidates);
  if (candidates.size() != 1) fail_operator(name, left, right, !candidates.empty(), types);
  return finish(*candidates.front().op, arguments, prefix, types);
}

}  // namespace isolde::sql
