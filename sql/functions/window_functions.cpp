#include "sql/functions/declaration.hpp"

// The window functions proper; the window operator computes them by their tags.

namespace isolde::sql {

namespace {

constexpr FunctionRow kRows[] = {
    {3100, "row_number() int8", WindowFunction::kRowNumber, kCalledOnNull},
    {3101, "rank() int8", WindowFunction::kRank, kCalledOnNull},
    {3102, "dense_rank() int8", WindowFunction::kDenseRank, kCalledOnNull},
    {3103, "percent_rank() float8", WindowFunction::kPercentRank, kCalledOnNull},
    {3104, "cume_dist() float8", WindowFunction::kCumeDist, kCalledOnNull},
    {3105, "ntile(int4) int4", WindowFunction::kNtile},
    {3106, "lag(anyelement) anyelement", WindowFunction::kLag},
    {3107, "lag(anyelement, int4) anyelement", WindowFunction::kLag},
    {3108, "lag(anycompatible, int4, anycompatible) anycompatible", WindowFunction::kLag},
    {3109, "lead(anyelement) anyelement", WindowFunction::kLead},
    {3110, "lead(anyelement, int4) anyelement", WindowFunction::kLead},
    {3111, "lead(anycompatible, int4, anycompatible) anycompatible", WindowFunction::kLead},
    {3112, "first_value(anyelement) anyelement", WindowFunction::kFirstValue},
    {3113, "last_value(anyelement) anyelement", WindowFunction::kLastValue},
    {3114, "nth_value(anyelement, int4) anyelement", WindowFunction::kNthValue},
};

}  // namespace

const std::span<const FunctionRow> kWindowFunctions = kRows;

}  // namespace isolde::sql
