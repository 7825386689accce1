#include <cstddef>
#include <cstdint>

#include "tests/fuzz/wire_checks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  isolde::fuzz::check_wire({reinterpret_cast<const char*>(data), size});
  return 0;
}
