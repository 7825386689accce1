// SET a[i] = value and SET a[i:j] = values.
//
// A NULL or empty array becomes one that has just what is assigned. One of one dimension grows to
// either side, with NULLs in between; one of more dimensions keeps its shape.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "sql/functions/subscript_assignment.hpp"
#include "sql/types/array.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

[[noreturn]] void fail_subscript(std::string message) {
  fail(base::sqlstate::kArraySubscriptError, std::move(message));
}

int64_t known(Datum subscript) {
  if (!subscript.is_null()) return subscript.as_int();
  fail(base::sqlstate::kNullValueNotAllowed, "array subscript in assignment must not be null");
}

/// An array taken apart, to be changed and put together again.
struct OpenArray {
  std::vector<ArrayDimension> dimensions;
  std::vector<Datum> elements;

  explicit OpenArray(Datum array) {
    if (array.is_null()) return;
    ArrayView view(array);
    for (int d = 0; d < view.dimensions(); ++d) dimensions.push_back(view.dimension(d));
    for (int32_t i = 0; i < view.size(); ++i) elements.push_back(view[i]);
  }

  int64_t low(size_t d) const { return dimensions[d].lower_bound; }
  int64_t high(size_t d) const { return low(d) + dimensions[d].length - 1; }
  bool holds(size_t d, int64_t subscript) const {
    return subscript >= low(d) && subscript <= high(d);
  }

  /// Of one dimension: room for everything between two subscripts.
  void reach(int64_t from, int64_t to) {
    int64_t first = std::min(from, low(0)), last = std::max(to, high(0));
    check_size(last - first + 1);
    elements.insert(elements.begin(), static_cast<size_t>(low(0) - first), Datum::null());
    elements.resize(static_cast<size_t>(last - first + 1));
    dimensions[0] = {static_cast<int32_t>(last - first + 1), static_cast<int32_t>(first)};
  }

  static void check_size(int64_t count) {
    if (count <= kMaxArrayElements) return;
    fail(base::sqlstate::kProgramLimitExceeded,
         "array size exceeds the maximum allowed (" + std::to_string(kMaxArrayElements) + ")");
  }

  size_t place(const std::vector<int64_t>& subscripts) const {
    size_t at = 0;
    for (size_t d = 0; d < subscripts.size(); ++d) {
      at = at * static_cast<size_t>(dimensions[d].length) +
           static_cast<size_t>(subscripts[d] - low(d));
    }
    return at;
  }

  Datum closed(CallContext& context) const {
    return make_array(element_type_of(*context.site->result_type), elements, dimensions,
                      context.arena);
  }
};

void check_bound(int64_t lower, int64_t length) {
  if (lower + length - 1 <= INT32_MAX) return;
  fail(base::sqlstate::kProgramLimitExceeded,
       "array lower bound is too large: " + std::to_string(lower));
}

Datum assign_element(CallContext& context, const Datum* args) {
  std::vector<int64_t> at;
  for (size_t i = 2; i < context.argument_count(); ++i) at.push_back(known(args[i]));
  OpenArray array(args[0]);
  if (array.dimensions.empty()) {
    for (int64_t subscript : at) {
      check_bound(subscript, 1);
      array.dimensions.push_back({1, static_cast<int32_t>(subscript)});
    }
    array.elements.push_back(args[1]);
    return array.closed(context);
  }
  if (array.dimensions.size() != at.size()) fail_subscript("wrong number of array subscripts");
  if (at.size() == 1) array.reach(at[0], at[0]);
  for (size_t d = 0; d < at.size(); ++d) {
    if (!array.holds(d, at[d])) fail_subscript("array subscript out of range");
  }
  array.elements[array.place(at)] = args[1];
  return array.closed(context);
}

struct Bounds {
  int64_t low;
  int64_t high;
};

/// The bounds that were given, in `present`, and those of the array for the others.
class SliceBounds {
 public:
  SliceBounds(CallContext& context, const Datum* args)
      : present_(args[2].as_int()), given_((context.argument_count() - 3) / 2), args_(args + 3) {}

