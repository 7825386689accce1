#include "base/crc32c.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string_view>
#include <vector>

namespace isolde::base {
namespace {

TEST(Crc32c, KnownValues) {
  EXPECT_EQ(crc32c(std::as_bytes(std::span(std::string_view("123456789")))), 0xe3069283u);
  EXPECT_EQ(crc32c({}), 0u);
  std::vector<std::byte> zeros(32);
  EXPECT_EQ(crc32c(zeros), 0x8a9136aau);
}

TEST(Crc32c, InstructionAndTablesAgreeAtEveryLength) {
  std::mt19937 random(7);
  std::vector<std::byte> data(9000);
  for (auto& byte : data) byte = static_cast<std::byte>(random());
  for (size_t n = 0; n < data.size(); n += n < 70 ? 1 : 61) {
    std::span<const std::byte> head(data.data(), n);
    ASSERT_EQ(crc32c(head), crc32c_portable(head)) << n;
  }
}

TEST(Crc32c, ContinuesWhereItStopped) {
  std::vector<std::byte> data(5000, std::byte{42});
  std::span<const std::byte> all(data);
  EXPECT_EQ(crc32c(all), crc32c(all.subspan(1234), crc32c(all.first(1234))));
}

}  // namespace
}  // namespace isolde::base
