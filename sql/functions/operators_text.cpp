#include "sql/functions/declaration.hpp"

namespace isolde::sql {

namespace {

// clang-format off
constexpr OperatorRow kRows[] = {
    {631, "char < char", 1246, 633, 634},
    {660, "name < name", 655, 662, 663},
    {255, "name < text", 241, 264, 257},
    {261, "text < name", 248, 258, 263},
    {664, "text < text", 740, 666, 667},
    {1058, "bpchar < bpchar", 1049, 1060, 1061},
    {632, "char <= char", 72, 634, 633},
    {661, "name <= name", 656, 663, 662},
    {256, "name <= text", 242, 263, 258},
    {262, "text <= name", 249, 257, 264},
    {665, "text <= text", 741, 667, 666},
    {1059, "bpchar <= bpchar", 1050, 1061, 1060},
    {630, "char <> char", 70, 630, 92},
    {643, "name <> name", 659, 643, 93},
    {259, "name <> text", 245, 265, 254},
    {265, "text <> name", 252, 259, 260},
    {531, "text <> text", 157, 531, 98},
    {1057, "bpchar <> bpchar", 1053, 1057, 1054},
    {92, "char = char", 61, 92, 630, "mh"},
    {93, "name = name", 62, 93, 643, "mh"},
    {254, "name = text", 240, 260, 259, "mh"},
    {260, "text = name", 247, 254, 265, "mh"},
    {98, "text = text", 67, 98, 531, "mh"},
    {1054, "bpchar = bpchar", 1048, 1054, 1057, "mh"},
    {633, "char > char", 73, 631, 632},
    {662, "name > name", 657, 660, 661},
    {258, "name > text", 244, 261, 256},
    {264, "text > name", 251, 255, 262},
    {666, "text > text", 742, 664, 665},
    {1060, "bpchar > bpchar", 1051, 1058, 1059},
    {634, "char >= char", 74, 632, 631},
    {663, "name >= name", 658, 661, 660},
    {257, "name >= text", 243, 262, 255},
    {263, "text >= name", 250, 256, 261},
    {667, "text >= text", 743, 665, 664},
    {1061, "bpchar >= bpchar", 1052, 1059, 1058},
    {3877, "text ^@ text", 3696},
    {654, "text || text", 1258},
    {2779, "text || anynonarray", 2003},
};
// clang-format on

}  // namespace

const std::span<const OperatorRow> kTextOperators = kRows;

}  // namespace isolde::sql
