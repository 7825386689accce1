#include "sql/functions/declaration.hpp"

namespace isolde::sql {

namespace {

constexpr OperatorRow kRows[] = {
    {1201, "inet = inet", 920, 1201, 1202, "mh"},
    {1202, "inet <> inet", 925, 1202, 1201},
    {1203, "inet < inet", 921, 1205, 1206},
    {1204, "inet <= inet", 922, 1206, 1205},
    {1205, "inet > inet", 923, 1203, 1204},
    {1206, "inet >= inet", 924, 1204, 1203},
    {931, "inet << inet", 927, 933},
    {932, "inet <<= inet", 928, 934},
    {933, "inet >> inet", 929, 931},
    {934, "inet >>= inet", 930, 932},
    {3552, "inet && inet", 3551, 3552},
    {2634, "~ inet", 2627},
    {2635, "inet & inet", 2628},
    {2636, "inet | inet", 2629},
    {2637, "inet + int8", 2630, 2638},
    {2638, "int8 + inet", 2631, 2637},
    {2639, "inet - int8", 2632},
    {2640, "inet - inet", 2633},
};

}  // namespace

const std::span<const OperatorRow> kNetworkOperators = kRows;

}  // namespace isolde::sql
