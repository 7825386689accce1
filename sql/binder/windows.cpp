// Window functions.
//
// A query has a list of windows: those that its WINDOW clause names, then those that OVER (...)
// spells out, equal ones once. A call remembers the number of its window. When the select list is
// bound, the calls are taken out of it: they become columns behind those of the rows (or groups)
// that the windows are over.
//
//      SELECT a, rank() OVER (ORDER BY b) + 1 FROM t      row: [ a | b | rank() ]
//      targets: column 0, column 2 + 1

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"

namespace isolde::sql {

namespace {

/// PgQuery__WindowDef::frame_options, as PostgreSQL's parsenodes.h numbers them.
enum FrameOption : int {
  kNotDefault = 0x1,
  kRange = 0x2,
  kRows = 0x4,
  kGroups = 0x8,
  kStartUnboundedPreceding = 0x20,
  kEndUnboundedFollowing = 0x100,
  kStartCurrentRow = 0x200,
  kEndCurrentRow = 0x400,
  kStartPreceding = 0x800,
  kEndPreceding = 0x1000,
  kStartFollowing = 0x2000,
  kEndFollowing = 0x4000,
  kExcludeCurrentRow = 0x8000,
  kExcludeGroup = 0x10000,
  kExcludeTies = 0x20000,
  kDefaultFrame = kRange | kStartUnboundedPreceding | kEndCurrentRow,
};

bool is_set(const char* text) {
  return text != nullptr && text[0] != '\0';
}

WindowFrame frame_of(int options) {
  WindowFrame frame;
  if (options & kRows) frame.mode = FrameMode::kRows;
  if (options & kGroups) frame.mode = FrameMode::kGroups;
  if (options & kStartCurrentRow) frame.start = FrameBound::kCurrentRow;
  if (options & kStartPreceding) frame.start = FrameBound::kPreceding;
  if (options & kStartFollowing) frame.start = FrameBound::kFollowing;
  if (options & kEndUnboundedFollowing) frame.end = FrameBound::kUnboundedFollowing;
  if (options & kEndPreceding) frame.end = FrameBound::kPreceding;
  if (options & kEndFollowing) frame.end = FrameBound::kFollowing;
  if (options & kExcludeCurrentRow) frame.exclude = FrameExclude::kCurrentRow;
  if (options & kExcludeGroup) frame.exclude = FrameExclude::kGroup;
  if (options & kExcludeTies) frame.exclude = FrameExclude::kTies;
  return frame;
}

bool same_order(const Expr::Order& a, const Expr::Order& b) {
  return a.descending == b.descending && a.nulls_first == b.nulls_first &&
         same_expression(a.value, b.value);
}

bool same_window(const WindowSpec& a, const WindowSpec& b) {
  return a.frame == b.frame &&
         std::equal(a.partition.begin(), a.partition.end(), b.partition.begin(), b.partition.end(),
                    same_expression) &&
         std::equal(a.order.begin(), a.order.end(), b.order.begin(), b.order.end(), same_order) &&
         same_expression(a.start_offset, b.start_offset) &&
         same_expression(a.end_offset, b.end_offset);
}

const Expr* find_kind(const Expr* expr, ExprKind kind) {
  if (expr->kind == kind) return expr;
  for (const Expr* argument : expr->arguments) {
    if (const Expr* found = find_kind(argument, kind)) return found;
  }
  return nullptr;
}

}  // namespace

void Binder::bind_window_clause(const PgQuery__SelectStmt& select, Scope& scope) {
  for (size_t i = 0; i < select.n_window_clause; ++i) {
    const PgQuery__WindowDef& window = *select.window_clause[i]->window_def;
    for (const WindowSpec* other : current_->windows) {
      if (other->name != window.name) continue;
      fail_at(window.location, base::sqlstate::kWindowingError,
              "window \"" + other->name + "\" is already defined");
    }
    WindowSpec spec = make_window(window, scope);
    spec.name = window.name;
    current_->windows.push_back(&memory_.windows.emplace_back(std::move(spec)));
  }
}

/// The number of the window that an OVER means.
int Binder::bind_window(const PgQuery__WindowDef& window, Scope& scope) {
  auto& windows = current_->windows;
  if (is_set(window.name)) {
    for (size_t i = 0; i < windows.size(); ++i) {
      if (windows[i]->name == window.name) return static_cast<int>(i);
    }
    fail_at(window.location, base::sqlstate::kUndefinedObject,
            "window \"" + std::string(window.name) + "\" does not exist");
  }
  WindowSpec spec = make_window(window, scope);
  for (size_t i = 0; i < windows.size(); ++i) {
    if (same_window(*windows[i], spec)) return static_cast<int>(i);
  }
  windows.push_back(&memory_.windows.emplace_back(std::move(spec)));
  return static_cast<int>(windows.size()) - 1;
}

WindowSpec Binder::make_window(const PgQuery__WindowDef& window, Scope& scope) {
  WindowSpec spec;
  if (is_set(window.refname)) inherit_window(spec, window);
  for (size_t i = 0; i < window.n_order_clause; ++i) {
    spec.order.push_back(
        bind_order(*window.order_clause[i]->sort_by, scope, Clause::kWindowDefinition));
  }
  for (size_t i = 0; i < window.n_partition_clause; ++i) {
    const PgQuery__Node& node = *window.partition_clause[i];
    Expr* key = bind(node, scope, Clause::kWindowDefinition);
    if (key->type->oid == types::kUnknown) {
      key = coerce_type(key, type_of(types::kText), CastContext::kImplicit);
    }
    if (!key->type->is_ordered()) {
      fail_at(
          location_of(node),
          base::Error(base::sqlstate::kUndefinedFunction,
                      "could not identify an ordering operator for type " + format_type(*key->type))
              .hint("Use an explicit ordering operator or modify the query."));
    }
    spec.partition.push_back(key);
  }
  bind_frame(spec, window);
  return spec;
}

/// OVER (name ...), WINDOW w AS (name ...).
void Binder::inherit_window(WindowSpec& spec, const PgQuery__WindowDef& window) {
  const WindowSpec* from = nullptr;
  for (const WindowSpec* other : current_->windows) {
    if (!other->name.empty() && other->name == window.refname) from = other;
  }
  std::string quoted = "window \"" + std::string(window.refname) + "\"";
  if (from == nullptr) {
    fail_at(window.location, base::sqlstate::kUndefinedObject, quoted + " does not exist");
  }
  if (window.n_partition_clause > 0) {
    fail_at(window.location, base::sqlstate::kWindowingError,
            "cannot override PARTITION BY clause of " + quoted);
  }
  if (window.n_order_clause > 0 && !from->order.empty()) {
    fail_at(window.location, base::sqlstate::kWindowingError,
            "cannot override ORDER BY clause of " + quoted);
  }
  if (from->own_frame) {
    base::Error error(base::sqlstate::kWindowingError,
                      "cannot copy " + quoted + " because it has a frame clause");
    bool adds = is_set(window.name) || window.n_order_clause > 0 ||
                (window.frame_options & ~kNotDefault) != kDefaultFrame;
    if (!adds) error.fields().hint = "Omit the parentheses in this OVER clause.";
    fail_at(window.location, std::move(error));
  }
  spec.partition = from->partition;
  spec.order = from->order;
}

void Binder::bind_frame(WindowSpec& spec, const PgQuery__WindowDef& window) {
  spec.frame = frame_of(window.frame_options);
  spec.own_frame = (window.frame_options & kNotDefault) != 0;
  auto has_offset = [](FrameBound bound) {
    return bound == FrameBound::kPreceding || bound == FrameBound::kFollowing;
  };
  bool offsets = has_offset(spec.frame.start) || has_offset(spec.frame.end);
  if (spec.frame.mode == FrameMode::kRange && offsets && spec.order.size() != 1) {
    fail_at(window.location, base::sqlstate::kWindowingError,
            "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column");
  }
  if (spec.frame.mode == FrameMode::kGroups && spec.order.empty()) {
    fail_at(window.location, base::sqlstate::kWindowingError,
            "GROUPS mode requires an ORDER BY clause");
  }
  if (has_offset(spec.frame.start))
    spec.start_offset = bind_frame_offset(spec, *window.start_offset);
  if (has_offset(spec.frame.end)) spec.end_offset = bind_frame_offset(spec, *window.end_offset);
}

Expr* Binder::bind_frame_offset(WindowSpec& spec, const PgQuery__Node& node) {
  Clause clause = spec.frame.mode == FrameMode::kRows    ? Clause::kFrameRows
                  : spec.frame.mode == FrameMode::kRange ? Clause::kFrameRange
                                                         : Clause::kFrameGroups;
  Scope empty;
  Expr* offset = bind(node, empty, clause);
  if (clause == Clause::kFrameRange) return range_offset(spec, offset, location_of(node));
  Expr* number = coerce(offset, type_of(types::kInt8), -1, CastContext::kAssignment);
  if (number != nullptr) return number;
  fail_at(location_of(node), base::sqlstate::kDatatypeMismatch,
          "argument of " + std::string(clause_name(clause)) + " must be type bigint, not type " +
              format_type(*offset->type));
}

namespace {

/// The types of offset that a RANGE over a type can have.
std::vector<base::Oid> offset_types(base::Oid key) {
  if (key == types::kInt2 || key == types::kInt4 || key == types::kInt8) {
    return {key, types::kInt8, types::kInt4, types::kInt2};
  }
  if (key == types::kFloat4 || key == types::kFloat8) return {types::kFloat8};
  if (key == types::kNumeric) return {types::kNumeric};
  if (key == types::kDate || key == types::kTime || key == types::kTimetz ||
      key == types::kTimestamp || key == types::kTimestamptz || key == types::kInterval) {
    return {types::kInterval};
  }
  return {};
}

}  // namespace

/// Settles the type of an offset, and how a key and an offset are added.
Expr* Binder::range_offset(WindowSpec& spec, Expr* offset, int location) {
  const Type& key = *spec.order[0].value->type;
  std::vector<base::Oid> wanted = offset_types(key.oid);
  if (wanted.empty()) {
    fail_at(location, base::sqlstate::kFeatureNotSupported,
            "RANGE with offset PRECEDING/FOLLOWING is not supported for column type " +
                format_type(key));
  }
  Expr* made = nullptr;
  auto exact = std::find(wanted.begin(), wanted.end(), offset->type->oid);
  if (exact != wanted.end()) made = offset;
  for (size_t i = 0; i < wanted.size() && made == nullptr; ++i) {
    made = coerce(offset, type_of(wanted[i]), -1, CastContext::kImplicit);
  }
  if (made == nullptr) {
    fail_at(location,
            base::Error(base::sqlstate::kFeatureNotSupported,
                        "RANGE with offset PRECEDING/FOLLOWING is not supported for "
                        "column type " +
                            format_type(key) + " and offset type " + format_type(*offset->type))
                .hint("Cast the offset value to an appropriate type."));
  }
  bool native = key.storage == Storage::kFloat || key.oid == types::kInt2 ||
                key.oid == types::kInt4 || key.oid == types::kInt8 || key.oid == types::kTime;
  if (native || spec.range_sum != nullptr) return made;
  Expr* operands[2];
  for (int i = 0; i < 2; ++i) {
    operands[i] = memory_.expr(ExprKind::kColumn, i == 0 ? &key : made->type, location);
    operands[i]->index = i;
  }
  spec.range_sum = make_operator("+", operands[0], operands[1], location);
  spec.range_difference = make_operator("-", operands[0], operands[1], location);
  spec.range_key = coerce_type(operands[0], *spec.range_sum->type, CastContext::kImplicit);
  return made;
}

Expr* Binder::bind_window_call(const PgQuery__FuncCall& call, Expr* made, Scope& scope,
                               Clause clause) {
  const Function& function = *made->function;
  int location = call.location;
  if (clause != Clause::kSelect && clause != Clause::kOrderBy && clause != Clause::kDistinctOn) {
    std::string where(clause == Clause::kJoinOn ? "JOIN conditions" : clause_name(clause));
    fail_at(location, base::sqlstate::kWindowingError,
            "window functions are not allowed in " + where);
  }
  if (call.agg_distinct) {
    fail_at(location, base::sqlstate::kFeatureNotSupported,
            "DISTINCT is not implemented for window functions");
  }
  if (call.n_agg_order > 0) {
    fail_at(location, base::sqlstate::kFeatureNotSupported,
            "aggregate ORDER BY is not implemented for window functions");
  }
  if (call.agg_filter != nullptr && function.kind != FunctionKind::kAggregate) {
    fail_at(location, base::sqlstate::kFeatureNotSupported,
            "FILTER is not implemented for non-aggregate window functions");
  }
  for (const Expr* argument : made->arguments) {
    if (const Expr* set = find_kind(argument, ExprKind::kSetCall)) {
      fail_at(set->location,
              base::Error(base::sqlstate::kFeatureNotSupported,
                          "window function calls cannot contain set-returning function calls")
                  .hint("You might be able to move the set-returning function into a LATERAL FROM "
                        "item."));
    }
    if (const Expr* inner = find_kind(argument, ExprKind::kWindow)) {
      fail_at(inner->location, base::sqlstate::kWindowingError,
              "window function calls cannot be nested");
    }
  }
  made->kind = ExprKind::kWindow;
  if (call.agg_filter != nullptr) {
    made->filter = to_bool(bind(*call.agg_filter, scope, Clause::kFilter), "FILTER");
  }
  made->index = bind_window(*call.over, scope);
  return made;
}

// --- after the select list is bound

namespace {

struct SortKey {
  size_t reference;
  bool descending;
  bool nulls_first;
};

/// What each window sorts by, in terms of numbered expressions; those of ORDER BY come first.
class SortKeys {
 public:
  explicit SortKeys(const Query& query) {
    for (const SortItem& item : query.sort) {
      number(query.targets[static_cast<size_t>(item.target)].value);
    }
    for (const Expr* key : query.group_by) number(key);
    for (const WindowSpec* window : query.windows) {
      for (const Expr::Order& order : window->order) number(order.value);
      for (const Expr* key : window->partition) number(key);
    }
  }

