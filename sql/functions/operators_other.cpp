#include "sql/functions/declaration.hpp"

namespace isolde::sql {

namespace {

// clang-format off
constexpr OperatorRow kRows[] = {
    {2017, "bytea !~~ bytea", 2006, 0, 2016},
    {2750, "anyarray && anyarray", 2747, 2750},
    {3228, "pg_lsn - pg_lsn", 3237},
    {58, "bool < bool", 56, 59, 1695},
    {1957, "bytea < bytea", 1949, 1959, 1960},
    {2799, "tid < tid", 2791, 2800, 2802},
    {645, "oidvector < oidvector", 677, 646, 648},
    {1072, "anyarray < anyarray", 391, 1073, 1075},
    {2974, "uuid < uuid", 2954, 2975, 2977},
    {3224, "pg_lsn < pg_lsn", 3231, 3225, 3227},
    {5073, "xid8 < xid8", 5034, 5074, 5076},
    {1694, "bool <= bool", 1691, 1695, 59},
    {1958, "bytea <= bytea", 1950, 1960, 1959},
    {2801, "tid <= tid", 2793, 2802, 2800},
    {647, "oidvector <= oidvector", 678, 648, 646},
    {1074, "anyarray <= anyarray", 393, 1075, 1073},
    {2976, "uuid <= uuid", 2955, 2977, 2975},
    {3226, "pg_lsn <= pg_lsn", 3232, 3227, 3225},
    {5075, "xid8 <= xid8", 5036, 5076, 5074},
    {85, "bool <> bool", 84, 85, 91},
    {1956, "bytea <> bytea", 1953, 1956, 1955},
    {402, "tid <> tid", 1265, 402, 387},
    {3316, "xid <> int4", 3309, 0, 353},
    {3315, "xid <> xid", 3308, 3315, 352},
    {644, "oidvector <> oidvector", 619, 644, 649},
    {1071, "anyarray <> anyarray", 390, 1071, 1070},
    {2973, "uuid <> uuid", 2959, 2973, 2972},
    {3223, "pg_lsn <> pg_lsn", 3236, 3223, 3222},
    {5072, "xid8 <> xid8", 5085, 5072, 5068},
    {2752, "anyarray <@ anyarray", 2749, 2751},
    {91, "bool = bool", 60, 91, 85, "mh"},
    {1955, "bytea = bytea", 1948, 1955, 1956, "mh"},
    {387, "tid = tid", 1292, 387, 402, "mh"},
    {353, "xid = int4", 1319, 0, 3316},
    {352, "xid = xid", 68, 352, 3315, "h"},
    {385, "cid = cid", 69, 385, 0, "h"},
    {649, "oidvector = oidvector", 679, 649, 644, "mh"},
    {1070, "anyarray = anyarray", 744, 1070, 1071, "mh"},
    {2972, "uuid = uuid", 2956, 2972, 2973, "mh"},
    {3222, "pg_lsn = pg_lsn", 3233, 3222, 3223, "mh"},
    {5068, "xid8 = xid8", 5084, 5068, 5072, "mh"},
    {59, "bool > bool", 57, 58, 1694},
    {1959, "bytea > bytea", 1951, 1957, 1958},
    {2800, "tid > tid", 2790, 2799, 2801},
    {646, "oidvector > oidvector", 681, 645, 647},
    {1073, "anyarray > anyarray", 392, 1072, 1074},
    {2975, "uuid > uuid", 2958, 2974, 2976},
    {3225, "pg_lsn > pg_lsn", 3235, 3224, 3226},
    {5074, "xid8 > xid8", 5035, 5073, 5075},
    {1695, "bool >= bool", 1692, 1694, 58},
    {1960, "bytea >= bytea", 1952, 1958, 1957},
    {2802, "tid >= tid", 2792, 2801, 2799},
    {648, "oidvector >= oidvector", 680, 647, 645},
    {1075, "anyarray >= anyarray", 396, 1074, 1072},
    {2977, "uuid >= uuid", 2957, 2976, 2974},
    {3227, "pg_lsn >= pg_lsn", 3234, 3226, 3224},
    {5076, "xid8 >= xid8", 5037, 5075, 5073},
    {2751, "anyarray @> anyarray", 2748, 2752},
    {2780, "anynonarray || text", 2004},
    {374, "anycompatible || anycompatiblearray", 379},
    {349, "anycompatiblearray || anycompatible", 378},
    {375, "anycompatiblearray || anycompatiblearray", 383},
    {2016, "bytea ~~ bytea", 2005, 0, 2017},
};
// clang-format on

}  // namespace

const std::span<const OperatorRow> kOtherOperators = kRows;

}  // namespace isolde::sql
