#include "sql/functions/aggregate_state.hpp"
#include "sql/functions/declaration.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/types/datetime.hpp"

// sum and avg of interval.

namespace isolde::sql {

namespace {

struct IntervalSum {
  Interval sum;
  int64_t rows;

  void step(CallContext&, const Datum* args) {
    Interval i = read_interval(args[0]);
    if (__builtin_add_overflow(sum.months, i.months, &sum.months) ||
        __builtin_add_overflow(sum.days, i.days, &sum.days) ||
        __builtin_add_overflow(sum.micros, i.micros, &sum.micros)) {
      fail_interval_range();
    }
    ++rows;
  }
  Datum finish(CallContext& context) {
    return rows == 0 ? Datum::null() : write_interval(sum, context.arena);
  }
};

struct IntervalAverage : IntervalSum {
  Datum finish(CallContext& context) {
    if (rows == 0) return Datum::null();
    static const Function& divide = *FunctionRegistry::instance().function(base::Oid(1326));
    Datum args[2] = {write_interval(sum, context.arena),
                     Datum::of_float(static_cast<double>(rows))};
    return divide.scalar(context, args);
  }
};

constexpr FunctionRow kRows[] = {
    {2113, "sum(interval) interval", &kAggregate<IntervalSum>},
    {2106, "avg(interval) interval", &kAggregate<IntervalAverage>},
};

}  // namespace

const std::span<const FunctionRow> kIntervalAggregates = kRows;

}  // namespace isolde::sql
