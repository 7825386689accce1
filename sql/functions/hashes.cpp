#include <cmath>
#include <limits>

#include "sql/functions/declaration.hpp"
#include "sql/functions/jenkins_hash.hpp"
#include "sql/types/datetime.hpp"
#include "sql/types/numeric.hpp"
#include "sql/types/text_types.hpp"

// hashint4, hashtext, ...: the hash functions of pg_proc, with PostgreSQL's values. Each is written
// once over a shape: 32 bits without a seed, or 64 bits with one.

namespace isolde::sql {

namespace {

struct Narrow {
  static uint64_t seed(const Datum*) { return 0; }
  static uint64_t of(const JenkinsHash& h) { return h.narrow(); }
  static Datum result(uint64_t h) { return Datum::of_int(static_cast<int32_t>(h)); }
};
struct Wide {
  static uint64_t seed(const Datum* args) { return static_cast<uint64_t>(args[1].as_int()); }
  static uint64_t of(const JenkinsHash& h) { return h.wide(); }
  static Datum result(uint64_t h) { return Datum::of_int(static_cast<int64_t>(h)); }
};

template <typename Shape>
uint64_t hash_bytes_of(std::string_view bytes, uint64_t seed) {
  return Shape::of(JenkinsHash::of_bytes(bytes, seed));
}
/// So that equal int4 and int8 hash alike.
template <typename Shape>
uint64_t hash_of_int8(int64_t value, uint64_t seed) {
  auto low = static_cast<uint32_t>(value);
  auto high = static_cast<uint32_t>(value >> 32);
  return Shape::of(JenkinsHash::of_word(low ^ (value >= 0 ? high : ~high), seed));
}

template <typename Shape>
Datum of_bytes(CallContext&, const Datum* args) {
  return Shape::result(hash_bytes_of<Shape>(args[0].as_bytes(), Shape::seed(args)));
}
template <typename Shape>
Datum of_bpchar(CallContext&, const Datum* args) {
  return Shape::result(
      hash_bytes_of<Shape>(without_padding(args[0].as_bytes()), Shape::seed(args)));
}
template <typename Shape>
Datum of_word(CallContext&, const Datum* args) {
  auto word = static_cast<uint32_t>(args[0].as_int());
  return Shape::result(Shape::of(JenkinsHash::of_word(word, Shape::seed(args))));
}
template <typename Shape>
Datum of_char(CallContext&, const Datum* args) {
  auto word = static_cast<uint32_t>(static_cast<int8_t>(args[0].as_int()));
  return Shape::result(Shape::of(JenkinsHash::of_word(word, Shape::seed(args))));
}
template <typename Shape>
Datum of_int8(CallContext&, const Datum* args) {
  return Shape::result(hash_of_int8<Shape>(args[0].as_int(), Shape::seed(args)));
}

/// As float8 whatever the width; both zeros are one, and so are all NaNs.
template <typename Shape>
Datum of_float(CallContext&, const Datum* args) {
  double value = args[0].as_float();
  if (value == 0) return Shape::result(Shape::seed(args));
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  char bytes[8];
  store(bytes, value);
  return Shape::result(hash_bytes_of<Shape>({bytes, 8}, Shape::seed(args)));
}

template <typename Shape>
Datum of_numeric(CallContext&, const Datum* args) {
  Numeric value = Numeric::read(args[0]);
  uint64_t seed = Shape::seed(args);
  if (!value.is_finite()) return Shape::result(seed);
  if (value.is_zero()) return Shape::result(seed - 1);
  const auto& digits = value.digits();
  std::string_view bytes(reinterpret_cast<const char*>(digits.data()), digits.size() * 2);
  auto weight = static_cast<uint64_t>(int64_t{value.weight()});
  return Shape::result(hash_bytes_of<Shape>(bytes, seed) ^ weight);
}

template <typename Shape>
Datum of_timetz(CallContext&, const Datum* args) {
  TimeTz time = read_timetz(args[0]);
  uint64_t seed = Shape::seed(args);
  uint64_t zone = Shape::of(JenkinsHash::of_word(static_cast<uint32_t>(time.west), seed));
  return Shape::result(hash_of_int8<Shape>(time.micros, seed) ^ zone);
}
template <typename Shape>
Datum of_interval(CallContext&, const Datum* args) {
  auto length = static_cast<int64_t>(interval_length(read_interval(args[0])));
  return Shape::result(hash_of_int8<Shape>(length, Shape::seed(args)));
}

constexpr FunctionRow kRows[] = {
    {400, "hashtext(text) int4", of_bytes<Narrow>},
    {448, "hashtextextended(text, int8) int8", of_bytes<Wide>},
    {455, "hashname(name) int4", of_bytes<Narrow>},
    {447, "hashnameextended(name, int8) int8", of_bytes<Wide>},
    {1080, "hashbpchar(bpchar) int4", of_bpchar<Narrow>},
    {972, "hashbpcharextended(bpchar, int8) int8", of_bpchar<Wide>},
    {2963, "uuid_hash(uuid) int4", of_bytes<Narrow>},
    {3412, "uuid_hash_extended(uuid, int8) int8", of_bytes<Wide>},
    {454, "hashchar(char) int4", of_char<Narrow>},
    {446, "hashcharextended(char, int8) int8", of_char<Wide>},
    {449, "hashint2(int2) int4", of_word<Narrow>},
    {441, "hashint2extended(int2, int8) int8", of_word<Wide>},
    {450, "hashint4(int4) int4", of_word<Narrow>},
    {425, "hashint4extended(int4, int8) int8", of_word<Wide>},
    {453, "hashoid(oid) int4", of_word<Narrow>},
    {445, "hashoidextended(oid, int8) int8", of_word<Wide>},
    {949, "hashint8(int8) int4", of_int8<Narrow>},
    {442, "hashint8extended(int8, int8) int8", of_int8<Wide>},
    {3252, "pg_lsn_hash(pg_lsn) int4", of_int8<Narrow>},
    {3413, "pg_lsn_hash_extended(pg_lsn, int8) int8", of_int8<Wide>},
    {451, "hashfloat4(float4) int4", of_float<Narrow>},
    {443, "hashfloat4extended(float4, int8) int8", of_float<Wide>},
    {452, "hashfloat8(float8) int4", of_float<Narrow>},
    {444, "hashfloat8extended(float8, int8) int8", of_float<Wide>},
    {432, "hash_numeric(numeric) int4", of_numeric<Narrow>},
    {780, "hash_numeric_extended(numeric, int8) int8", of_numeric<Wide>},
    {1688, "time_hash(time) int4", of_int8<Narrow>},
    {3409, "time_hash_extended(time, int8) int8", of_int8<Wide>},
    {2039, "timestamp_hash(timestamp) int4", of_int8<Narrow>},
    {3411, "timestamp_hash_extended(timestamp, int8) int8", of_int8<Wide>},
    {1696, "timetz_hash(timetz) int4", of_timetz<Narrow>},
    {3410, "timetz_hash_extended(timetz, int8) int8", of_timetz<Wide>},
    {1697, "interval_hash(interval) int4", of_interval<Narrow>},
    {3418, "interval_hash_extended(interval, int8) int8", of_interval<Wide>},
};

}  // namespace

const std::span<const FunctionRow> kHashes = kRows;

}  // namespace isolde::sql