  std::vector<SortKey> of(const WindowSpec& window) {
    std::vector<SortKey> keys;
    for (const Expr* key : window.partition) keys.push_back({number(key), false, false});
    for (const Expr::Order& order : window.order) {
      keys.push_back({number(order.value), order.descending, order.nulls_first});
    }
    return keys;
  }

 private:
  size_t number(const Expr* expr) {
    for (size_t i = 0; i < known_.size(); ++i) {
      if (same_expression(known_[i], expr)) return i;
    }
    known_.push_back(expr);
    return known_.size() - 1;
  }
  std::vector<const Expr*> known_;
};

/// PostgreSQL's order of windows: those that can use one sort stand together, the longest first.
bool goes_before(const std::vector<SortKey>& a, const std::vector<SortKey>& b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (a[i].reference != b[i].reference) return a[i].reference > b[i].reference;
    if (a[i].descending != b[i].descending) return a[i].descending;
    if (a[i].nulls_first != b[i].nulls_first) return a[i].nulls_first;
  }
  return a.size() > b.size();
}

void gather_calls(Expr* expr, std::vector<Expr*>& calls) {
  if (expr->kind == ExprKind::kWindow) {
    auto same = [&](const Expr* other) { return same_expression(other, expr); };
    if (std::none_of(calls.begin(), calls.end(), same)) calls.push_back(expr);
    return;
  }
  for (Expr* argument : expr->arguments) gather_calls(argument, calls);
}

}  // namespace