  size_t dimensions() const { return given_; }
  bool complete(size_t d) const { return (present_ >> (2 * d) & 3) == 3; }
  Bounds of(const OpenArray& array, size_t d) const {
    bool low = d < given_ && (present_ >> (2 * d) & 1) != 0;
    bool high = d < given_ && (present_ >> (2 * d + 1) & 1) != 0;
    Bounds bounds{low ? known(args_[2 * d]) : array.low(d),
                  high ? known(args_[2 * d + 1]) : array.high(d)};
    if (bounds.low > bounds.high) fail_subscript("upper bound cannot be less than lower bound");
    return bounds;
  }

 private:
  int64_t present_;
  size_t given_;
  const Datum* args_;
};

/// What a slice of an array without elements makes of it.
Datum first_slice(CallContext& context, const SliceBounds& slice, const ArrayView& values,
                  const Datum* bounds) {
  OpenArray made(Datum::null());
  int64_t count = 1;
  for (size_t d = 0; d < slice.dimensions(); ++d) {
    if (!slice.complete(d)) {
      throw base::SqlException(
          base::Error(base::sqlstate::kArraySubscriptError,
                      "array slice subscript must provide both boundaries")
              .detail("When assigning to a slice of an empty array value, slice boundaries must "
                      "be fully specified."));
    }
    int64_t low = known(bounds[2 * d]), high = known(bounds[2 * d + 1]);
    int64_t length = std::max<int64_t>(high - low + 1, 0);
    OpenArray::check_size(length);
    check_bound(low, length);
    made.dimensions.push_back({static_cast<int32_t>(length), static_cast<int32_t>(low)});
    count *= length;
    OpenArray::check_size(count);
  }
  if (values.size() < count) fail_subscript("source array too small");
  if (count == 0) return empty_array(element_type_of(*context.site->result_type), context.arena);
  for (int64_t i = 0; i < count; ++i) made.elements.push_back(values[static_cast<int32_t>(i)]);
  return made.closed(context);
}

Datum assign_slice(CallContext& context, const Datum* args) {
  if (args[1].is_null()) return args[0];
  ArrayView values(args[1]);
  SliceBounds slice(context, args);
  OpenArray array(args[0]);
  if (array.dimensions.empty()) return first_slice(context, slice, values, args + 3);
  if (array.dimensions.size() < slice.dimensions()) {
    fail_subscript("wrong number of array subscripts");
  }
  if (array.dimensions.size() == 1) {
    Bounds bounds = slice.of(array, 0);
    array.reach(bounds.low, bounds.high);
  }
  std::vector<Bounds> box;
  int64_t count = 1;
  for (size_t d = 0; d < array.dimensions.size(); ++d) {
    Bounds bounds = box.emplace_back(slice.of(array, d));
    if (!array.holds(d, bounds.low) || !array.holds(d, bounds.high)) {
      fail_subscript("array subscript out of range");
    }
    count *= bounds.high - bounds.low + 1;
  }
  if (values.size() < count) fail_subscript("source array too small");
  std::vector<int64_t> at;
  for (const Bounds& bounds : box) at.push_back(bounds.low);
  for (int64_t i = 0; i < count; ++i) {
    context.poll();
    array.elements[array.place(at)] = values[static_cast<int32_t>(i)];
    for (size_t d = at.size(); d > 0; --d) {
      if (++at[d - 1] <= box[d - 1].high) break;
      at[d - 1] = box[d - 1].low;
    }
  }
  return array.closed(context);
}

Function internal(ScalarFunction code) {
  Function function;
  function.scalar = code;
  function.strict = false;
  return function;
}

}  // namespace

const Function& array_element_assignment() {
  static const Function kFunction = internal(assign_element);
  return kFunction;
}

const Function& array_slice_assignment() {
  static const Function kFunction = internal(assign_slice);
  return kFunction;
}

}  // namespace isolde::sql
