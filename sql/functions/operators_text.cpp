#include "sql/functions/declaration.hpp"

namespace isolde::sql {

namespace {

// clang-format off
constexpr OperatorRow kRows[] = {
    {1208, "name !~~ text", 859, 0, 1207},
    {1210, "text !~~ text", 851, 0, 1209},
    {1212, "bpchar !~~ text", 1632, 0, 1211},
    {1626, "name !~~* text", 1636, 0, 1625},
    {1628, "text !~~* text", 1634, 0, 1627},
    {1630, "bpchar !~~* text", 1661, 0, 1629},
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
    {1207, "name ~~ text", 858, 0, 1208},
    {1209, "text ~~ text", 850, 0, 1210},
    {1211, "bpchar ~~ text", 1631, 0, 1212},
    {1625, "name ~~* text", 1635, 0, 1626},
    {1627, "text ~~* text", 1633, 0, 1628},
    {1629, "bpchar ~~* text", 1660, 0, 1630},
};
// clang-format on

}  // namespace

const std::span<const OperatorRow> kTextOperators = kRows;

}  // namespace isolde::sql
