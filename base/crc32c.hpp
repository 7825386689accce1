#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace isolde::base {

/// CRC-32C (Castagnoli) of `data`, continuing from `crc`, the value for the bytes before it.
uint32_t crc32c(std::span<const std::byte> data, uint32_t crc = 0);

/// The same from tables, for processors without SSE 4.2; exposed for the test that compares both.
uint32_t crc32c_portable(std::span<const std::byte> data, uint32_t crc = 0);

}  // namespace isolde::base
