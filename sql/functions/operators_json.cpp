#include "sql/functions/declaration.hpp"

namespace isolde::sql {

namespace {

constexpr OperatorRow kRows[] = {
    {3962, "json -> text", 3947},
    {3964, "json -> int4", 3949},
    {3963, "json ->> text", 3948},
    {3965, "json ->> int4", 3950},
    {3966, "json #> text[]", 3951},
    {3967, "json #>> text[]", 3953},
    {3211, "jsonb -> text", 3478},
    {3212, "jsonb -> int4", 3215},
    {3477, "jsonb ->> text", 3214},
    {3481, "jsonb ->> int4", 3216},
    {3213, "jsonb #> text[]", 3217},
    {3206, "jsonb #>> text[]", 3940},
    {3242, "jsonb < jsonb", 4039, 3243, 3245},
    {3244, "jsonb <= jsonb", 4041, 3245, 3243},
    {3241, "jsonb <> jsonb", 4038, 3241, 3240},
    {3240, "jsonb = jsonb", 4043, 3240, 3241, "mh"},
    {3243, "jsonb > jsonb", 4040, 3242, 3244},
    {3245, "jsonb >= jsonb", 4042, 3244, 3242},
    {3246, "jsonb @> jsonb", 4046, 3250},
    {3250, "jsonb <@ jsonb", 4050, 3246},
    {3247, "jsonb ? text", 4047},
    {3248, "jsonb ?| text[]", 4048},
    {3249, "jsonb ?& text[]", 4049},
    {3284, "jsonb || jsonb", 3301},
    {3285, "jsonb - text", 3302},
    {3286, "jsonb - int4", 3303},
    {3398, "jsonb - text[]", 3343},
    {3287, "jsonb #- text[]", 3304},
};

}  // namespace

const std::span<const OperatorRow> kJsonOperators = kRows;

}  // namespace isolde::sql
