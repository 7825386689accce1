#include "base/env.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/fault_env.hpp"

namespace isolde::base {
namespace {

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

/// Every test runs on the operating system's files and on the ones in memory.
class EnvTest : public testing::TestWithParam<bool> {
 protected:
  EnvTest() {
    if (!GetParam()) {
      std::string pattern = testing::TempDir() + "isolde_env_XXXXXX";
      dir_ = ::mkdtemp(pattern.data());
    } else {
      dir_ = "/data";
      EXPECT_TRUE(env().create_dir(dir_).ok());
    }
  }
  ~EnvTest() override {
    if (!GetParam()) std::filesystem::remove_all(dir_);
  }
  Env& env() { return GetParam() ? static_cast<Env&>(fault_) : posix_env(); }
  std::string path(std::string_view name) { return join_path(dir_, name); }

  FaultEnv fault_;
  std::string dir_;
};

TEST_P(EnvTest, WritesAndReads) {
  auto file = env().open(path("a"), OpenMode::kCreate);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->write_at(3, bytes("hello")).ok());
  EXPECT_EQ(*(*file)->size(), 8u);
  char got[10] = {};
  auto n = (*file)->read_at(2, std::as_writable_bytes(std::span(got)));
  ASSERT_TRUE(n.ok());
  EXPECT_EQ(*n, 6u);
  EXPECT_EQ(std::string_view(got, 6), std::string_view("\0hello", 6));
  ASSERT_TRUE((*file)->truncate(4).ok());
  EXPECT_EQ(*(*file)->read_at(4, std::as_writable_bytes(std::span(got))), 0u);
  ASSERT_TRUE((*file)->allocate(0, 100).ok());
  EXPECT_EQ(*(*file)->size(), 100u);
  ASSERT_TRUE((*file)->allocate(0, 50).ok());
  EXPECT_EQ(*(*file)->size(), 100u) << "allocate never shrinks";
  EXPECT_TRUE((*file)->sync().ok());
}

TEST_P(EnvTest, MissingAndExistingFiles) {
  auto missing = env().open(path("no"), OpenMode::kReadWrite);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().state(), sqlstate::kUndefinedFile);
  EXPECT_EQ(missing.error().message(),
            "could not open file \"" + path("no") + "\": No such file or directory");
  ASSERT_TRUE(env().open(path("a"), OpenMode::kCreateNew).ok());
  EXPECT_EQ(env().open(path("a"), OpenMode::kCreateNew).error().state(), sqlstate::kDuplicateFile);
  EXPECT_FALSE(env().remove(path("no")).ok());
  EXPECT_FALSE(env().open(path("nodir/a"), OpenMode::kCreate).ok());
}

TEST_P(EnvTest, NamesInADirectory) {
  ASSERT_TRUE(env().create_dir(path("d")).ok());
  ASSERT_TRUE(env().create_dir(path("d")).ok());
  for (const char* name : {"d/b", "d/a"}) ASSERT_TRUE(env().open(path(name), OpenMode::kCreate));
  EXPECT_EQ(*env().list(path("d")), (std::vector<std::string>{"a", "b"}));
  ASSERT_TRUE(env().rename(path("d/a"), path("d/b")).ok());
  EXPECT_EQ(*env().list(path("d")), std::vector<std::string>{"b"});
  EXPECT_TRUE(env().sync_dir(path("d")).ok());
  EXPECT_FALSE(env().remove_dir(path("d")).ok());
  EXPECT_TRUE(env().remove(path("d/b")).ok());
  EXPECT_TRUE(env().remove_dir(path("d")).ok());
  EXPECT_FALSE(*env().exists(path("d")));
}

TEST_P(EnvTest, LockIsHeldOnce) {
  auto held = env().lock_file(path("lock"), "1234\n");
  ASSERT_TRUE(held.ok());
  auto second = env().lock_file(path("lock"), "5678\n");
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().state(), sqlstate::kLockFileExists);
  EXPECT_EQ(*read_file(env(), path("lock")), "1234\n");
  *held = nullptr;
  EXPECT_TRUE(env().lock_file(path("lock"), "5678\n").ok());
}

TEST_P(EnvTest, ReplacesAFileWhole) {
  ASSERT_TRUE(write_file_atomically(env(), path("f"), "the old content").ok());
  ASSERT_TRUE(write_file_atomically(env(), path("f"), "new").ok());
  EXPECT_EQ(*read_file(env(), path("f")), "new");
  EXPECT_EQ(*env().list(dir_), std::vector<std::string>{"f"});
}

INSTANTIATE_TEST_SUITE_P(Env, EnvTest, testing::Bool(), [](const auto& param_info) {
  return param_info.param ? "Fault" : "Posix";
});

TEST(FileError, CarriesTheStateOfItsCause) {
  EXPECT_EQ(file_error("x", ENOSPC).state(), sqlstate::kDiskFull);
  EXPECT_EQ(file_error("x", EIO).state(), sqlstate::kIoError);
  EXPECT_EQ(file_error("x", EROFS).state(), sqlstate::kInsufficientPrivilege);
  EXPECT_EQ(file_error("extend file \"f\"", ENOSPC).message(),
            "could not extend file \"f\": No space left on device");
}

TEST(Paths, JoinAndParent) {
  EXPECT_EQ(join_path("/a", "b"), "/a/b");
  EXPECT_EQ(join_path("/a/", "b"), "/a/b");
  EXPECT_EQ(parent_path("/a/b"), "/a");
  EXPECT_EQ(parent_path("/a"), "/");
  EXPECT_EQ(parent_path("a"), ".");
}

}  // namespace
}  // namespace isolde::base
