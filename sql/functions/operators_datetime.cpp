#include "sql/functions/declaration.hpp"

namespace isolde::sql {

namespace {

// clang-format off
constexpr OperatorRow kRows[] = {
    {1095, "date < date", 1087, 1097, 1098},
    {1110, "time < time", 1102, 1112, 1113},
    {2062, "timestamp < timestamp", 2054, 2064, 2065},
    {1322, "timestamptz < timestamptz", 1154, 1324, 1325},
    {1332, "interval < interval", 1164, 1334, 1335},
    {1552, "timetz < timetz", 1354, 1554, 1555},
    {1096, "date <= date", 1088, 1098, 1097},
    {1111, "time <= time", 1103, 1113, 1112},
    {2063, "timestamp <= timestamp", 2055, 2065, 2064},
    {1323, "timestamptz <= timestamptz", 1155, 1325, 1324},
    {1333, "interval <= interval", 1165, 1335, 1334},
    {1553, "timetz <= timetz", 1355, 1555, 1554},
    {1094, "date <> date", 1091, 1094, 1093},
    {1109, "time <> time", 1106, 1109, 1108},
    {2061, "timestamp <> timestamp", 2053, 2061, 2060},
    {1321, "timestamptz <> timestamptz", 1153, 1321, 1320},
    {1331, "interval <> interval", 1163, 1331, 1330},
    {1551, "timetz <> timetz", 1353, 1551, 1550},
    {1093, "date = date", 1086, 1093, 1094, "mh"},
    {1108, "time = time", 1145, 1108, 1109, "mh"},
    {2060, "timestamp = timestamp", 2052, 2060, 2061, "mh"},
    {1320, "timestamptz = timestamptz", 1152, 1320, 1321, "mh"},
    {1330, "interval = interval", 1162, 1330, 1331, "mh"},
    {1550, "timetz = timetz", 1352, 1550, 1551, "mh"},
    {1097, "date > date", 1089, 1095, 1096},
    {1112, "time > time", 1104, 1110, 1111},
    {2064, "timestamp > timestamp", 2057, 2062, 2063},
    {1324, "timestamptz > timestamptz", 1157, 1322, 1323},
    {1334, "interval > interval", 1167, 1332, 1333},
    {1554, "timetz > timetz", 1357, 1552, 1553},
    {1098, "date >= date", 1090, 1096, 1095},
    {1113, "time >= time", 1105, 1111, 1110},
    {2065, "timestamp >= timestamp", 2056, 2063, 2062},
    {1325, "timestamptz >= timestamptz", 1156, 1323, 1322},
    {1335, "interval >= interval", 1166, 1333, 1332},
    {1555, "timetz >= timetz", 1356, 1553, 1552},
};
// clang-format on

}  // namespace

const std::span<const OperatorRow> kDatetimeOperators = kRows;

}  // namespace isolde::sql
