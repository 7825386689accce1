#include "sql/views/catalog_names.hpp"

#include <algorithm>
#include <tuple>

#include "sql/binder/table_names.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/functions/keywords.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/type_functions.hpp"

namespace isolde::sql {

namespace {

[[noreturn]] void fail_syntax_of_name() {
  fail(base::sqlstate::kInvalidName, "invalid name syntax");
}

/// One part of a name off the front of the text.
std::string take_part(std::string_view& text) {
  std::string part;
  if (text.starts_with('"')) {
    size_t at = 1;
    for (;; ++at) {
      if (at >= text.size()) fail_syntax_of_name();
      if (text[at] != '"') {
        part += text[at];
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        part += text[++at];
      } else {
        break;
      }
    }
    text.remove_prefix(at + 1);
  } else {
    const size_t end = std::min(text.find_first_of(". \t\n\""), text.size());
    for (char c : text.substr(0, end)) part += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    text.remove_prefix(end);
  }
  if (part.empty()) fail_syntax_of_name();
  return part;
}

}  // namespace

std::vector<std::string> split_name(std::string_view text) {
  std::vector<std::string> parts;
  text = trim_blanks(text);
  for (;;) {
    parts.push_back(take_part(text));
    text = trim_blanks(text);
    if (text.empty()) return parts;
    if (!text.starts_with('.')) fail_syntax_of_name();
    text = trim_blanks(text.substr(1));
  }
}

std::string qualified_name(const CatalogImage& image, const CatalogObject& object) {
  ObjectPtr schema = image.find(ObjectKind::kNamespace, object.name_space);
  std::string name = quoted_identifier(object.name);
  return schema == nullptr ? name : quoted_identifier(schema->name) + "." + name;
}

std::string relation_name(const TableNames& names, const RelationObject& relation) {
  if (names.path.is_visible(*names.image, relation)) return quoted_identifier(relation.name);
  return qualified_name(*names.image, relation);
}

namespace {

std::string object_name(const TableNames& names, const CatalogObject& object) {
  if (names.path.is_visible(*names.image, object)) return quoted_identifier(object.name);
  return qualified_name(*names.image, object);
}

}  // namespace

std::string type_text(const TableNames& names, Oid oid, std::optional<int32_t> typmod) {
  if (const Type* type = find_type(oid)) return format_type(*type, typmod);
  ObjectPtr owner = names.image->owner_of_type(oid);
  if (owner == nullptr) return "???";
  const bool relation = owner->kind == ObjectKind::kRelation;
  const Oid array = relation ? static_cast<const RelationObject&>(*owner).row_array_type
                             : static_cast<const TypeObject&>(*owner).array_type;
  std::string name = object_name(names, *owner);
  return oid == array ? name + "[]" : name;
}

std::string argument_types_text(const TableNames& names, const std::vector<Oid>& types,
                                std::string_view separator) {
  std::string text;
  for (Oid type : types) {
    if (!text.empty()) text += separator;
    text += type_text(names, type);
  }
  return text;
}

std::optional<Oid> CatalogNames::schema(const TableNames& names,
                                        const std::vector<std::string>& parts) const {
  if (parts.size() != 1) fail_syntax_of_name();
  ObjectPtr found = names.image->find(ObjectKind::kNamespace, Oid{}, parts[0]);
  if (found == nullptr) return std::nullopt;
  return found->oid;
}

namespace {

/// An object of users in the schemas that a name means.
ObjectPtr find_object(const TableNames& names, ObjectKind kind,
                      const std::vector<std::string>& parts) {
  if (parts.size() > 2) return nullptr;
  if (parts.size() == 2) {
    return names.image->find(kind, names.path.schema(*names.image, parts[0]), parts[1]);
  }
  for (Oid schema : names.path.schemas) {
    if (ObjectPtr found = names.image->find(kind, schema, parts[0])) return found;
  }
  return nullptr;
}

bool is_in_system(const std::vector<std::string>& parts) {
  return parts.size() == 1 || (parts.size() == 2 && parts[0] == "pg_catalog");
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return made;
}

/// Without "(10,2)", of which nothing is asked here, and with single blanks.
std::string without_modifiers(std::string_view text) {
  std::string made;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') {
      i = std::min(text.find(')', i), text.size());
      continue;
    }
    if (is_blank(text[i]) && (made.empty() || made.back() == ' ')) continue;
    made += is_blank(text[i]) ? ' ' : text[i];
  }
  while (!made.empty() && made.back() == ' ') made.pop_back();
  return made;
}

}  // namespace