void Binder::collect_windows(Query& query) {
  for (const Target& target : query.targets) gather_calls(target.value, query.window_calls);
  SortKeys keys(query);
  auto before = [&](const Expr* a, const Expr* b) {
    auto window = [&](const Expr* call) { return query.windows[static_cast<size_t>(call->index)]; };
    if (a->index == b->index) return false;
    auto left = keys.of(*window(a)), right = keys.of(*window(b));
    if (goes_before(left, right)) return true;
    return !goes_before(right, left) && a->index < b->index;
  };
  std::stable_sort(query.window_calls.begin(), query.window_calls.end(), before);
  auto width = query.grouped ? query.group_by.size() + query.aggregates.size()
                             : static_cast<size_t>(query.row_width);
  for (Target& target : query.targets) place_window_calls(query, target.value, width);
}

/// Puts columns in place of the calls in an expression.
void Binder::place_window_calls(Query& query, Expr*& expr, size_t width) {
  enter();
  if (expr->kind == ExprKind::kWindow) {
    size_t at = 0;
    while (!same_expression(query.window_calls[at], expr)) ++at;
    Expr* column = memory_.expr(ExprKind::kColumn, expr->type, expr->location);
    column->index = static_cast<int>(width + at);
    column->typmod = expr->typmod;
    expr = column;
  } else if (find_kind(expr, ExprKind::kWindow) != nullptr) {
    expr = &memory_.exprs.emplace_back(*expr);  // others may use the same expression
    for (Expr*& argument : expr->arguments) place_window_calls(query, argument, width);
  }
  leave();
}

}  // namespace isolde::sql
