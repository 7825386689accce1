#include <utility>

#include "sql/functions/declaration.hpp"
#include "sql/types/array.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/numeric.hpp"
#include "sql/types/type_registry.hpp"

// generate_series over numbers, generate_subscripts, unnest.

namespace isolde::sql {

namespace {

[[noreturn]] void fail_step(const char* what) {
  fail(base::sqlstate::kInvalidParameterValue, what);
}

class IntegerSeries final : public SetIterator {
 public:
  IntegerSeries(int64_t first, int64_t last, int64_t step)
      : next_(first), last_(last), step_(step), done_(step > 0 ? first > last : first < last) {}

  bool next(CallContext& context, Datum* columns) override {
    if (done_) return false;
    context.poll();
    columns[0] = Datum::of_int(next_);
    done_ =
        __builtin_add_overflow(next_, step_, &next_) || (step_ > 0 ? next_ > last_ : next_ < last_);
    return true;
  }

 private:
  int64_t next_;
  int64_t last_;
  int64_t step_;
  bool done_;
};

std::unique_ptr<SetIterator> integers(CallContext&, const Datum* args) {
  return std::make_unique<IntegerSeries>(args[0].as_int(), args[1].as_int(), 1);
}
std::unique_ptr<SetIterator> integers_by(CallContext&, const Datum* args) {
  if (args[2].as_int() == 0) fail_step("step size cannot equal zero");
  return std::make_unique<IntegerSeries>(args[0].as_int(), args[1].as_int(), args[2].as_int());
}

class NumericSeries final : public SetIterator {
 public:
  NumericSeries(Numeric first, Numeric last, Numeric step)
      : next_(std::move(first)), last_(std::move(last)), step_(std::move(step)) {}

  bool next(CallContext& context, Datum* columns) override {
    auto order = compare(next_, last_);
    if (step_.sign() > 0 ? order > 0 : order < 0) return false;
    context.poll();
    columns[0] = next_.write(context.arena);
    next_ = next_ + step_;
    return true;
  }

 private:
  Numeric next_;
  Numeric last_;
  Numeric step_;
};

Numeric series_bound(Datum value, const char* what) {
  Numeric n = Numeric::read(value);
  if (!n.is_finite()) {
    fail_step(
        (std::string(what) + (n.is_nan() ? " cannot be NaN" : " cannot be infinity")).c_str());
  }
  return n;
}
std::unique_ptr<SetIterator> numerics_by(CallContext&, const Datum* args) {
  Numeric first = series_bound(args[0], "start value");
  Numeric last = series_bound(args[1], "stop value");
  Numeric step = series_bound(args[2], "step size");
  if (step.is_zero()) fail_step("step size cannot equal zero");
  return std::make_unique<NumericSeries>(first, last, step);
}
std::unique_ptr<SetIterator> numerics(CallContext&, const Datum* args) {
  return std::make_unique<NumericSeries>(series_bound(args[0], "start value"),
                                         series_bound(args[1], "stop value"), Numeric::of(1));
}

std::unique_ptr<SetIterator> subscripts_in(const Datum* args, bool reverse) {
  ArrayView array(args[0]);
  int64_t which = args[1].as_int();
  if (which < 1 || which > array.dimensions()) {
    return std::make_unique<IntegerSeries>(1, 0, 1);
  }
  ArrayDimension d = array.dimension(static_cast<int>(which - 1));
  int64_t first = d.lower_bound;
  int64_t last = first + d.length - 1;
  if (reverse) return std::make_unique<IntegerSeries>(last, first, -1);
  return std::make_unique<IntegerSeries>(first, last, 1);
}
std::unique_ptr<SetIterator> subscripts(CallContext&, const Datum* args) {
  return subscripts_in(args, false);
}
std::unique_ptr<SetIterator> subscripts_either_way(CallContext&, const Datum* args) {
  return subscripts_in(args, args[2].as_bool());
}

class Elements final : public SetIterator {
 public:
  explicit Elements(Datum array) : array_(array) {}
  bool next(CallContext& context, Datum* columns) override {
    if (next_ >= array_.size()) return false;
    context.poll();
    columns[0] = array_[next_++];
    return true;
  }

 private:
  ArrayView array_;
  int32_t next_ = 0;
};
std::unique_ptr<SetIterator> unnest(CallContext&, const Datum* args) {
  return std::make_unique<Elements>(args[0]);
}

constexpr FunctionRow kRows[] = {
    {1067, "generate_series(int4, int4) setof int4", integers},
    {1066, "generate_series(int4, int4, int4) setof int4", integers_by},
    {1069, "generate_series(int8, int8) setof int8", integers},
    {1068, "generate_series(int8, int8, int8) setof int8", integers_by},
    {3260, "generate_series(numeric, numeric) setof numeric", numerics},
    {3259, "generate_series(numeric, numeric, numeric) setof numeric", numerics_by},
    {1192, "generate_subscripts(anyarray, int4) setof int4", subscripts},
    {1191, "generate_subscripts(anyarray, int4, bool) setof int4", subscripts_either_way},
    {2331, "unnest(anyarray) setof anyelement", unnest},
};

}  // namespace

const std::span<const FunctionRow> kSeries = kRows;

}  // namespace isolde::sql
