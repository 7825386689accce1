#include <algorithm>
#include <unordered_map>
#include <utility>

#include "sql/deparse/writer.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/functions/keywords.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

/// By function: those of one function have one name, but for binary and prefix ones.
std::string_view find_operator(const Function* function, size_t operands) {
  using Names = std::unordered_map<const Function*, std::string_view>;
  static const auto kNames = [] {
    std::pair<Names, Names> names;
    for (const Operator& op : FunctionRegistry::instance().all_operators()) {
      (op.left.value == 0 ? names.first : names.second).emplace(op.function, op.name);
    }
    return names;
  }();
  const Names& names = operands == 1 ? kNames.first : kNames.second;
  auto at = names.find(function);
  return at == names.end() ? std::string_view() : at->second;
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

bool looks_like_number(std::string_view text) {
  return !text.empty() && is_digit(text[0]) && text.find_first_of("eE.") != std::string_view::npos;
}

bool is_cast_form(CallForm form) {
  return form == CallForm::kExplicitCast || form == CallForm::kImplicitCast;
}

}  // namespace

void Writer::refuse(std::string_view what) {
  throw base::SqlException(base::Error(base::sqlstate::kFeatureNotSupported,
                                       std::string(what) + " cannot be written back as SQL"));
}

std::string_view operator_name(const Expr& call) {
  bool written = call.kind == ExprKind::kCall && call.form == CallForm::kOperator;
  return written ? find_operator(call.function, call.arguments.size()) : std::string_view();
}

bool is_relabelling(const Expr& expr) {
  return expr.kind == ExprKind::kCoalesce && expr.arguments.size() == 1 && is_cast_form(expr.form);
}

const Expr* cast_argument(const Expr& expr) {
  bool cast = expr.kind == ExprKind::kViaText || expr.kind == ExprKind::kEachElement ||
              is_relabelling(expr) || (expr.kind == ExprKind::kCall && is_cast_form(expr.form));
  return cast ? expr.arguments[0] : nullptr;
}

const Expr& Writer::meant(const Expr& expr) const {
  if (expr.kind == ExprKind::kLetValue) return meant(*lets_.at(expr.index));
  if (expr.kind == ExprKind::kColumn && frame_->grouped != nullptr) {
    const Query& query = *frame_->grouped;
    auto index = static_cast<size_t>(expr.index);
    size_t keys = query.group_by.size();
    return index < keys ? *query.group_by[index] : *query.aggregates[index - keys];
  }
  return expr;
}

void Writer::operand(const Expr& expr, bool show_implicit, const Expr& parent) {
  bool brackets = needs_brackets(meant(expr), parent);
  if (brackets) out_ += '(';
  write(expr, show_implicit);
  if (brackets) out_ += ')';
}

void Writer::list(std::span<Expr* const> exprs) {
  for (size_t i = 0; i < exprs.size(); ++i) {
    if (i > 0) out_ += ", ";
    write(*exprs[i], true);
  }
}

