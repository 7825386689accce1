#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/thread_task.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/functions/overload.hpp"
#include "sql/types/array.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

/// Evaluates small expressions by the registries alone: literals, casts, calls and operators,
/// without precedence (nested operators need brackets). Set-returning calls and aggregates stand
/// only at the top.
///
///   substring('abc', 2)::varchar(1)      (1 + 2) * 3.5       agg sum(int4): 1 2 null
class ExpressionReader {
 public:
  explicit ExpressionReader(OutputStyle style = {}) : style_(style) {}

  /// The text of the result, rows joined by " ; ", or "! SQLSTATE message [| detail] [| hint]".
  std::string evaluate(std::string_view text) {
    arena_.reset();
    text_ = text;
    at_ = 0;
    rows_.clear();
    try {
      if (text_.starts_with("agg ")) return aggregate();
      Value value = expression();
      if (!rows_.empty() || was_set_) return join_rows();
      return show(value);
    } catch (const base::SqlException& e) {
      const auto& f = e.error().fields();
      std::string out = "! " + std::string(f.state.code()) + " " + f.message;
      if (!f.detail.empty()) out += " | DETAIL: " + f.detail;
      if (!f.hint.empty()) out += " | HINT: " + f.hint;
      return out;
    }
  }

 private:
  struct Value {
    Datum datum;
    const Type* type;
  };

  // --- reading