std::optional<Oid> CatalogNames::type(const TableNames& names, std::string_view text) const {
  std::string plain = without_modifiers(trim_blanks(text));
  bool array = false;
  while (plain.ends_with(']')) {
    array = true;
    plain.resize(plain.rfind('['));
    while (!plain.empty() && plain.back() == ' ') plain.pop_back();
  }
  const Type* found = find_type_by_sql_name(lower(plain));
  if (found == nullptr && plain.find(' ') == std::string::npos) {
    const std::vector<std::string> parts = split_name(plain);
    if (is_in_system(parts)) found = find_type(parts.back());
    if (found == nullptr) {
      if (ObjectPtr made = find_object(names, ObjectKind::kType, parts)) {
        return array ? static_cast<const TypeObject&>(*made).array_type : made->oid;
      }
      if (ObjectPtr row = find_object(names, ObjectKind::kRelation, parts)) {
        const auto& relation = static_cast<const RelationObject&>(*row);
        const Oid oid = array ? relation.row_array_type : relation.row_type;
        if (oid != Oid{}) return oid;
      }
    }
  }
  if (found == nullptr) return std::nullopt;
  return array ? found->array_type : found->oid;
}

namespace {

/// Those that read and write types: in pg_proc, though nobody can call them.
std::vector<Oid> internal_functions_named(std::string_view name) {
  std::vector<Oid> found;
  for (const InternalFunction& one : internal_functions()) {
    if (one.name == name) found.push_back(Oid{one.oid});
  }
  return found;
}

const InternalFunction* internal_function(Oid oid) {
  for (const InternalFunction& one : internal_functions()) {
    if (one.oid == oid.value) return &one;
  }
  return nullptr;
}

}  // namespace

std::optional<Oid> CatalogNames::function(const TableNames& names, std::string_view text) const {
  const std::vector<std::string> parts = split_name(text);
  std::vector<Oid> found;
  if (is_in_system(parts)) {
    for (const Function* one : FunctionRegistry::instance().functions(parts.back())) {
      found.push_back(one->oid);
    }
    if (found.empty()) found = internal_functions_named(parts.back());
  }
  for (Oid schema : names.path.schemas) {
    if (parts.size() == 2) schema = names.path.schema(*names.image, parts[0]);
    for (const ObjectPtr& one : names.image->named(ObjectKind::kFunction, schema, parts.back())) {
      found.push_back(one->oid);
    }
    if (parts.size() == 2) break;
  }
  if (found.empty()) return std::nullopt;
  if (found.size() > 1) {
    fail(base::sqlstate::kAmbiguousFunction,
         "more than one function named \"" + std::string(text) + "\"");
  }
  return found[0];
}

namespace {

/// "f(int, text)": the name and what stands in the brackets.
std::pair<std::string_view, std::vector<std::string>> split_signature(std::string_view text) {
  const size_t open = text.find('(');
  if (open == std::string_view::npos) {
    fail(base::sqlstate::kInvalidTextRepresentation, "expected a left parenthesis");
  }
  const size_t close = text.rfind(')');
  if (close == std::string_view::npos || close < open) {
    fail(base::sqlstate::kInvalidTextRepresentation, "expected a right parenthesis");
  }
  std::vector<std::string> arguments;
  std::string_view rest = trim_blanks(text.substr(open + 1, close - open - 1));
  while (!rest.empty()) {
    size_t comma = 0;
    for (int depth = 0; comma < rest.size() && (rest[comma] != ',' || depth > 0); ++comma) {
      depth += rest[comma] == '(' ? 1 : rest[comma] == ')' ? -1 : 0;
    }
    arguments.emplace_back(trim_blanks(rest.substr(0, comma)));
    rest = comma < rest.size() ? rest.substr(comma + 1) : std::string_view();
  }
  return {trim_blanks(text.substr(0, open)), arguments};
}

}  // namespace

std::optional<Oid> CatalogNames::function_with_arguments(const TableNames& names,
                                                         std::string_view text) const {
  auto [name, arguments] = split_signature(text);
  std::vector<Oid> types;
  for (const std::string& one : arguments) {
    auto found = type(names, one);
    if (!found) fail(base::sqlstate::kUndefinedObject, "type \"" + one + "\" does not exist");
    types.push_back(*found);
  }
  const std::vector<std::string> parts = split_name(name);
  if (is_in_system(parts)) {
    for (const Function* one : FunctionRegistry::instance().functions(parts.back())) {
      if (std::ranges::equal(one->argument_types, types)) return one->oid;
    }
    for (const InternalFunction& one : internal_functions()) {
      const auto count = static_cast<size_t>(one.argument_count);
      const bool same = one.name == parts.back() && count == types.size() &&
                        std::equal(types.begin(), types.end(), one.arguments.begin(),
                                   [](Oid a, uint32_t b) { return a.value == b; });
      if (same) return Oid{one.oid};
    }
  }
  for (Oid schema : names.path.schemas) {
    if (parts.size() == 2) schema = names.path.schema(*names.image, parts[0]);
    for (const ObjectPtr& one : names.image->named(ObjectKind::kFunction, schema, parts.back())) {
      if (static_cast<const FunctionObject&>(*one).argument_types == types) return one->oid;
    }
    if (parts.size() == 2) break;
  }
  return std::nullopt;
}

