#include "sql/functions/declaration.hpp"

namespace isolde::sql {

namespace {

// clang-format off
constexpr OperatorRow kRows[] = {
    {2017, "bytea !~~ bytea", 2006, 0, 2016},
    {2750, "anyarray && anyarray", 2747, 2750},
    {58, "bool < bool", 56, 59, 1695},
    {1957, "bytea < bytea", 1949, 1959, 1960},
    {1072, "anyarray < anyarray", 391, 1073, 1075},
    {5073, "xid8 < xid8", 5034, 5074, 5076},
    {1694, "bool <= bool", 1691, 1695, 59},
    {1958, "bytea <= bytea", 1950, 1960, 1959},
    {1074, "anyarray <= anyarray", 393, 1075, 1073},
    {5075, "xid8 <= xid8", 5036, 5076, 5074},
    {85, "bool <> bool", 84, 85, 91},
    {1956, "bytea <> bytea", 1953, 1956, 1955},
    {3316, "xid <> int4", 3309, 0, 353},
    {3315, "xid <> xid", 3308, 3315, 352},
    {1071, "anyarray <> anyarray", 390, 1071, 1070},
    {5072, "xid8 <> xid8", 5085, 5072, 5068},
    {2752, "anyarray <@ anyarray", 2749, 2751},
    {91, "bool = bool", 60, 91, 85, "mh"},
    {1955, "bytea = bytea", 1948, 1955, 1956, "mh"},
    {353, "xid = int4", 1319, 0, 3316},
    {352, "xid = xid", 68, 352, 3315, "h"},
    {385, "cid = cid", 69, 385, 0, "h"},
    {1070, "anyarray = anyarray", 744, 1070, 1071, "mh"},
    {5068, "xid8 = xid8", 5084, 5068, 5072, "mh"},
    {59, "bool > bool", 57, 58, 1694},
    {1959, "bytea > bytea", 1951, 1957, 1958},
    {1073, "anyarray > anyarray", 392, 1072, 1074},
    {5074, "xid8 > xid8", 5035, 5073, 5075},
    {1695, "bool >= bool", 1692, 1694, 58},
    {1960, "bytea >= bytea", 1952, 1958, 1957},
    {1075, "anyarray >= anyarray", 396, 1074, 1072},
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
