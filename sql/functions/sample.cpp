#include "sql/functions/sample.hpp"

#include <cmath>
#include <cstring>

#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"

// A row is in the sample when the hash of its place (or of its page) and of the seed is below the
// percentage: the same seed gives the same rows, as long as they do not move.

namespace isolde::sql {

namespace {

double fraction_of(Datum percent) {
  if (percent.is_null()) {
    fail(base::sqlstate::kInvalidTablesampleArgument, "TABLESAMPLE parameter cannot be null");
  }
  double value = percent.as_float();
  if (value >= 0 && value <= 100) return value / 100;
  fail(base::sqlstate::kInvalidTablesampleArgument, "sample percentage must be between 0 and 100");
}

template <bool by_page>
Datum in_sample(CallContext&, const Datum* args) {
  double fraction = fraction_of(args[1]);
  if (args[2].is_null()) {
    fail(base::sqlstate::kInvalidTablesampleRepeat,
         "TABLESAMPLE REPEATABLE parameter cannot be null");
  }
  uint64_t place = 0;
  std::memcpy(&place, args[0].as_bytes().data(), by_page ? 4 : 6);
  double seed = args[2].as_float();
  uint64_t bits = 0;
  std::memcpy(&bits, &seed, sizeof bits);
  uint64_t mixed = hash_integer(place ^ hash_integer(bits));
  return Datum::of_bool(std::ldexp(static_cast<double>(mixed >> 12), -52) < fraction);
}

Function internal(ScalarFunction code) {
  Function function;
  function.scalar = code;
  function.strict = false;
  function.volatility = Volatility::kVolatile;
  return function;
}

}  // namespace

const Function& sample_function(bool by_page) {
  static const Function kRows = internal(in_sample<false>);
  static const Function kPages = internal(in_sample<true>);
  return by_page ? kPages : kRows;
}

}  // namespace isolde::sql
