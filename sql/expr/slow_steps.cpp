#include "sql/expr/slow_steps.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "sql/exec/exec_context.hpp"
#include "sql/exec/row_source.hpp"
#include "sql/expr/evaluator.hpp"
#include "sql/plan/plan.hpp"
#include "sql/types/array.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

/// Calls an equality or comparison function; null when it says so or when an argument is null and
/// the function is strict.
Datum compare_with(const Step& step, CallContext& call, Datum a, Datum b) {
  Datum pair[2] = {a, b};
  if (step.function->strict && (a.is_null() || b.is_null())) return Datum::null();
  call.site = step.site;
  return step.function->scalar(call, pair);
}

bool is_distinct(const Step& step, CallContext& call, Datum a, Datum b) {
  if (a.is_null() || b.is_null()) return a.is_null() != b.is_null();
  return !compare_with(step, call, a, b).as_bool();
}

Datum extreme(const Step& step, const Datum* values, bool greatest) {
  Datum best;
  for (uint32_t i = 0; i < step.b; ++i) {
    if (values[i].is_null()) continue;
    if (!best.is_null()) {
      auto order = step.type->compare(values[i], best);
      if (greatest ? order <= 0 : order >= 0) continue;
    }
    best = values[i];
  }
  return best;
}

/// value OP ANY (array): true as soon as one is; null when none is true but some are unknown.
Datum quantified_array(const Step& step, CallContext& call, Datum left, Datum array, bool any) {
  if (array.is_null()) return Datum::null();
  ArrayView view(array);
  if (view.size() == 0) return Datum::of_bool(!any);
  if (left.is_null() && step.function->strict) return Datum::null();
  bool unknown = false;
  for (int32_t i = 0; i < view.size(); ++i) {
    Datum verdict = compare_with(step, call, left, view[i]);
    if (verdict.is_null()) {
      unknown = true;
    } else if (verdict.as_bool() == any) {
      return Datum::of_bool(any);
    }
  }
  return unknown ? Datum::null() : Datum::of_bool(!any);
}

Datum subscripted(const Step& step, const Datum* registers) {
  Datum array = registers[step.a];
  if (array.is_null()) return Datum::null();
  std::vector<int32_t> subscripts(step.c);
  for (uint32_t i = 0; i < step.c; ++i) {
    if (registers[step.b + i].is_null()) return Datum::null();
    subscripts[i] = static_cast<int32_t>(registers[step.b + i].as_int());
  }
  return ArrayView(array).at(subscripts);
}

/// array[2:3][:1]: what is in both the array and the box, numbered from 1.
Datum sliced(const Step& step, const Datum* registers, CallContext& call) {
  Datum array = registers[step.a];
  if (array.is_null()) return array;
  ArrayView view(array);
  auto given = static_cast<int>(step.c & 0xFF);
  uint32_t present = step.c >> 8;
  const Datum* bounds = registers + step.b;
  for (int i = 0; i < 2 * given; ++i) {
    if ((present >> i & 1) != 0 && bounds[i].is_null()) return Datum::null();
  }
  const Type& element = element_type_of(*step.type);
  if (view.dimensions() < given || view.dimensions() == 0) return empty_array(element, call.arena);
  std::vector<ArrayDimension> box;
  std::vector<int32_t> low;
  int64_t count = 1;
  for (int d = 0; d < view.dimensions(); ++d) {
    ArrayDimension whole = view.dimension(d);
    int64_t from = whole.lower_bound, to = int64_t{whole.lower_bound} + whole.length - 1;
    if (d < given && (present >> (2 * d) & 1) != 0) from = std::max(from, bounds[2 * d].as_int());
    if (d < given && (present >> (2 * d + 1) & 1) != 0) {
      to = std::min(to, bounds[2 * d + 1].as_int());
    }
    if (to < from) return empty_array(element, call.arena);
    low.push_back(static_cast<int32_t>(from));
    box.push_back({static_cast<int32_t>(to - from + 1), 1});
    count *= to - from + 1;
  }
  std::vector<Datum> elements;
  std::vector<int32_t> at = low;
  for (int64_t i = 0; i < count; ++i) {
    elements.push_back(view.at(at));
    for (size_t d = at.size(); d > 0; --d) {
      if (++at[d - 1] < low[d - 1] + box[d - 1].length) break;
      at[d - 1] = low[d - 1];
    }
  }
  return make_array(element, elements, box, call.arena);
}

