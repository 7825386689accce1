#include <fmt/format.h>

#include "sql/functions/declaration.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/numeric.hpp"
#include "sql/types/type_registry.hpp"

// Sizes of values, and sizes in bytes as people write them.

namespace isolde::sql {

namespace {

Numeric halved(const Numeric& n) {
  Numeric moved = n.sign() < 0 ? n - Numeric::of(1) : n + Numeric::of(1);
  return Numeric::divide(moved, Numeric::of(2), 0, false);
}

/// As for bigint, see system_info.cpp: from the second unit on, sizes are kept in halves.
Datum size_pretty(CallContext& context, const Datum* args) {
  static constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB", "PB"};
  Numeric size = Numeric::read(args[0]);
  if (!size.is_finite()) return context.arena.bytes(size.to_string() + " PB");
  auto below = [&](int64_t limit) { return compare(size.absolute(), Numeric::of(limit)) < 0; };
  if (below(10240)) return context.arena.bytes(size.to_string() + " bytes");
  size = Numeric::divide(size, Numeric::of(512), 0, false);
  size_t unit = 0;
  for (; unit < 4 && !below(20479); ++unit) {
    size = Numeric::divide(size, Numeric::of(1024), 0, false);
  }
  return context.arena.bytes(fmt::format("{} {}", halved(size).to_string(), kUnits[unit]));
}

/// The length of the number that a size begins with; 0 when it does not.
size_t number_length(std::string_view text) {
  size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  size_t digits = 0;
  auto skip_digits = [&] {
    for (; at < text.size() && is_digit(text[at]); ++at) ++digits;
  };
  skip_digits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    skip_digits();
  }
  if (digits == 0) return 0;
  if (at < text.size() && to_lower(text[at]) == 'e') {
    size_t exponent = at + 1;
    if (exponent < text.size() && (text[exponent] == '-' || text[exponent] == '+')) ++exponent;
    size_t begin = exponent;
    while (exponent < text.size() && is_digit(text[exponent])) ++exponent;
    if (exponent > begin) at = exponent;
  }
  return at;
}

Datum size_bytes(CallContext&, const Datum* args) {
  static constexpr std::string_view kUnits[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
  std::string_view whole = args[0].as_bytes();
  std::string_view text = trim_blanks(whole);
  size_t length = number_length(text);
  base::Error invalid(base::sqlstate::kInvalidParameterValue,
                      fmt::format("invalid size: \"{}\"", whole));
  if (length == 0) throw base::SqlException(std::move(invalid));
  Numeric number = Numeric::parse(text.substr(0, length));
  std::string_view unit = trim_blanks(text.substr(length));
  int64_t multiplier = 1;
  bool known = unit.empty();
  for (size_t i = 0; i < std::size(kUnits) && !known; ++i) {
    known = equals_ignoring_case(unit, kUnits[i]);
    multiplier = int64_t{1} << (10 * i);
  }
  if (!known) {
    throw base::SqlException(
        std::move(invalid)
            .detail(fmt::format("Invalid size unit: \"{}\".", unit))
            .hint("Valid units are \"bytes\", \"kB\", \"MB\", \"GB\", \"TB\", and \"PB\"."));
  }
  int64_t bytes = 0;
  if (!(number * Numeric::of(multiplier)).to_int64(bytes)) fail_range("bigint");
  return Datum::of_int(bytes);
}

/// What PostgreSQL would keep the value in: its own length, with a header of 4 bytes for types of
/// variable length.
Datum column_size(CallContext& context, const Datum* args) {
  const Type& type = context.argument_type(0);
  if (type.size > 0) return Datum::of_int(type.size);
  auto bytes = static_cast<int64_t>(args[0].as_bytes().size());
  if (type.size == -2) return Datum::of_int(bytes + 1);
  if (type.oid == types::kNumeric) {
    Numeric n = Numeric::read(args[0]);
    bool short_form = n.scale() <= 63 && n.weight() >= -64 && n.weight() <= 63;
    bytes = static_cast<int64_t>(n.digits().size()) * 2 + (short_form || !n.is_finite() ? 2 : 4);
  }
  return Datum::of_int(bytes + 4);
}

bool has_collation(const Type& type) {
  for (base::Oid oid : {types::kText, types::kVarchar, types::kBpchar, types::kName}) {
    if (type.oid == oid || type.element_type == oid) return true;
  }
  return false;
}
Datum collation_for(CallContext& context, const Datum*) {
  const Type& type = context.argument_type(0);
  if (type.oid == types::kUnknown) return Datum::null();
  if (!has_collation(type)) {
    fail(base::sqlstate::kDatatypeMismatch,
         fmt::format("collations are not supported by type {}", format_type(type)));
  }
  return Datum::of_bytes(type.oid == types::kName ? "\"C\"" : "\"default\"");
}

Datum null_text(CallContext&, const Datum*) {
  return Datum::null();
}
Datum always_false(CallContext&, const Datum*) {
  return Datum::of_bool(false);
}

constexpr FunctionRow kRows[] = {
    {3166, "pg_size_pretty(numeric) text", size_pretty},
    {3334, "pg_size_bytes(text) int8", size_bytes},
    {1269, "pg_column_size(any) int4", column_size, kStable},
    {2121, "pg_column_compression(any) text", null_text, kStable},
    {3162, "pg_collation_for(any) text", collation_for, kStable | kCalledOnNull},
    {3800, "pg_current_logfile() text", null_text, kVolatile},
    {3801, "pg_current_logfile(text) text", null_text, kVolatile},
    {315, "pg_jit_available() bool", always_false, kVolatile},
};

}  // namespace

const std::span<const FunctionRow> kSizes = kRows;

}  // namespace isolde::sql
