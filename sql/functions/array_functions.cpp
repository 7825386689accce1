#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "sql/functions/declaration.hpp"
#include "sql/functions/text_arguments.hpp"
#include "sql/types/array.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"
#include "sql/types/type_registry.hpp"

// Arrays: joining, searching, measuring, and to and from text.

namespace isolde::sql {

namespace {

const Type& element_of(CallContext& context, size_t argument) {
  return element_type_of(context.argument_type(argument));
}
const Type& result_element(CallContext& context) {
  return element_type_of(*context.site->result_type);
}

std::vector<Datum> elements_of(const ArrayView& array) {
  std::vector<Datum> elements;
  elements.reserve(static_cast<size_t>(array.size()));
  for (int32_t i = 0; i < array.size(); ++i) elements.push_back(array[i]);
  return elements;
}
std::vector<ArrayDimension> dimensions_of(const ArrayView& array) {
  std::vector<ArrayDimension> dimensions;
  for (int i = 0; i < array.dimensions(); ++i) dimensions.push_back(array.dimension(i));
  return dimensions;
}

/// Equal as IS NOT DISTINCT FROM sees it.
bool same_value(const Type& type, Datum a, Datum b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  return type.compare(a, b) == 0;
}

[[noreturn]] void fail_incompatible(std::string detail) {
  throw base::SqlException(
      base::Error(base::sqlstate::kArraySubscriptError, "cannot concatenate incompatible arrays")
          .detail(std::move(detail)));
}

/// Puts one array after another along the first dimension of the longer shape.
Datum join(CallContext& context, Datum left, Datum right) {
  ArrayView a(left);
  ArrayView b(right);
  if (a.size() == 0) return right;
  if (b.size() == 0) return left;
  int da = a.dimensions();
  int db = b.dimensions();
  if (std::abs(da - db) > 1) {
    fail_incompatible(fmt::format(
        "Arrays of {} and {} dimensions are not compatible for concatenation.", da, db));
  }
  std::vector<ArrayDimension> dimensions = dimensions_of(da >= db ? a : b);
  // The arrays, or the array and the other's sub-arrays, must have one shape.
  for (int i = da == db ? 1 : 0; i < std::min(da, db); ++i) {
    int ia = da > db ? i + 1 : i;
    int ib = db > da ? i + 1 : i;
    if (a.dimension(ia) != b.dimension(ib)) {
      fail_incompatible(
          da == db
              ? "Arrays with differing element dimensions are not compatible for concatenation."
              : "Arrays with differing dimensions are not compatible for concatenation.");
    }
  }
  dimensions[0].length =
      da == db ? a.dimension(0).length + b.dimension(0).length : dimensions[0].length + 1;
  std::vector<Datum> elements = elements_of(a);
  std::vector<Datum> more = elements_of(b);
  elements.insert(elements.end(), more.begin(), more.end());
  return make_array(result_element(context), elements, dimensions, context.arena);
}

Datum array_cat(CallContext& context, const Datum* args) {
  if (args[0].is_null()) return args[1];
  if (args[1].is_null()) return args[0];
  return join(context, args[0], args[1]);
}

[[noreturn]] void fail_one_dimensional() {
  fail(base::sqlstate::kDataException, "argument must be empty or one-dimensional array");
}

Datum with_element(CallContext& context, Datum array, Datum element, bool at_front) {
  std::vector<Datum> elements;
  ArrayDimension dimension{1};
  if (!array.is_null()) {
    ArrayView view(array);
    if (view.dimensions() > 1) fail_one_dimensional();
    elements = elements_of(view);
    if (view.dimensions() == 1) dimension = view.dimension(0);
  }
  elements.insert(at_front ? elements.begin() : elements.end(), element);
  dimension.length = static_cast<int32_t>(elements.size());
  return make_array(result_element(context), elements, {&dimension, 1}, context.arena);
}
Datum append(CallContext& context, const Datum* args) {
  return with_element(context, args[0], args[1], false);
}
Datum prepend(CallContext& context, const Datum* args) {
  return with_element(context, args[1], args[0], true);
}

// --- measuring

const ArrayDimension* dimension_or_null(const Datum* args, ArrayDimension& out) {
  ArrayView array(args[0]);
  int64_t which = args[1].as_int();
  if (which < 1 || which > array.dimensions()) return nullptr;
  out = array.dimension(static_cast<int>(which - 1));
  return &out;
}
Datum array_length(CallContext&, const Datum* args) {
  ArrayDimension d{};
  return dimension_or_null(args, d) != nullptr ? Datum::of_int(d.length) : Datum::null();
}
Datum array_lower(CallContext&, const Datum* args) {
  ArrayDimension d{};
  return dimension_or_null(args, d) != nullptr ? Datum::of_int(d.lower_bound) : Datum::null();
}
Datum array_upper(CallContext&, const Datum* args) {
  ArrayDimension d{};
  bool found = dimension_or_null(args, d) != nullptr;
  return found ? Datum::of_int(d.lower_bound + d.length - 1) : Datum::null();
}
Datum array_ndims(CallContext&, const Datum* args) {
  int count = ArrayView(args[0]).dimensions();
  return count == 0 ? Datum::null() : Datum::of_int(count);
}
Datum cardinality(CallContext&, const Datum* args) {
  return Datum::of_int(ArrayView(args[0]).size());
}
Datum array_dims(CallContext& context, const Datum* args) {
  ArrayView array(args[0]);
  if (array.dimensions() == 0) return Datum::null();
  std::string out;
  for (ArrayDimension d : dimensions_of(array)) {
    out += fmt::format("[{}:{}]", d.lower_bound, d.lower_bound + d.length - 1);
  }
  return context.arena.bytes(out);
}

// --- searching

void check_searchable(const ArrayView& array, const char* what) {
  if (array.dimensions() > 1) {
    fail(base::sqlstate::kFeatureNotSupported,
         std::string(what) + " multidimensional arrays is not supported");
  }
}

Datum position_from(const Datum* args, const Type& element, int64_t from) {
  if (args[0].is_null()) return Datum::null();
  ArrayView array(args[0]);
  check_searchable(array, "searching for elements in");
  for (int32_t i = 0; i < array.size(); ++i) {
    int64_t subscript = int64_t{array.dimension(0).lower_bound} + i;
    if (subscript >= from && same_value(element, array[i], args[1])) {
      return Datum::of_int(subscript);
    }
  }
  return Datum::null();
}
Datum array_position(CallContext& context, const Datum* args) {
  return position_from(args, element_of(context, 0), std::numeric_limits<int32_t>::min());
}
Datum array_position_from(CallContext& context, const Datum* args) {
  if (args[2].is_null()) {
    fail(base::sqlstate::kNullValueNotAllowed, "initial position must not be null");
  }
  return position_from(args, element_of(context, 0), args[2].as_int());
}
Datum array_positions(CallContext& context, const Datum* args) {
  if (args[0].is_null()) return Datum::null();
  ArrayView array(args[0]);
  check_searchable(array, "searching for elements in");
  std::vector<Datum> found;
  for (int32_t i = 0; i < array.size(); ++i) {
    if (same_value(element_of(context, 0), array[i], args[1])) {
      found.push_back(Datum::of_int(array.dimension(0).lower_bound + i));
    }
  }
  return make_array(type_of(types::kInt4), found, context.arena);
}

Datum array_remove(CallContext& context, const Datum* args) {
  if (args[0].is_null()) return Datum::null();
  ArrayView array(args[0]);
  if (array.dimensions() > 1) {
    fail(base::sqlstate::kFeatureNotSupported,
         "removing elements from multidimensional arrays is not supported");
  }
  const Type& element = element_of(context, 0);
  std::vector<Datum> kept = elements_of(array);
  std::erase_if(kept, [&](Datum d) { return same_value(element, d, args[1]); });
  if (kept.empty()) return empty_array(element, context.arena);
  ArrayDimension dimension{static_cast<int32_t>(kept.size()), array.dimension(0).lower_bound};
  return make_array(element, kept, {&dimension, 1}, context.arena);
}
Datum array_replace(CallContext& context, const Datum* args) {
  if (args[0].is_null()) return Datum::null();
  ArrayView array(args[0]);
  const Type& element = element_of(context, 0);
  std::vector<Datum> elements = elements_of(array);
  for (Datum& d : elements) {
    if (same_value(element, d, args[1])) d = args[2];
  }
  return make_array(element, elements, dimensions_of(array), context.arena);
}

bool holds(const ArrayView& array, const Type& element, Datum value) {
  for (int32_t i = 0; i < array.size(); ++i) {
    Datum d = array[i];
    if (!d.is_null() && element.compare(d, value) == 0) return true;
  }
  return false;
}
/// Every element of `part` is in `all`; NULLs match nothing.
bool contains(CallContext& context, Datum all, Datum part) {
  ArrayView whole(all);
  ArrayView wanted(part);
  const Type& element = element_of(context, 0);
  for (int32_t i = 0; i < wanted.size(); ++i) {
    context.poll();
    Datum d = wanted[i];
    if (d.is_null() || !holds(whole, element, d)) return false;
  }
  return true;
}
Datum array_contains(CallContext& context, const Datum* args) {
  return Datum::of_bool(contains(context, args[0], args[1]));
}
Datum array_contained(CallContext& context, const Datum* args) {
  return Datum::of_bool(contains(context, args[1], args[0]));
}
Datum array_overlap(CallContext& context, const Datum* args) {
  ArrayView a(args[0]);
  ArrayView b(args[1]);
  const Type& element = element_of(context, 0);
  for (int32_t i = 0; i < a.size(); ++i) {
    context.poll();
    Datum d = a[i];
    if (!d.is_null() && holds(b, element, d)) return Datum::of_bool(true);
  }
  return Datum::of_bool(false);
}

Datum trim_array(CallContext& context, const Datum* args) {
  ArrayView array(args[0]);
  int64_t length = array.dimensions() > 0 ? array.dimension(0).length : 0;
  int64_t n = args[1].as_int();
  if (n < 0 || n > length) {
    fail(base::sqlstate::kArrayElementError,
         fmt::format("number of elements to trim must be between 0 and {}", length));
  }
  if (array.size() == 0 || n == length) {
    return empty_array(element_of(context, 0), context.arena);
  }
  std::vector<Datum> elements = elements_of(array);
  elements.resize(elements.size() / static_cast<size_t>(length) * static_cast<size_t>(length - n));
  std::vector<ArrayDimension> dimensions = dimensions_of(array);
  for (ArrayDimension& d : dimensions) d.lower_bound = 1;
  dimensions[0].length = static_cast<int32_t>(length - n);
  return make_array(element_of(context, 0), elements, dimensions, context.arena);
}

// --- filling

Datum fill_with(CallContext& context, const Datum* args, bool bounds) {
  if (args[1].is_null() || (bounds && args[2].is_null())) {
    fail(base::sqlstate::kNullValueNotAllowed, "dimension array or low bound array cannot be null");
  }
  ArrayView lengths(args[1]);
  const Type& element = result_element(context);
  std::vector<ArrayDimension> dimensions;
  int64_t total = 1;
  for (int32_t i = 0; i < lengths.size(); ++i) {
    if (lengths[i].is_null()) {
      fail(base::sqlstate::kNullValueNotAllowed, "dimension values cannot be null");
    }
    auto length = static_cast<int32_t>(lengths[i].as_int());
    auto lower = bounds ? static_cast<int32_t>(ArrayView(args[2])[i].as_int()) : 1;
    dimensions.push_back({length, lower});
    total *= length;
    if (length < 0 || total > kMaxArrayElements) {
      fail(base::sqlstate::kProgramLimitExceeded,
           fmt::format("array size exceeds the maximum allowed ({})", kMaxArrayElements));
    }
  }
  if (dimensions.empty() || total == 0) return empty_array(element, context.arena);
  std::vector<Datum> elements(static_cast<size_t>(total), args[0]);
  return make_array(element, elements, dimensions, context.arena);
}
Datum array_fill(CallContext& context, const Datum* args) {
  return fill_with(context, args, false);
}
Datum array_fill_bounds(CallContext& context, const Datum* args) {
  return fill_with(context, args, true);
}

// --- text

Datum to_string(CallContext& context, const Datum* args, Datum null_text) {
  ArrayView array(args[0]);
  const Type& element = element_of(context, 0);
  std::string out;
  bool first = true;
  for (int32_t i = 0; i < array.size(); ++i) {
    Datum d = array[i];
    if (d.is_null() && null_text.is_null()) continue;
    if (!first) out += args[1].as_bytes();
    first = false;
    if (d.is_null()) {
      out += null_text.as_bytes();
    } else {
      element.to_text(d, out, context.style);
    }
  }
  return context.arena.bytes(out);
}
Datum array_to_string(CallContext& context, const Datum* args) {
  return to_string(context, args, Datum::null());
}
Datum array_to_string_nulls(CallContext& context, const Datum* args) {
  if (args[0].is_null() || args[1].is_null()) return Datum::null();
  return to_string(context, args, args[2]);
}

/// The pieces of a text; a NULL separator takes it apart into characters.
std::vector<Datum> split(std::string_view text, Datum separator, Datum null_text) {
  std::vector<Datum> pieces;
  auto add = [&](std::string_view piece) {
    bool null = !null_text.is_null() && null_text.as_bytes() == piece;
    pieces.push_back(null ? Datum::null() : Datum::of_bytes(piece));
  };
  if (text.empty()) return pieces;
  if (separator.is_null()) {
    while (!text.empty()) {
      size_t width = std::min(text.size(), utf8_width(text[0]));
      add(text.substr(0, width));
      text.remove_prefix(width);
    }
    return pieces;
  }
  std::string_view between = separator.as_bytes();
  while (!between.empty()) {
    size_t at = text.find(between);
    if (at == std::string_view::npos) break;
    add(text.substr(0, at));
    text.remove_prefix(at + between.size());
  }
  add(text);
  return pieces;
}
Datum string_to_array(CallContext& context, const Datum* args) {
  if (args[0].is_null()) return Datum::null();
  return make_array(type_of(types::kText), split(args[0].as_bytes(), args[1], Datum::null()),
                    context.arena);
}
Datum string_to_array_nulls(CallContext& context, const Datum* args) {
  if (args[0].is_null()) return Datum::null();
  return make_array(type_of(types::kText), split(args[0].as_bytes(), args[1], args[2]),
                    context.arena);
}

class Pieces final : public SetIterator {
 public:
  explicit Pieces(std::vector<Datum> pieces) : pieces_(std::move(pieces)) {}
  bool next(CallContext& context, Datum* columns) override {
    if (next_ >= pieces_.size()) return false;
    context.poll();
    columns[0] = pieces_[next_++];
    return true;
  }

