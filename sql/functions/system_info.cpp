#include <fmt/format.h>

#include <cmath>
#include <random>

#include "sql/functions/declaration.hpp"
#include "sql/functions/keywords.hpp"
#include "sql/functions/range_check.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/numeric.hpp"
#include "sql/types/object_names.hpp"
#include "sql/types/type_registry.hpp"

// Functions about values and types that need nothing of the session, and random ones.

namespace isolde::sql {

namespace {

Datum type_of_value(CallContext& context, const Datum*) {
  return Datum::of_int(context.argument_type(0).oid.value);
}

Datum format_type_of(CallContext& context, const Datum* args) {
  if (args[0].is_null()) return Datum::null();
  base::Oid oid(static_cast<uint32_t>(args[0].as_int()));
  if (oid.value == 0) return Datum::of_bytes("-");
  const Type* type = find_type(oid);
  if (type == nullptr) {
    std::string name;
    if (context.style.names != nullptr) name = context.style.names->name(NamedKind::kType, oid);
    return context.arena.bytes(name.empty() ? "???" : name);
  }
  std::optional<int32_t> typmod;
  if (!args[1].is_null()) typmod = static_cast<int32_t>(args[1].as_int());
  return context.arena.bytes(format_type(*type, typmod));
}

/// A unit serves up to 10240 of it. From the second on, sizes are kept in halves, so that the last
/// step can round.
Datum size_pretty(CallContext& context, const Datum* args) {
  static constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB", "PB"};
  int64_t size = args[0].as_int();
  if (size > -10240 && size < 10240) return context.arena.bytes(fmt::format("{} bytes", size));
  int64_t halves = size / 512;
  size_t unit = 0;
  while (unit < 4 && (halves >= 20479 || halves <= -20479)) {
    halves /= 1024;
    ++unit;
  }
  int64_t shown = (halves + (halves < 0 ? -1 : 1)) / 2;
  return context.arena.bytes(fmt::format("{} {}", shown, kUnits[unit]));
}

Datum random_uuid(CallContext& context, const Datum*) {
  thread_local std::random_device device;
  char bytes[16];
  for (size_t i = 0; i < 16; i += 4) {
    uint32_t word = device();
    for (size_t k = 0; k < 4; ++k) bytes[i + k] = static_cast<char>(word >> (8 * k));
  }
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);  // version 4
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  return context.arena.bytes({bytes, 16});
}

/// num_nulls and num_nonnulls.
template <bool count_nulls>
Datum count_arguments(CallContext& context, const Datum* args) {
  int64_t count = 0;
  for (size_t i = 0; i < context.argument_count(); ++i) count += args[i].is_null() == count_nulls;
  return Datum::of_int(count);
}

Datum lsn_difference(CallContext& context, const Datum* args) {
  auto wide = [](Datum d) { return static_cast<__int128>(static_cast<uint64_t>(d.as_int())); };
  return Numeric::of_int128(wide(args[0]) - wide(args[1])).write(context.arena);
}

std::string_view category_words(char category) {
  switch (category) {
    case 'C':
      return "unreserved (cannot be function or type name)";
    case 'T':
      return "reserved (can be function or type name)";
    case 'R':
      return "reserved";
    default:
      return "unreserved";
  }
}

class KeywordRows final : public SetIterator {
 public:
  bool next(CallContext& context, Datum* columns) override {
    const auto words = all_keywords();
    if (at_ == words.size()) return false;
    context.poll();
    const Keyword& one = words[at_++];
    columns[0] = Datum::of_bytes(one.word);
    columns[1] = Datum::of_int(one.category);
    columns[2] = Datum::of_bool(one.bare_label);
    columns[3] = Datum::of_bytes(category_words(one.category));
    columns[4] = Datum::of_bytes(one.bare_label ? "can be bare label" : "requires AS");
    return true;
  }

 private:
  size_t at_ = 0;
};
std::unique_ptr<SetIterator> keyword_rows(CallContext&, const Datum*) {
  return std::make_unique<KeywordRows>();
}

constexpr FunctionRow kRows[] = {
    {1686,
     "pg_get_keywords(out word text, out catcode char, out barelabel bool, out catdesc text, out "
     "baredesc text) setof record",
     keyword_rows, kStable},
    {1619, "pg_typeof(any) regtype", type_of_value, kCalledOnNull | kStable},
    {1081, "format_type(oid, int4) text", format_type_of, kCalledOnNull | kStable},
    {2288, "pg_size_pretty(int8) text", size_pretty},
    {3432, "gen_random_uuid() uuid", random_uuid, kVolatile},
    {438, "num_nulls(variadic any) int4", count_arguments<true>, kCalledOnNull},
    {440, "num_nonnulls(variadic any) int4", count_arguments<false>, kCalledOnNull},
    {3237, "pg_lsn_mi(pg_lsn, pg_lsn) numeric", lsn_difference},
};

}  // namespace

const std::span<const FunctionRow> kSystemInfo = kRows;

}  // namespace isolde::sql
