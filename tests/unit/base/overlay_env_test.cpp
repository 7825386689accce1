#include "base/overlay_env.hpp"

#include <gtest/gtest.h>

#include "base/fault_env.hpp"

namespace isolde::base {
namespace {

std::string text_of(Env& env, const std::string& path) {
  auto text = read_file(env, path);
  return text ? *text : "<" + text.error().message() + ">";
}

void put(Env& env, const std::string& path, uint64_t offset, std::string_view text) {
  auto file = env.open(path, OpenMode::kCreate);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->write_at(offset, std::as_bytes(std::span(text))).ok());
}

class OverlayEnvTest : public testing::Test {
 protected:
  OverlayEnvTest() {
    EXPECT_TRUE(below_.create_dir("/d").ok());
    put(below_, "/d/a", 0, "what is below");
    put(below_, "/d/b", 0, "another");
  }
  FaultEnv below_;
  OverlayEnv env_{below_};
};

TEST_F(OverlayEnvTest, ChangesAreSeenAboveAndNotBelow) {
  put(env_, "/d/a", 5, "was");
  EXPECT_EQ(text_of(env_, "/d/a"), "what wasbelow");
  put(env_, "/d/new", 0, "new");
  EXPECT_TRUE(env_.remove("/d/b").ok());
  EXPECT_EQ(*env_.list("/d"), (std::vector<std::string>{"a", "new"}));
  EXPECT_EQ(*below_.list("/d"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(text_of(below_, "/d/a"), "what is below");
  EXPECT_FALSE(*env_.exists("/d/b"));
  EXPECT_FALSE(env_.open("/d/b", OpenMode::kRead).ok());
}

TEST_F(OverlayEnvTest, WhatWasCutOffComesBackAsZeros) {
  auto file = env_.open("/d/a", OpenMode::kReadWrite);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->truncate(4).ok());
  ASSERT_TRUE((*file)->allocate(0, 6).ok());
  EXPECT_EQ(text_of(env_, "/d/a"), std::string("what\0\0", 6));
}

TEST_F(OverlayEnvTest, WritesAcrossChunks) {
  const std::string big(20'000, 'x');
  put(env_, "/d/a", 8190, big);
  const std::string all = text_of(env_, "/d/a");
  EXPECT_EQ(all.size(), 28'190u);
  EXPECT_EQ(all.substr(0, 13), "what is below");
  EXPECT_EQ(all.substr(8190), big);
}

TEST_F(OverlayEnvTest, RenamingReplaces) {
  EXPECT_TRUE(env_.rename("/d/a", "/d/b").ok());
  EXPECT_EQ(text_of(env_, "/d/b"), "what is below");
  EXPECT_FALSE(*env_.exists("/d/a"));
  EXPECT_EQ(text_of(below_, "/d/b"), "another");
}

}  // namespace
}  // namespace isolde::base