  void skip() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  bool take(std::string_view word) {
    skip();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  char peek() {
    skip();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  std::string identifier() {
    skip();
    size_t begin = at_;
    if (peek() == '"') {
      size_t end = text_.find('"', at_ + 1);
      at_ = end + 1;
      return std::string(text_.substr(begin + 1, end - begin - 1));
    }
    while (at_ < text_.size() &&
           (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '_'))
      ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }
  std::string string_literal() {
    std::string out;
    ++at_;
    while (at_ < text_.size()) {
      if (text_[at_] == '\'') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '\'') break;
        ++at_;
      }
      out += text_[at_++];
    }
    ++at_;
    return out;
  }
  std::string operator_name() {
    skip();
    size_t begin = at_;
    constexpr std::string_view kSymbols = "+-*/<>=~!@#%^&|`?";
    while (at_ < text_.size() && kSymbols.find(text_[at_]) != std::string_view::npos) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  Value expression() {
    Value left = unary();
    while (true) {
      size_t before = at_;
      std::string op = operator_name();
      if (op.empty()) {
        at_ = before;
        return left;
      }
      left = apply(op, left, unary());
    }
  }

  Value unary() {
    size_t before = at_;
    std::string op = operator_name();
    if (op.empty()) {
      at_ = before;
      return postfix();
    }
    if (op == "-" && is_digit(peek())) return postfix(true);
    Value operand = unary();
    return apply(op, {Datum::null(), nullptr}, operand);
  }

  Value postfix(bool negative = false) {
    Value value = primary(negative);
    while (take("::")) value = cast_to_type_name(value);
    return value;
  }

  Value primary(bool negative) {
    char c = peek();
    if (c == '\'') return {arena_.bytes(string_literal()), &type_of(types::kUnknown)};
    if (is_digit(c) || c == '.') return number(negative);
    if (c == '(') {
      ++at_;
      Value value = expression();
      take(")");
      return value;
    }
    std::string name = identifier();
    if (name == "NULL" || name == "null") return {Datum::null(), &type_of(types::kUnknown)};
    if (name == "true" || name == "false") {
      return {Datum::of_bool(name == "true"), &type_of(types::kBool)};
    }
    if (peek() == '\'') {
      const Type* type = find_type(name);
      std::string text = string_literal();
      return {type->from_text(text, -1, arena_, style_), type};
    }
    return call(name);
  }

  Value number(bool negative) {
    size_t begin = at_;
    auto numeric_char = [&](char d) {
      bool exponent_sign = (d == '-' || d == '+') && to_lower(text_[at_ - 1]) == 'e';
      return is_digit(d) || d == '.' || to_lower(d) == 'e' || exponent_sign;
    };
    while (at_ < text_.size() && numeric_char(text_[at_])) ++at_;
    std::string digits = (negative ? "-" : "") + std::string(text_.substr(begin, at_ - begin));
    bool whole = digits.find_first_of(".eE") == std::string::npos;
    base::Oid oid = !whole || digits.size() > 19 ? types::kNumeric
                    : std::stoll(digits) != static_cast<int32_t>(std::stoll(digits)) ? types::kInt8
                                                                                     : types::kInt4;
    return {type_of(oid).from_text(digits, -1, arena_, style_), &type_of(oid)};
  }

  Value cast_to_type_name(const Value& value) {
    bool quoted = peek() == '"';
    std::string name = identifier();
    std::vector<int32_t> modifiers;
    if (take("(")) {
      do {
        bool negative = take("-");
        int32_t n = std::stoi(identifier());
        modifiers.push_back(negative ? -n : n);
      } while (take(","));
      take(")");
    }
    const Type* type = quoted ? find_type(name) : find_type_by_sql_name(name);
    if (name == "interval" && !modifiers.empty()) modifiers.insert(modifiers.begin(), 0x7fff);
    if (name == "char" && !quoted && modifiers.empty()) modifiers.push_back(1);
    if (take("[]")) type = find_type(type->array_type);
    int32_t typmod = modifiers.empty() ? -1 : typmod_from_modifiers(*type, modifiers);
    return cast(value, *type, typmod, CastContext::kExplicit);
  }

  // --- doing

  Value cast(Value value, const Type& type, int32_t typmod, CastContext context) {
    if (value.type->oid == types::kUnknown) {
      if (value.datum.is_null()) return {value.datum, &type};
      std::string text(value.datum.as_bytes());
      value = {type.from_text(text, -1, arena_, style_), &type};
    }
    Datum datum = coerce(value.datum, *value.type, type, typmod, context);
    if (typmod >= 0 && !datum.is_null()) datum = fit(datum, type, typmod);
    return {datum, &type};
  }

  Datum fit(Datum datum, const Type& type, int32_t typmod) {
    if (type.is_array()) return fit_elements(datum, type, typmod);
    const Function* function = find_length_coercion(type.oid);
    if (function == nullptr) return datum;
    Datum args[3] = {datum, Datum::of_int(typmod), Datum::of_bool(true)};
    return function->scalar(context_, args);
  }

  Datum fit_elements(Datum datum, const Type& type, int32_t typmod) {
    ArrayView array(datum);
    std::vector<Datum> elements;
    for (int32_t i = 0; i < array.size(); ++i) {
      elements.push_back(fit(array[i], type_of(type.element_type), typmod));
    }
    return make_array(type_of(type.element_type), elements, arena_);
  }

  Datum coerce(Datum datum, const Type& from, const Type& to, int32_t typmod, CastContext context) {
    if (to.oid == types::kAny || from.oid == to.oid || is_polymorphic(to.oid)) return datum;
    Coercion way = find_coercion(from.oid, to.oid, context);
    switch (way.path) {
      case Coercion::Path::kNone:
        throw base::SqlException(
            base::Error(base::sqlstate::kCannotCoerce,
                        "cannot cast type " + format_type(from) + " to " + format_type(to)));
      case Coercion::Path::kRelabel:
        return datum;
      case Coercion::Path::kFunction: {
        if (datum.is_null()) return datum;
        Datum args[3] = {datum, Datum::of_int(typmod), Datum::of_bool(true)};
        const Type* from_type = &from;
        CallSite site{{&from_type, 1}, &to, typmod};
        context_.site = &site;
        return way.function->scalar(context_, args);
      }
      case Coercion::Path::kArrayElement:
        return coerce_array(datum, from, to, typmod, context);
      case Coercion::Path::kInOut: {
        if (datum.is_null()) return datum;
        std::string text;
        from.to_text(datum, text, style_);
        return to.from_text(text, -1, arena_, style_);
      }
    }
    return datum;
  }

  Datum coerce_array(Datum datum, const Type& from, const Type& to, int32_t typmod,
                     CastContext context) {
    if (datum.is_null()) return datum;
    ArrayView array(datum);
    const Type& to_element = type_of(to.element_type);
    std::vector<Datum> elements;
    for (int32_t i = 0; i < array.size(); ++i) {
      elements.push_back(coerce(array[i], type_of(from.element_type), to_element, typmod, context));
    }
    std::vector<ArrayDimension> dimensions;
    for (int i = 0; i < array.dimensions(); ++i) dimensions.push_back(array.dimension(i));
    return make_array(to_element, elements, dimensions, arena_);
  }

  Value apply(const std::string& op, Value left, Value right) {
    base::Oid left_oid = left.type == nullptr ? base::Oid() : left.type->oid;
    ResolvedOperator resolved = resolve_operator(op, left_oid, right.type->oid);
    std::vector<Value> args;
    if (left.type != nullptr) {
      args.push_back(cast(left, type_of(resolved.left), -1, CastContext::kImplicit));
    }
    args.push_back(cast(right, type_of(resolved.right), -1, CastContext::kImplicit));
    return invoke(*resolved.op->function, args, type_of(resolved.result_type));
  }

  Value invoke(const Function& function, const std::vector<Value>& args, const Type& result) {
    std::vector<const Type*> arg_types;
    std::vector<Datum> datums;
    bool any_null = false;
    for (const Value& value : args) {
      arg_types.push_back(value.type);
      datums.push_back(value.datum);
      any_null |= value.datum.is_null();
    }
    if (any_null && function.strict) {
      was_set_ |= function.returns_set;
      return {Datum::null(), &result};
    }
    CallSite site{arg_types, &result, -1, variadic_any_};
    variadic_any_ = false;
    context_.site = &site;
    if (function.returns_set) return collect(function, datums, result);
    return {function.scalar(context_, datums.data()), &result};
  }

  Value collect(const Function& function, const std::vector<Datum>& args, const Type& result) {
    was_set_ = true;
    auto rows = function.set(context_, args.data());
    std::vector<Datum> columns(std::max<size_t>(1, function.out_columns.size()));
    while (rows->next(context_, columns.data())) {
      std::string row;
      for (size_t i = 0; i < columns.size(); ++i) {
        const Type& type =
            function.out_columns.empty() ? result : type_of(function.out_columns[i].type);
        if (i > 0) row += ",";
        row += show({columns[i], &type});
      }
      rows_.push_back(row);
    }
    return {Datum::null(), &result};
  }

  Value call(const std::string& name) {
    std::vector<Value> args;
    bool variadic = false;
    take("(");
    if (!take(")")) {
      do {
        variadic |= take("VARIADIC ");
        args.push_back(expression());
      } while (take(","));
      take(")");
    }
    std::vector<base::Oid> oids;
    for (const Value& value : args) oids.push_back(value.type->oid);
    auto& registry = FunctionRegistry::instance();
    ResolvedFunction resolved = resolve_function(registry.functions(name), {name, oids, variadic});
    if (resolved.cast_to.value != 0) {
      return cast(args[0], type_of(resolved.cast_to), -1, CastContext::kExplicit);
    }
    for (size_t i = 0; i < args.size(); ++i) {
      const Type& to = type_of(resolved.argument_types[i]);
      if (to.oid != types::kAny) args[i] = cast(args[i], to, -1, CastContext::kImplicit);
    }
    variadic_any_ = variadic && resolved.function->variadic_element == types::kAny;
    if (resolved.gather) gather(args, resolved.gather_from);
    const auto& defaults = resolved.function->defaults;
    for (size_t i = defaults.size() - resolved.defaults_used; i < defaults.size(); ++i) {
      args.push_back({defaults[i], &type_of(resolved.function->argument_types[args.size()])});
    }
    return invoke(*resolved.function, args, type_of(resolved.result_type));
  }

  void gather(std::vector<Value>& args, size_t from) {
    const Type& element = *args[from].type;
    std::vector<Datum> elements;
    for (size_t i = from; i < args.size(); ++i) elements.push_back(args[i].datum);
    args.resize(from);
    args.push_back({make_array(element, elements, arena_), &type_of(element.array_type)});
  }

  /// agg name(type, type): a/b c/d ...
  std::string aggregate() {
    at_ = 4;
    std::string name = identifier();
    std::vector<base::Oid> oids;
    take("(");
    while (!take(")")) {
      const Type* type = find_type_by_sql_name(identifier());
      if (take("[]")) type = find_type(type->array_type);
      oids.push_back(type->oid);
      take(",");
    }
    take(":");
    auto& registry = FunctionRegistry::instance();
    ResolvedFunction resolved = resolve_function(registry.functions(name), {name, oids, false});
    const Function& function = *resolved.function;
    std::vector<const Type*> arg_types;
    for (base::Oid oid : oids) arg_types.push_back(&type_of(oid));
    CallSite site{arg_types, &type_of(resolved.result_type), -1};
    context_.site = &site;
    std::vector<uint64_t> state(function.aggregate->state_size / 8 + 1);
    char* memory = reinterpret_cast<char*>(state.data());
    function.aggregate->init(context_, memory);
    while (peek() != '\0') step(function, oids, memory);
    context_.site = &site;
    return show({function.aggregate->final(context_, memory), site.result_type});
  }

  void step(const Function& function, const std::vector<base::Oid>& oids, char* state) {
    std::vector<Datum> row;
    size_t end = std::min(text_.find(' ', at_), text_.size());
    std::string_view fields = text_.substr(at_, end - at_);
    at_ = end;
    bool any_null = false;
    for (base::Oid oid : oids) {
      size_t slash = std::min(fields.find('/'), fields.size());
      std::string_view field = fields.substr(0, slash);
      fields.remove_prefix(std::min(slash + 1, fields.size()));
      row.push_back(field == "null" ? Datum::null()
                                    : type_of(oid).from_text(field, -1, arena_, style_));
      any_null |= row.back().is_null();
    }
    if (!any_null || !function.strict) function.aggregate->step(context_, state, row.data());
  }

  std::string show(const Value& value) {
    if (value.datum.is_null()) return "<NULL>";
    std::string out;
    value.type->to_text(value.datum, out, style_);
    return out;
  }
  std::string join_rows() {
    std::string out;
    for (size_t i = 0; i < rows_.size(); ++i) out += (i > 0 ? " ; " : "") + rows_[i];
    was_set_ = false;
    return out;
  }

  OutputStyle style_;
  Arena arena_;
  base::ThreadTask task_;
  CallContext context_{arena_, task_, style_};
  std::string_view text_;
  size_t at_ = 0;
  std::vector<std::string> rows_;
  bool was_set_ = false;
  bool variadic_any_ = false;
};

}  // namespace isolde::sql