void Writer::write(const Expr& expr, bool show_implicit) {
  if (const Expr* argument = cast_argument(expr)) return cast(*argument, expr, show_implicit);
  switch (expr.kind) {
    case ExprKind::kConst:
      return constant(expr, true);
    case ExprKind::kParameter:
      out_ += "$" + std::to_string(expr.index + 1);
      return;
    case ExprKind::kColumn: {
      const Expr& inside = meant(expr);
      if (&inside == &expr) return column(expr, frame_->columns->column(expr.index), show_implicit);
      const Frame* here = std::exchange(frame_, frame_->rows);
      write(inside, show_implicit);
      frame_ = here;
      return;
    }
    case ExprKind::kOuterValue:
      return outer_value(expr, show_implicit);
    case ExprKind::kCall:
      return call(expr, show_implicit);
    case ExprKind::kAggregate:
    case ExprKind::kWindow:
    case ExprKind::kSetCall:
      return function_call(expr);
    case ExprKind::kAnd:
    case ExprKind::kOr:
      return boolean(expr);
    case ExprKind::kNot:
      return negation(expr);
    case ExprKind::kCase:
      return case_expression(expr);
    case ExprKind::kCoalesce:
    case ExprKind::kGreatest:
    case ExprKind::kLeast:
      out_ += expr.kind == ExprKind::kCoalesce   ? "COALESCE("
              : expr.kind == ExprKind::kGreatest ? "GREATEST("
                                                 : "LEAST(";
      list(expr.arguments);
      out_ += ')';
      return;
    case ExprKind::kNullIf:
      out_ += "NULLIF(";
      list(std::span(expr.arguments).subspan(1));
      out_ += ')';
      return;
    case ExprKind::kIsNull:
      return test(expr, expr.index == 0 ? " IS NULL" : " IS NOT NULL");
    case ExprKind::kIsTrue:
      return test(expr, expr.index == 1   ? " IS TRUE"
                        : expr.index == 0 ? " IS FALSE"
                                          : " IS UNKNOWN");
    case ExprKind::kDistinct:
      open();
      operand(*expr.arguments[0], true, expr);
      out_ += " IS DISTINCT FROM ";
      operand(*expr.arguments[1], true, expr);
      close();
      return;
    case ExprKind::kArray:
      out_ += "ARRAY[";
      list(expr.arguments);
      out_ += ']';
      if (expr.arguments.empty()) out_ += "::" + format_type(*expr.type);
      return;
    case ExprKind::kRow:
      out_ += "ROW(";
      list(expr.arguments);
      out_ += ')';
      return;
    case ExprKind::kAnyArray:
    case ExprKind::kAllArray:
      return quantified_array(expr);
    case ExprKind::kSubscript:
      return subscripts(expr);
    case ExprKind::kSubquery:
      return subquery(expr);
    case ExprKind::kLet:
      return let(expr, show_implicit);
    case ExprKind::kLetValue:
      return write(meant(expr), show_implicit);
    case ExprKind::kViaText:
    case ExprKind::kEachElement:
      return;  // casts, above
    default:
      refuse("this expression");
  }
}

/// The type shows unless the literal alone would be read as one of it.
void Writer::constant(const Expr& expr, bool with_type) {
  auto label = [&] { out_ += "::" + format_type(*expr.type, expr.typmod); };
  bool unlabelled = expr.type->oid == types::kUnknown || expr.type->oid == types::kBool;
  if (expr.value.is_null()) {
    out_ += "NULL";
    if (with_type && expr.type->oid != types::kUnknown) label();
    return;
  }
  std::string text;
  expr.type->to_text(expr.value, text, options_.style);
  if (expr.type->oid == types::kBool) {
    out_ += expr.value.as_bool() ? "true" : "false";
  } else if (expr.type->oid == types::kInt4 && expr.value.as_int() >= 0) {
    out_ += text;
    unlabelled = true;
  } else if (expr.type->oid == types::kNumeric && looks_like_number(text)) {
    out_ += text;
    unlabelled = expr.typmod < 0;
  } else {
    out_ += quoted(text);
  }
  if (with_type && !unlabelled) label();
}

/// One that is used as another type of the same bytes was cast.
void Writer::column(const Expr& expr, const ColumnName& name, bool show_implicit) {
  bool written = show_implicit || expr.form == CallForm::kExplicitCast;
  bool cast = name.type != nullptr && name.type != expr.type && written;
  if (cast) open();
  out_ += name.text;
  if (cast) close();
  if (cast) out_ += "::" + format_type(*expr.type, expr.typmod);
}

/// Written as the query around it would.
void Writer::outer_value(const Expr& expr, bool show_implicit) {
  const Frame* here = frame_;
  for (const Frame* frame = frame_; frame != nullptr; frame = frame->parent) {
    for (const auto& [slot, value] : frame->passed) {
      if (slot != expr.index) continue;
      frame_ = frame->parent;
      bool written = show_implicit || expr.form == CallForm::kExplicitCast;
      bool cast = value->type != expr.type && written;
      if (cast) open();
      write(*value, show_implicit);
      if (cast) close();
      if (cast) out_ += "::" + format_type(*expr.type, expr.typmod);
      frame_ = here;
      return;
    }
  }
  out_ += "$" + std::to_string(expr.index);  // of a plan, where nobody knows what was handed down
}

