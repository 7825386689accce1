#include <string>

#include "sql/dialect/rules.hpp"

// SELECT TOP 3 WITH TIES name FROM t ORDER BY n  ->  SELECT name FROM t ORDER BY n
//                                                    FETCH FIRST (3) ROWS WITH TIES
// The count moves to the end of its SELECT. Inside UNION and its kin there is no such place without
// parentheses, so there TOP stays and the parser refuses it.

namespace isolde::sql::dialect {

namespace {

struct Top {
  size_t first = 0;        ///< TOP
  size_t count_first = 0;  ///< the count, with its parentheses
  size_t count_last = 0;
  size_t last = 0;
  bool ties = false;
};

/// An item of a select list may begin here: what stands before was not a function called top.
bool begins_item(const Phrase& phrase, size_t i) {
  if (phrase.is_end(i) || phrase.is_any(i, {"from", "as", "where", "order", "union"})) return false;
  if (!phrase.is_kind(i, Kind::kMark)) return true;
  return phrase.is(i, "(") || (phrase.is(i, "*") && phrase.is_any(i + 1, {"from", ","}));
}

bool find_top(const Phrase& phrase, size_t select, Top& top) {
  size_t i = select + 1;
  if (phrase.is_any(i, {"distinct", "all"})) ++i;
  if (!phrase.is(i, "top")) return false;
  top.first = i++;
  top.count_first = i;
  bool number = phrase.is_kind(i, Kind::kInteger) || phrase.is_kind(i, Kind::kParameter);
  if (!number && !phrase.is(i, "(")) return false;
  top.count_last = number ? i : phrase.closing(i);
  if (phrase.is_end(top.count_last) || phrase.is(top.count_last + 1, "percent")) return false;
  top.ties = phrase.are(top.count_last + 1, {"with", "ties"});
  top.last = top.count_last + (top.ties ? 2 : 0);
  return begins_item(phrase, top.last + 1);
}

/// The last token of the SELECT that goes on at i; 0 when it is a part of a UNION.
size_t last_of_select(const Phrase& phrase, size_t i) {
  int depth = 0;
  for (; i < phrase.size(); ++i) {
    if (phrase.is(i, "(")) ++depth;
    if (phrase.is(i, ")") && --depth < 0) break;
    if (depth > 0) continue;
    if (phrase.is_any(i, {"union", "intersect", "except"})) return 0;
    if (phrase.is_any(i, {"for", "returning"})) break;
  }
  return i - 1;
}

}  // namespace

void rewrite_top(Phrase& phrase) {
  for (size_t i = 0; i < phrase.size(); ++i) {
    Top top;
    if (!phrase.is(i, "select") || !find_top(phrase, i, top)) continue;
    size_t last = last_of_select(phrase, top.last + 1);
    if (last == 0) continue;
    std::string count = phrase.in_postgres(top.count_first, top.count_last);
    phrase.erase(top.first, top.last);
    phrase.insert_after(
        last, top.ties ? " FETCH FIRST (" + count + ") ROWS WITH TIES" : " LIMIT " + count);
  }
}

}  // namespace isolde::sql::dialect
