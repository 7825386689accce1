#include "sql/binder/table_names.hpp"
#include "sql/functions/keywords.hpp"
#include "sql/session/session_services.hpp"
#include "sql/views/catalog_names.hpp"
#include "sql/views/definitions.hpp"

// CREATE FUNCTION, and the parts of it that psql shows.

namespace isolde::sql {

namespace {

/// A procedure says of its arguments that they are IN: OUT ones are arguments, too.
std::string_view mode_word(char mode, bool procedure) {
  switch (mode) {
    case 'i':
      return procedure ? "IN " : "";
    case 'o':
      return "OUT ";
    case 'b':
      return "INOUT ";
    case 'v':
      return "VARIADIC ";
    default:
      return "";
  }
}

/// All arguments, with OUT columns and those of RETURNS TABLE.
const std::vector<Oid>& all_types(const FunctionObject& f) {
  return f.all_argument_types.empty() ? f.argument_types : f.all_argument_types;
}

char mode_of(const FunctionObject& f, size_t i) {
  if (i < f.argument_modes.size()) return f.argument_modes[i];
  return f.variadic != Oid{} && i + 1 == f.argument_types.size() ? 'v' : 'i';
}

std::string one_argument(const TableNames& names, const FunctionObject& f, size_t i) {
  std::string text(mode_word(mode_of(f, i), f.procedure));
  if (i < f.argument_names.size() && !f.argument_names[i].empty()) {
    text += quoted_identifier(f.argument_names[i]) + " ";
  }
  return text + type_text(names, all_types(f)[i]);
}

}  // namespace

std::string function_argument_default(SessionServices& services, const FunctionObject& f,
                                      int64_t number) {
  const std::vector<Oid>& types = all_types(f);
  if (number < 1 || number > static_cast<int64_t>(types.size())) return "";
  const auto wanted = static_cast<size_t>(number - 1);
  auto is_input = [&](size_t i) { return mode_of(f, i) != 'o' && mode_of(f, i) != 't'; };
  if (!is_input(wanted)) return "";
  size_t input = 0;
  for (size_t i = 0; i < wanted; ++i) input += is_input(i) ? 1 : 0;
  const size_t without_default = f.argument_types.size() - f.argument_defaults.size();
  if (input < without_default) return "";
  return argument_default(services, f.argument_defaults[input - without_default], types[wanted]);
}

std::string function_arguments(SessionServices& services, const FunctionObject& f, bool identity) {
  const TableNames& names = services.table_names();
  std::string text;
  size_t input = 0;
  const size_t without_default = f.argument_types.size() - f.argument_defaults.size();
  for (size_t i = 0; i < all_types(f).size(); ++i) {
    const char mode = mode_of(f, i);
    const bool is_input = mode != 'o' && mode != 't';
    const size_t number = is_input ? input++ : 0;
    if (mode == 't') continue;
    if (!text.empty()) text += ", ";
    text += one_argument(names, f, i);
    if (!identity && is_input && number >= without_default) {
      text +=
          " DEFAULT " + argument_default(services, f.argument_defaults[number - without_default],
                                         f.argument_types[number]);
    }
  }
  return text;
}

std::string function_result(SessionServices& services, const FunctionObject& f) {
  const TableNames& names = services.table_names();
  std::string table;
  for (size_t i = 0; i < all_types(f).size(); ++i) {
    if (mode_of(f, i) != 't') continue;
    if (!table.empty()) table += ", ";
    table += one_argument(names, f, i);
  }
  if (!table.empty()) return "TABLE(" + table + ")";
  return (f.returns_set ? "SETOF " : "") + type_text(names, f.result_type);
}

namespace {

std::string_view volatility_word(char volatility) {
  return volatility == 'i' ? " IMMUTABLE" : volatility == 's' ? " STABLE" : "";
}

std::string_view parallel_word(char parallel) {
  return parallel == 's' ? " PARALLEL SAFE" : parallel == 'r' ? " PARALLEL RESTRICTED" : "";
}

}  // namespace

std::string function_definition(SessionServices& services, const FunctionObject& f) {
  const TableNames& names = services.table_names();
  const std::string_view kind = f.procedure ? "PROCEDURE" : "FUNCTION";
  std::string text = "CREATE OR REPLACE " + std::string(kind) + " " +
                     qualified_name(*names.image, f) + "(" +
                     function_arguments(services, f, false) + ")\n";
  if (!f.procedure) text += " RETURNS " + function_result(services, f) + "\n";
  text += " LANGUAGE " + quoted_identifier(f.language) + "\n";
  std::string properties;
  properties += volatility_word(f.volatility);
  properties += parallel_word(f.parallel);
  if (f.strict) properties += " STRICT";
  if (f.security_definer) properties += " SECURITY DEFINER";
  if (!properties.empty()) text += properties + "\n";
  const std::string_view quote = f.procedure ? "$procedure$" : "$function$";
  return text + "AS " + std::string(quote) + f.body + std::string(quote) + "\n";
}

}  // namespace isolde::sql