std::optional<Oid> CatalogNames::operator_named(const TableNames& names, std::string_view text,
                                                bool with_arguments) const {
  std::string_view symbol = trim_blanks(text);
  std::vector<std::string> arguments;
  if (with_arguments) std::tie(symbol, arguments) = split_signature(text);
  if (symbol.starts_with("pg_catalog.")) symbol.remove_prefix(11);
  std::vector<Oid> types;
  for (const std::string& one : arguments) {
    types.push_back(lower(one) == "none" ? Oid{} : type(names, one).value_or(Oid{}));
  }
  std::vector<Oid> found;
  for (const Operator* one : FunctionRegistry::instance().operators(symbol)) {
    if (!with_arguments) found.push_back(one->oid);
    if (types.size() == 2 && one->left == types[0] && one->right == types[1]) return one->oid;
  }
  if (found.empty()) return std::nullopt;
  if (found.size() > 1) {
    fail(base::sqlstate::kAmbiguousFunction, "more than one operator named " + std::string(symbol));
  }
  return found[0];
}

std::optional<Oid> CatalogNames::look_up(NamedKind kind, std::string_view text) const {
  const TableNames& names = services_.table_names();
  auto number = [](const ObjectPtr& found) -> std::optional<Oid> {
    if (found == nullptr) return std::nullopt;
    return found->oid;
  };
  switch (kind) {
    case NamedKind::kClass:
      return number(find_object(names, ObjectKind::kRelation, split_name(text)));
    case NamedKind::kType:
      return type(names, text);
    case NamedKind::kFunction:
      return function(names, text);
    case NamedKind::kFunctionSignature:
      return function_with_arguments(names, text);
    case NamedKind::kOperator:
      return operator_named(names, text, false);
    case NamedKind::kOperatorSignature:
      return operator_named(names, text, true);
    case NamedKind::kNamespace:
      return schema(names, split_name(text));
    case NamedKind::kRole:
      return number(names.image->find(ObjectKind::kRole, Oid{}, split_name(text).back()));
    case NamedKind::kCollation: {
      const std::string last = split_name(text).back();
      if (last == "default") return Oid{100};
      if (last == "C") return Oid{950};
      if (last == "POSIX") return Oid{951};
      return std::nullopt;
    }
  }
  return std::nullopt;
}

namespace {

std::string function_text(const TableNames& names, Oid oid, bool with_arguments) {
  std::string name;
  std::vector<Oid> types;
  if (const Function* builtin = FunctionRegistry::instance().function(oid)) {
    name = quoted_identifier(builtin->name);
    types.assign(builtin->argument_types.begin(), builtin->argument_types.end());
  } else if (ObjectPtr made = names.image->find(ObjectKind::kFunction, oid)) {
    name = object_name(names, *made);
    types = static_cast<const FunctionObject&>(*made).argument_types;
  } else if (const InternalFunction* internal = internal_function(oid)) {
    name = internal->name;
    for (int i = 0; i < internal->argument_count; ++i) {
      types.emplace_back(internal->arguments[static_cast<size_t>(i)]);
    }
  } else {
    return "";
  }
  return with_arguments ? name + "(" + argument_types_text(names, types, ",") + ")" : name;
}

std::string operator_text(const TableNames& names, Oid oid, bool with_arguments) {
  const Operator* found = FunctionRegistry::instance().operator_by_oid(oid);
  if (found == nullptr) return "";
  std::string name(found->name);
  if (!with_arguments) return name;
  auto side = [&](Oid type) { return type == Oid{} ? "NONE" : type_text(names, type); };
  return name + "(" + side(found->left) + "," + side(found->right) + ")";
}

std::string collation_text(Oid oid) {
  switch (oid.value) {
    case 100:
      return "\"default\"";
    case 950:
      return "\"C\"";
    case 951:
      return "\"POSIX\"";
    default:
      return "";
  }
}

}  // namespace

std::string CatalogNames::name(NamedKind kind, Oid oid) const {
  const TableNames& names = services_.table_names();
  auto plain = [&](ObjectKind of) {
    ObjectPtr found = names.image->find(of, oid);
    return found == nullptr ? std::string() : quoted_identifier(found->name);
  };
  switch (kind) {
    case NamedKind::kClass: {
      RelationPtr found = names.image->relation(oid);
      return found == nullptr ? "" : relation_name(names, *found);
    }
    case NamedKind::kType: {
      std::string text = type_text(names, oid, std::nullopt);
      return text == "???" ? "" : text;
    }
    case NamedKind::kFunction:
      return function_text(names, oid, false);
    case NamedKind::kFunctionSignature:
      return function_text(names, oid, true);
    case NamedKind::kOperator:
      return operator_text(names, oid, false);
    case NamedKind::kOperatorSignature:
      return operator_text(names, oid, true);
    case NamedKind::kNamespace:
      return plain(ObjectKind::kNamespace);
    case NamedKind::kRole:
      return plain(ObjectKind::kRole);
    case NamedKind::kCollation:
      return collation_text(oid);
  }
  return "";
}

}  // namespace isolde::sql