[[noreturn]] void fail_ragged() {
  throw base::SqlException(
      base::Error(base::sqlstate::kArraySubscriptError,
                  "multidimensional arrays must have array expressions with matching dimensions"));
}

/// ARRAY[ARRAY[..], ARRAY[..]]: one more dimension around arrays of the same shape.
Datum array_of_arrays(const Step& step, const Datum* values, CallContext& call) {
  const Type& element = element_type_of(*step.type);
  std::vector<Datum> elements;
  std::optional<std::vector<ArrayDimension>> shape;
  int32_t count = 0;
  for (uint32_t i = 0; i < step.b; ++i) {
    if (values[i].is_null()) continue;
    ArrayView view(values[i]);
    if (view.dimensions() == 0) continue;
    std::vector<ArrayDimension> dimensions;
    for (int d = 0; d < view.dimensions(); ++d) dimensions.push_back(view.dimension(d));
    if (shape && *shape != dimensions) fail_ragged();
    shape = std::move(dimensions);
    for (int32_t e = 0; e < view.size(); ++e) elements.push_back(view[e]);
    ++count;
  }
  if (!shape) return empty_array(element, call.arena);
  if (count != static_cast<int32_t>(step.b)) fail_ragged();
  shape->insert(shape->begin(), ArrayDimension{count, 1});
  if (shape->size() > kMaxArrayDimensions) {
    fail(base::sqlstate::kProgramLimitExceeded,
         "number of array dimensions (" + std::to_string(shape->size()) +
             ") exceeds the maximum allowed (" + std::to_string(kMaxArrayDimensions) + ")");
  }
  return make_array(element, elements, *shape, call.arena);
}

/// ROW(...): the site's result type is its shape, or the composite type it was cast to.
Datum row(const Step& step, const Datum* values, CallContext& call) {
  const auto& shape = static_cast<const CompositeType&>(*step.site->result_type);
  return make_record(shape, std::span(values, step.b), call.arena);
}

Datum via_text(const Step& step, Datum value, CallContext& call) {
  if (value.is_null()) return Datum::null();
  std::string text;
  step.site->argument_types[0]->to_text(value, text, call.style);
  std::string_view kept = call.arena.copy(text);
  return step.site->result_type->from_text(kept, step.site->result_typmod, call.arena, call.style);
}

Datum each_element(const Step& step, Datum array, CallContext& call, ExecContext& exec) {
  if (array.is_null()) return Datum::null();
  ArrayView view(array);
  const Type& element = element_type_of(*step.site->result_type);
  if (view.size() == 0) return empty_array(element, call.arena);
  Evaluator cast(*step.program, exec, call.arena);
  std::vector<Datum> elements;
  for (int32_t i = 0; i < view.size(); ++i) {
    Datum before = view[i];
    elements.push_back(cast.run(&before)[0]);
  }
  std::vector<ArrayDimension> dimensions;
  for (int d = 0; d < view.dimensions(); ++d) dimensions.push_back(view.dimension(d));
  return make_array(element, elements, dimensions, call.arena);
}

}  // namespace

Datum run_slow_step(const Step& step, const Datum* r, CallContext& call, ExecContext& exec) {
  switch (step.op) {
    case Op::kDistinct:
      return Datum::of_bool(is_distinct(step, call, r[step.a], r[step.b]));
    case Op::kNullIf: {
      Datum equal = compare_with(step, call, r[step.a], r[step.a + 1]);
      return !equal.is_null() && equal.as_bool() ? Datum::null() : r[step.b];
    }
    case Op::kGreatest:
      return extreme(step, r + step.a, true);
    case Op::kLeast:
      return extreme(step, r + step.a, false);
    case Op::kArray:
      return step.b == 0 ? empty_array(element_type_of(*step.type), call.arena)
                         : make_array(element_type_of(*step.type), std::span(r + step.a, step.b),
                                      call.arena);
    case Op::kArrayOfArrays:
      return array_of_arrays(step, r + step.a, call);
    case Op::kAnyArray:
      return quantified_array(step, call, r[step.a], r[step.b], true);
    case Op::kAllArray:
      return quantified_array(step, call, r[step.a], r[step.b], false);
    case Op::kSubscript:
      return subscripted(step, r);
    case Op::kSlice:
      return sliced(step, r, call);
    case Op::kRow:
      return row(step, r + step.a, call);
    case Op::kViaText:
      return via_text(step, r[step.a], call);
    case Op::kEachElement:
      return each_element(step, r[step.a], call, exec);
    default:
      break;
  }
  ISOLDE_CHECK(false, "not a slow step");
}