 private:
  std::vector<Datum> pieces_;
  size_t next_ = 0;
};
std::unique_ptr<SetIterator> string_to_table(CallContext&, const Datum* args) {
  if (args[0].is_null()) return std::make_unique<Pieces>(std::vector<Datum>{});
  return std::make_unique<Pieces>(split(args[0].as_bytes(), args[1], Datum::null()));
}
std::unique_ptr<SetIterator> string_to_table_nulls(CallContext&, const Datum* args) {
  if (args[0].is_null()) return std::make_unique<Pieces>(std::vector<Datum>{});
  return std::make_unique<Pieces>(split(args[0].as_bytes(), args[1], args[2]));
}

/// How many of the thresholds, which must be in order, are not above the operand.
Datum width_bucket(CallContext& context, const Datum* args) {
  ArrayView thresholds(args[1]);
  if (thresholds.dimensions() > 1) {
    fail(base::sqlstate::kArraySubscriptError, "thresholds must be one-dimensional array");
  }
  if (thresholds.has_nulls()) {
    fail(base::sqlstate::kNullValueNotAllowed, "thresholds array must not contain NULLs");
  }
  const Type& type = context.argument_type(0);
  int32_t low = 0, high = thresholds.size();
  while (low < high) {
    int32_t middle = low + (high - low) / 2;
    if (type.compare(args[0], thresholds[middle]) < 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return Datum::of_int(low);
}

constexpr FunctionRow kRows[] = {
    {383, "array_cat(anycompatiblearray, anycompatiblearray) anycompatiblearray", array_cat,
     kCalledOnNull},
    {378, "array_append(anycompatiblearray, anycompatible) anycompatiblearray", append,
     kCalledOnNull},
    {379, "array_prepend(anycompatible, anycompatiblearray) anycompatiblearray", prepend,
     kCalledOnNull},
    {2176, "array_length(anyarray, int4) int4", array_length},
    {2091, "array_lower(anyarray, int4) int4", array_lower},
    {2092, "array_upper(anyarray, int4) int4", array_upper},
    {748, "array_ndims(anyarray) int4", array_ndims},
    {747, "array_dims(anyarray) text", array_dims},
    {3179, "cardinality(anyarray) int4", cardinality},
    {3277, "array_position(anycompatiblearray, anycompatible) int4", array_position, kCalledOnNull},
    {3278, "array_position(anycompatiblearray, anycompatible, int4) int4", array_position_from,
     kCalledOnNull},
    {3279, "array_positions(anycompatiblearray, anycompatible) int4[]", array_positions,
     kCalledOnNull},
    {3167, "array_remove(anycompatiblearray, anycompatible) anycompatiblearray", array_remove,
     kCalledOnNull},
    {3168, "array_replace(anycompatiblearray, anycompatible, anycompatible) anycompatiblearray",
     array_replace, kCalledOnNull},
    {2748, "arraycontains(anyarray, anyarray) bool", array_contains},
    {2749, "arraycontained(anyarray, anyarray) bool", array_contained},
    {2747, "arrayoverlap(anyarray, anyarray) bool", array_overlap},
    {3218, "width_bucket(anycompatible, anycompatiblearray) int4", width_bucket},
    {6172, "trim_array(anyarray, int4) anyarray", trim_array},
    {1193, "array_fill(anyelement, int4[]) anyarray", array_fill, kCalledOnNull},
    {1286, "array_fill(anyelement, int4[], int4[]) anyarray", array_fill_bounds, kCalledOnNull},
    {395, "array_to_string(anyarray, text) text", array_to_string, kStable},
    {384, "array_to_string(anyarray, text, text) text", array_to_string_nulls,
     kCalledOnNull | kStable},
    {394, "string_to_array(text, text) text[]", string_to_array, kCalledOnNull},
    {376, "string_to_array(text, text, text) text[]", string_to_array_nulls, kCalledOnNull},
    {6160, "string_to_table(text, text) setof text", string_to_table, kCalledOnNull},
    {6161, "string_to_table(text, text, text) setof text", string_to_table_nulls, kCalledOnNull},
};

}  // namespace

const std::span<const FunctionRow> kArrays = kRows;

}  // namespace isolde::sql