void Writer::call(const Expr& expr, bool) {
  if (expr.form == CallForm::kValue) {
    out_ += expr.literal;
  } else if (!operator_name(expr).empty()) {
    operator_call(expr);
  } else if (expr.form != CallForm::kSyntax || !syntax_call(expr)) {
    function_call(expr);
  }
}

void Writer::operator_call(const Expr& expr) {
  open();
  if (expr.arguments.size() == 2) {
    operand(*expr.arguments[0], true, expr);
    out_ += ' ';
  }
  out_ += operator_name(expr);
  out_ += ' ';
  operand(*expr.arguments.back(), true, expr);
  close();
}

void Writer::cast(const Expr& argument, const Expr& expr, bool show_implicit) {
  if (expr.form == CallForm::kImplicitCast && !show_implicit) {
    return operand(argument, false, expr);
  }
  // A literal under a length function shows its type once.
  if (argument.kind == ExprKind::kConst && argument.type == expr.type && argument.typmod < 0) {
    constant(argument, false);
  } else {
    open();
    operand(argument, false, expr);
    close();
  }
  out_ += "::" + format_type(*expr.type, expr.typmod);
}

void Writer::function_call(const Expr& expr) {
  const Function& function = *expr.function;
  out_ += quoted_identifier(function.name);
  out_ += '(';
  if (expr.distinct) out_ += "DISTINCT ";
  std::span<Expr* const> arguments = expr.arguments;
  // Defaults were added by the binder, at the place of the call.
  auto is_default = [&](const Expr& e) {
    return e.kind == ExprKind::kConst && e.form == CallForm::kImplicitCast &&
           e.location == expr.location;
  };
  while (!arguments.empty() && is_default(*arguments.back())) {
    arguments = arguments.first(arguments.size() - 1);
  }
  // Of an ordered set, the values that are sorted are the last arguments.
  if (function.ordered_set) arguments = arguments.first(arguments.size() - expr.order.size());
  bool aggregate = function.kind == FunctionKind::kAggregate && !function.ordered_set;
  if (aggregate && arguments.empty()) out_ += '*';
  bool gathered = function.variadic_element.value != 0 && function.variadic_element != types::kAny;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (i > 0) out_ += ", ";
    if ((gathered || expr.variadic_array) && i + 1 == arguments.size()) out_ += "VARIADIC ";
    write(*arguments[i], true);
  }
  if (function.ordered_set) out_ += ") WITHIN GROUP (";
  for (size_t i = 0; i < expr.order.size(); ++i) {
    if (i == 0) out_ += function.ordered_set ? "ORDER BY " : " ORDER BY ";
    if (i > 0) out_ += ", ";
    const Expr::Order& order = expr.order[i];
    sort_value(*order.value);
    if (order.descending) out_ += order.nulls_first ? " DESC" : " DESC NULLS LAST";
    if (!order.descending && order.nulls_first) out_ += " NULLS FIRST";
  }
  out_ += ')';
  if (expr.filter != nullptr) {
    out_ += " FILTER (WHERE ";
    write(*expr.filter, false);
    out_ += ')';
  }
}

void Writer::boolean(const Expr& expr) {
  open();
  for (size_t i = 0; i < expr.arguments.size(); ++i) {
    if (i > 0) out_ += expr.kind == ExprKind::kAnd ? " AND " : " OR ";
    operand(*expr.arguments[i], false, expr);
  }
  close();
}

/// IS NOT TRUE and its kin are bound as a negated IS TRUE.
void Writer::negation(const Expr& expr) {
  const Expr& inside = *expr.arguments[0];
  if (inside.kind == ExprKind::kIsTrue && inside.location == expr.location) {
    return test(inside, inside.index == 1   ? " IS NOT TRUE"
                        : inside.index == 0 ? " IS NOT FALSE"
                                            : " IS NOT UNKNOWN");
  }
  open();
  out_ += "NOT ";
  operand(inside, false, expr);
  close();
}