/// left OP ANY (subquery): the comparison, over rows of the subquery.
class SubplanTest {
 public:
  SubplanTest(const Program& program, ExecContext& exec)
      : arena_(exec.budget), evaluator_(program, exec, arena_) {}
  Datum run(const Datum* row) {
    arena_.reset();
    return evaluator_.run(row)[0];
  }

 private:
  Arena arena_;
  Evaluator evaluator_;
};

SubplanRunner::SubplanRunner(const SubplanRef& subplan, ExecContext& exec)
    : subplan_(subplan), exec_(exec), source_(make_row_source(*subplan.plan, exec)) {
  if (subplan.test != nullptr) test_ = std::make_unique<SubplanTest>(*subplan.test, exec);
}

SubplanRunner::~SubplanRunner() = default;

Datum SubplanRunner::run(const Datum* passed, Arena& arena) {
  if (known_ && (!subplan_.plan->reads_forgotten || known_at_ == exec_.forgotten)) return result_;
  base::value_or_throw(exec_.task.check_stack());
  for (size_t i = 0; i < subplan_.passed_slots.size(); ++i) {
    exec_.outer[subplan_.passed_slots[i]] = passed[i];
  }
  bool constant = subplan_.passed_slots.empty();
  Arena& home = constant ? exec_.arena : arena;
  source_->open();
  Datum result;
  switch (subplan_.mode) {
    case SubplanRef::Mode::kExists:
      result = exists();
      break;
    case SubplanRef::Mode::kScalar:
      result = scalar(home);
      break;
    case SubplanRef::Mode::kArray:
      result = array(home);
      break;
    case SubplanRef::Mode::kRow:
      result = only_row();
      break;
    case SubplanRef::Mode::kAny:
      result = quantified(true);
      break;
    case SubplanRef::Mode::kAll:
      result = quantified(false);
      break;
  }
  known_ = constant;
  known_at_ = exec_.forgotten;
  result_ = result;
  return result;
}

Datum SubplanRunner::exists() {
  return Datum::of_bool(source_->next() != nullptr);
}

namespace {
Datum kept(Datum value, const Type& type, Arena& arena) {
  if (value.is_null() || type.storage != Storage::kBytes) return value;
  return arena.bytes(value.as_bytes());
}
}  // namespace

Datum SubplanRunner::scalar(Arena& arena) {
  const Datum* row = source_->next();
  if (row == nullptr) return Datum::null();
  Datum value = kept(row[0], *subplan_.type, arena);
  if (source_->next() != nullptr) {
    fail(base::sqlstate::kCardinalityViolation,
         "more than one row returned by a subquery used as an expression");
  }
  return value;
}

Datum SubplanRunner::only_row() {
  const Datum* row = source_->next();
  if (row == nullptr) return Datum::null();
  Datum verdict = test_->run(row);
  if (source_->next() != nullptr) {
    fail(base::sqlstate::kCardinalityViolation,
         "more than one row returned by a subquery used as an expression");
  }
  return verdict;
}

Datum SubplanRunner::array(Arena& arena) {
  const Type& element = element_type_of(*subplan_.type);
  std::vector<Datum> elements;
  while (const Datum* row = source_->next()) {
    exec_.poll();
    elements.push_back(kept(row[0], element, arena));
  }
  return elements.empty() ? empty_array(element, arena) : make_array(element, elements, arena);
}

Datum SubplanRunner::quantified(bool any) {
  bool unknown = false;
  while (const Datum* row = source_->next()) {
    exec_.poll();
    Datum verdict = test_->run(row);
    if (verdict.is_null()) {
      unknown = true;
    } else if (verdict.as_bool() == any) {
      return Datum::of_bool(any);
    }
  }
  return unknown ? Datum::null() : Datum::of_bool(!any);
}

}  // namespace isolde::sql
