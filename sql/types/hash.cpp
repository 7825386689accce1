#include "sql/types/hash.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace isolde::sql {

uint64_t hash_bytes(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace isolde::sql
