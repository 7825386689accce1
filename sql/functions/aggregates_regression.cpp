#include <cmath>
#include <limits>

#include "sql/functions/aggregate_state.hpp"
#include "sql/functions/declaration.hpp"
#include "sql/functions/range_check.hpp"

// Aggregates over pairs (y, x): covariance, correlation, the least-squares line. Sums of squared
// deviations are updated row by row as Youngs and Cramer do, which loses fewer digits than sums of
// squares would:
//
//   Sxx += (x * n - Sx)^2 / (n * (n - 1))      Sx and n with the new row

namespace isolde::sql {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct PairSums {
  double n;
  double sx, sxx, sy, syy, sxy;

  void step(CallContext&, const Datum* args) {
    double y = args[0].as_float();
    double x = args[1].as_float();
    PairSums before = *this;
    n += 1;
    sx += x;
    sy += y;
    if (before.n > 0) {
      double dx = x * n - sx;
      double dy = y * n - sy;
      double scale = 1.0 / (n * before.n);
      sxx += dx * dx * scale;
      syy += dy * dy * scale;
      sxy += dx * dy * scale;
      check_overflow(before, x, y);
    } else {
      if (!std::isfinite(x)) sxx = sxy = kNan;
      if (!std::isfinite(y)) syy = sxy = kNan;
    }
  }

 private:
  /// Infinities that come from no infinite input are overflows; others make the sums NaN.
  void check_overflow(const PairSums& before, double x, double y) {
    bool x_was = std::isinf(before.sx) || std::isinf(x);
    bool y_was = std::isinf(before.sy) || std::isinf(y);
    bool overflow = ((std::isinf(sx) || std::isinf(sxx)) && !x_was) ||
                    ((std::isinf(sy) || std::isinf(syy)) && !y_was) ||
                    (std::isinf(sxy) && !x_was && !y_was);
    if (overflow) {
      fail(base::sqlstate::kNumericValueOutOfRange, "value out of range: overflow");
    }
    if (std::isinf(sxx)) sxx = kNan;
    if (std::isinf(syy)) syy = kNan;
    if (std::isinf(sxy)) sxy = kNan;
  }
};

/// A result of the sums; NaN with `null` set is NULL.
using Formula = double (*)(const PairSums& s, bool& null);

template <Formula formula>
struct OfPairs : PairSums {
  Datum finish(CallContext&) {
    bool null = n < 1;
    double value = null ? 0 : formula(*this, null);
    return null ? Datum::null() : Datum::of_float(value);
  }
};

double sum_xx(const PairSums& s, bool&) {
  return s.sxx;
}
double sum_yy(const PairSums& s, bool&) {
  return s.syy;
}
double sum_xy(const PairSums& s, bool&) {
  return s.sxy;
}
double average_x(const PairSums& s, bool&) {
  return s.sx / s.n;
}
double average_y(const PairSums& s, bool&) {
  return s.sy / s.n;
}
double covariance(const PairSums& s, bool&) {
  return s.sxy / s.n;
}
double sample_covariance(const PairSums& s, bool& null) {
  null = s.n < 2;
  return s.sxy / (s.n - 1);
}
double correlation(const PairSums& s, bool& null) {
  null = s.sxx == 0 || s.syy == 0;
  return s.sxy / std::sqrt(s.sxx * s.syy);
}
double determination(const PairSums& s, bool& null) {
  null = s.sxx == 0;
  return s.syy == 0 ? 1.0 : (s.sxy * s.sxy) / (s.sxx * s.syy);
}
double slope(const PairSums& s, bool& null) {
  null = s.sxx == 0;
  return s.sxy / s.sxx;
}
double intercept(const PairSums& s, bool& null) {
  null = s.sxx == 0;
  return (s.sy - s.sx * s.sxy / s.sxx) / s.n;
}

struct CountPairs {
  int64_t rows;
  void step(CallContext&, const Datum*) { ++rows; }
  Datum finish(CallContext&) { return Datum::of_int(rows); }
};

constexpr FunctionRow kRows[] = {
    {2818, "regr_count(float8, float8) int8", &kAggregate<CountPairs>},
    {2819, "regr_sxx(float8, float8) float8", &kAggregate<OfPairs<sum_xx>>},
    {2820, "regr_syy(float8, float8) float8", &kAggregate<OfPairs<sum_yy>>},
    {2821, "regr_sxy(float8, float8) float8", &kAggregate<OfPairs<sum_xy>>},
    {2822, "regr_avgx(float8, float8) float8", &kAggregate<OfPairs<average_x>>},
    {2823, "regr_avgy(float8, float8) float8", &kAggregate<OfPairs<average_y>>},
    {2824, "regr_r2(float8, float8) float8", &kAggregate<OfPairs<determination>>},
    {2825, "regr_slope(float8, float8) float8", &kAggregate<OfPairs<slope>>},
    {2826, "regr_intercept(float8, float8) float8", &kAggregate<OfPairs<intercept>>},
    {2827, "covar_pop(float8, float8) float8", &kAggregate<OfPairs<covariance>>},
    {2828, "covar_samp(float8, float8) float8", &kAggregate<OfPairs<sample_covariance>>},
    {2829, "corr(float8, float8) float8", &kAggregate<OfPairs<correlation>>},
};

}  // namespace

const std::span<const FunctionRow> kRegressionAggregates = kRows;

}  // namespace isolde::sql
