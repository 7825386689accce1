#include "sql/deparse/writer.hpp"

// Functions that were called by a syntax of their own.

namespace isolde::sql {

void Writer::trim(const Expr& expr, std::string_view side) {
  out_ += "TRIM(";
  out_ += side;
  if (expr.arguments.size() == 2) {
    out_ += ' ';
    write(*expr.arguments[1], false);
  }
  out_ += " FROM ";
  write(*expr.arguments[0], false);
  out_ += ')';
}

/// The field is a word.
void Writer::extract(const Expr& expr) {
  out_ += "EXTRACT(";
  out_ += expr.arguments[0]->value.as_bytes();
  out_ += " FROM ";
  write(*expr.arguments[1], false);
  out_ += ')';
}

/// False for a function that has none.
bool Writer::syntax_call(const Expr& expr) {
  std::string_view name = expr.function->name;
  const auto& args = expr.arguments;
  auto words = [&](std::string_view open, std::initializer_list<std::string_view> between) {
    out_ += open;
    write(*args[0], false);
    size_t i = 1;
    for (std::string_view word : between) {
      if (i >= args.size()) break;
      out_ += word;
      write(*args[i++], false);
    }
    out_ += ')';
  };
  if (name == "timezone") {
    out_ += '(';
    operand(*args[1], false, expr);
    out_ += " AT TIME ZONE ";
    operand(*args[0], false, expr);
    out_ += ')';
  } else if (name == "overlaps") {
    out_ += "((";
    list(std::span(args).first(2));
    out_ += ") OVERLAPS (";
    list(std::span(args).subspan(2));
    out_ += "))";
  } else if (name == "extract") {
    extract(expr);
  } else if (name == "is_normalized") {
    out_ += '(';
    operand(*args[0], false, expr);
    out_ += " IS ";
    bool named = args.size() == 2 && args[1]->form != CallForm::kImplicitCast;
    if (named) {
      out_ += args[1]->value.as_bytes();
      out_ += ' ';
    }
    out_ += "NORMALIZED)";
  } else if (name == "overlay") {
    words("OVERLAY(", {" PLACING ", " FROM ", " FOR "});
  } else if (name == "position") {
    out_ += "POSITION((";
    write(*args[1], false);
    out_ += ") IN (";
    write(*args[0], false);
    out_ += "))";
  } else if (name == "substring") {
    bool pattern = args[1]->type->category == 'S';
    if (pattern && args.size() == 2) return false;
    bool similar = pattern;
    words("SUBSTRING(", {similar ? " SIMILAR " : " FROM ", similar ? " ESCAPE " : " FOR "});
  } else if (name == "btrim" || name == "ltrim" || name == "rtrim") {
    trim(expr, name == "btrim" ? "BOTH" : name == "ltrim" ? "LEADING" : "TRAILING");
  } else {
    return false;
  }
  return true;
}

}  // namespace isolde::sql
