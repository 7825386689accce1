#include "sql/functions/signature.hpp"

#include <string>

#include "base/check.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

base::Oid type_named(std::string_view name) {
  bool array = name.ends_with("[]");
  std::string stored =
      array ? "_" + std::string(name.substr(0, name.size() - 2)) : std::string(name);
  const Type* type = find_type(stored);
  ISOLDE_CHECK(type != nullptr, stored.c_str());
  return type->oid;
}

/// Cuts the front of the text up to a separator.
std::string_view cut(std::string_view& text, std::string_view separator) {
  size_t at = text.find(separator);
  std::string_view front = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + separator.size());
  return trim_blanks(front);
}

bool skip_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text = trim_blanks(text.substr(word.size()));
  return true;
}

base::Oid element_of_variadic(base::Oid type) {
  return type == types::kAny                  ? types::kAny
         : type == types::kAnyArray           ? types::kAnyElement
         : type == types::kAnyCompatibleArray ? types::kAnyCompatible
                                              : type_of(type).element_type;
}

void add_default(Function& function, std::string_view value, const Type& type, Arena& arena) {
  ++function.default_count;
  function.defaults.push_back(value == "null" ? Datum::null()
                                              : type.from_text(value, -1, arena, OutputStyle{}));
}

void add_argument(Function& function, std::string_view argument, Arena& defaults) {
  bool out = skip_word(argument, "out ");
  bool variadic = skip_word(argument, "variadic ");
  std::string_view rest = argument;
  std::string_view declared = cut(rest, " = ");
  size_t space = declared.rfind(' ');
  std::string_view name = space == std::string_view::npos ? "" : declared.substr(0, space);
  base::Oid type =
      type_named(space == std::string_view::npos ? declared : declared.substr(space + 1));
  if (out) {
    function.out_columns.push_back({name, type});
    return;
  }
  function.argument_types.push_back(type);
  function.argument_names.push_back(name);
  if (variadic) function.variadic_element = element_of_variadic(type);
  if (argument.find(" = ") != std::string_view::npos) {
    add_default(function, rest, type_of(type), defaults);
  }
}

}  // namespace

Function parse_signature(std::string_view text, Arena& defaults) {
  Function function;
  function.name = cut(text, "(");
  size_t close = text.rfind(')');
  std::string_view arguments = text.substr(0, close);
  std::string_view result = trim_blanks(text.substr(close + 1));
  while (!arguments.empty()) add_argument(function, cut(arguments, ","), defaults);
  function.returns_set = skip_word(result, "setof ");
  function.result_type = type_named(result);
  return function;
}

OperatorSignature parse_operator(std::string_view text) {
  std::string_view first = cut(text, " ");
  std::string_view second = cut(text, " ");
  if (text.empty()) return {base::Oid(), first, type_named(second)};
  return {type_named(first), second, type_named(trim_blanks(text))};
}

}  // namespace isolde::sql