void Writer::test(const Expr& expr, std::string_view words) {
  open();
  operand(*expr.arguments[0], expr.kind == ExprKind::kIsNull, expr);
  out_ += words;
  close();
}

void Writer::case_expression(const Expr& expr) {
  keyword("CASE", 0, 4, 0);
  bool simple = expr.index == 1;
  if (simple) {
    const Expr* tested = &meant(*expr.arguments[0]->arguments[0]);
    while (const Expr* inside = cast_argument(*tested)) {
      if (tested->form != CallForm::kImplicitCast) break;
      tested = &meant(*inside);
    }
    out_ += ' ';
    write(*tested, true);
  }
  for (size_t i = 0; i + 1 < expr.arguments.size(); i += 2) {
    keyword("WHEN ", 0, 0, 0);
    const Expr& condition = *expr.arguments[i];
    write(simple ? *condition.arguments.back() : condition, false);
    out_ += " THEN ";
    write(*expr.arguments[i + 1], true);
  }
  keyword("ELSE ", 0, 0, 0);
  write(*expr.arguments.back(), true);
  keyword("END", -4, 0, 0);
}

void Writer::quantified_array(const Expr& expr) {
  open();
  operand(*expr.arguments[0], true, expr);
  out_ += ' ';
  out_ += find_operator(expr.function, 2);
  out_ += expr.kind == ExprKind::kAnyArray ? " ANY (" : " ALL (";
  operand(*expr.arguments[1], true, expr);
  out_ += ')';
  close();
}

void Writer::subscripts(const Expr& expr) {
  const Expr& array = meant(*expr.arguments[0]);
  bool bare = array.kind == ExprKind::kColumn;
  if (!bare) out_ += '(';
  write(array, true);
  if (!bare) out_ += ')';
  for (size_t i = 1; i < expr.arguments.size(); ++i) {
    out_ += '[';
    write(*expr.arguments[i], false);
    out_ += ']';
  }
}

void Writer::let(const Expr& expr, bool show_implicit) {
  lets_[expr.index] = expr.arguments[0];
  write(*expr.arguments[1], show_implicit);
}

void Writer::drop_blanks() {
  while (!out_.empty() && out_.back() == ' ') out_.pop_back();
}

void Writer::keyword(std::string_view text, int before, int after, int plus) {
  constexpr int kDeepest = 40;
  indent_ += before;
  drop_blanks();
  out_ += '\n';
  int amount = std::max(indent_, 0);
  if (amount >= kDeepest) amount = (kDeepest + (amount - kDeepest) / 4) % kDeepest;
  out_.append(static_cast<size_t>(amount + plus), ' ');
  out_ += text;
  indent_ = std::max(indent_ + after, 0);
}

std::string deparse_expression(const Expr& expr, const ColumnNames& columns,
                               const DeparseOptions& options) {
  Writer writer(options, &columns, nullptr);
  writer.write(expr, false);
  return writer.take();
}

std::string deparse_check(const Expr& expr, const ColumnNames& columns,
                          const DeparseOptions& options) {
  return "CHECK (" + deparse_expression(expr, columns, options) + ")";
}

std::string deparse_index_expression(const Expr& expr, const ColumnNames& columns,
                                     const DeparseOptions& options) {
  std::string text = deparse_expression(expr, columns, options);
  bool call = expr.kind == ExprKind::kCoalesce || expr.kind == ExprKind::kGreatest ||
              expr.kind == ExprKind::kLeast || expr.kind == ExprKind::kNullIf ||
              (expr.kind == ExprKind::kCall &&
               (expr.form == CallForm::kPlain || expr.form == CallForm::kSyntax));
  return call && !is_relabelling(expr) ? text : "(" + text + ")";
}

}  // namespace isolde::sql
