#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sql/types/builtin_types.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"
#include "sql/types/object_names.hpp"
#include "sql/types/output_style.hpp"
#include "sql/types/type_registry.hpp"

// regclass, regtype, regproc, ...: an oid that is read and written as the name of what it numbers.

namespace isolde::sql {

namespace {

NamedKind kind_of(const Type& type) {
  switch (type.oid.value) {
    case types::kRegclass.value:
      return NamedKind::kClass;
    case types::kRegtype.value:
      return NamedKind::kType;
    case types::kRegproc.value:
      return NamedKind::kFunction;
    case types::kRegprocedure.value:
      return NamedKind::kFunctionSignature;
    case types::kRegoper.value:
      return NamedKind::kOperator;
    case types::kRegoperator.value:
      return NamedKind::kOperatorSignature;
    case types::kRegnamespace.value:
      return NamedKind::kNamespace;
    case types::kRegrole.value:
      return NamedKind::kRole;
    default:
      return NamedKind::kCollation;
  }
}

Datum reg_from_text(const Type& type, std::string_view text, int32_t, Arena&,
                    const OutputStyle& style) {
  if (text == "-") return Datum::of_int(0);
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_digit)) {
    uint64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value > 0xffffffff) fail_value_range("oid", text);
    return Datum::of_int(static_cast<int64_t>(value));
  }
  return Datum::of_int(find_name(style, kind_of(type), text).value);
}

void reg_to_text(const Type& type, Datum value, std::string& out, const OutputStyle& style) {
  base::Oid oid(static_cast<uint32_t>(value.as_int()));
  if (oid.value == 0) {
    out += '-';
    return;
  }
  std::string name;
  if (style.names != nullptr) name = style.names->name(kind_of(type), oid);
  if (name.empty() && kind_of(type) == NamedKind::kType) {
    if (const Type* named = find_type(oid)) name = format_type(*named);
  }
  out += name.empty() ? std::to_string(oid.value) : name;
}

Datum reg_from_binary(const Type&, std::string_view bytes, int32_t, Arena&) {
  BinaryReader reader(bytes);
  auto oid = reader.read<uint32_t>();
  reader.finish();
  return Datum::of_int(oid);
}
void reg_to_binary(const Type&, Datum value, std::string& out) {
  append_network(out, static_cast<uint32_t>(value.as_int()));
}
std::strong_ordering compare_reg(const Type&, Datum a, Datum b) {
  return a.as_int() <=> b.as_int();
}
uint64_t hash_reg(const Type&, Datum value) {
  return hash_integer(static_cast<uint64_t>(value.as_int()));
}

/// A name as it is looked up: in lower case, unless it is quoted.
std::string folded(std::string_view name) {
  std::string text;
  bool quoted = false;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '"') {
      bool upper = !quoted && name[i] >= 'A' && name[i] <= 'Z';
      text += upper ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
    } else if (quoted && i + 1 < name.size() && name[i + 1] == '"') {
      text += name[i++];
    } else {
      quoted = !quoted;
    }
  }
  return text;
}

[[noreturn]] void fail_unknown(NamedKind kind, std::string_view name) {
  switch (kind) {
    case NamedKind::kClass:
      fail(base::sqlstate::kUndefinedTable,
           fmt::format("relation \"{}\" does not exist", folded(name)));
    case NamedKind::kType:
      fail(base::sqlstate::kUndefinedObject, fmt::format("type \"{}\" does not exist", name));
    case NamedKind::kFunction:
    case NamedKind::kFunctionSignature:
      fail(base::sqlstate::kUndefinedFunction, fmt::format("function \"{}\" does not exist", name));
    case NamedKind::kOperator:
    case NamedKind::kOperatorSignature:
      fail(base::sqlstate::kUndefinedFunction, fmt::format("operator does not exist: {}", name));
    case NamedKind::kNamespace:
      fail(base::sqlstate::kInvalidSchemaName, fmt::format("schema \"{}\" does not exist", name));
    case NamedKind::kRole:
      fail(base::sqlstate::kUndefinedObject, fmt::format("role \"{}\" does not exist", name));
    case NamedKind::kCollation:
      fail(base::sqlstate::kUndefinedObject,
           fmt::format("collation \"{}\" for encoding \"UTF8\" does not exist", name));
  }
  fail(base::sqlstate::kUndefinedObject, std::string(name));
}

}  // namespace

std::optional<base::Oid> look_up_name(const OutputStyle& style, NamedKind kind,
                                      std::string_view name) {
  if (style.names != nullptr) return style.names->look_up(kind, name);
  const Type* type = kind == NamedKind::kType ? find_type_by_sql_name(name) : nullptr;
  if (type == nullptr) return std::nullopt;
  return type->oid;
}

base::Oid find_name(const OutputStyle& style, NamedKind kind, std::string_view name) {
  auto found = look_up_name(style, kind, name);
  if (!found) fail_unknown(kind, name);
  return *found;
}

const TypeFunctions kRegFunctions{reg_from_text, reg_to_text, reg_from_binary,
                                  reg_to_binary, compare_reg, hash_reg};

}  // namespace isolde::sql
