#include "base/fault_env.hpp"

#include <gtest/gtest.h>

#include <set>

namespace isolde::base {
namespace {

using AfterCrash = FaultEnv::AfterCrash;

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

class FaultEnvTest : public testing::Test {
 protected:
  FaultEnvTest() {
    EXPECT_TRUE(env_.create_dir("/d").ok());
    file_ = *env_.open("/d/f", OpenMode::kCreate);
    EXPECT_TRUE(file_->write_at(0, bytes("durable")).ok());
    EXPECT_TRUE(file_->sync().ok());
    EXPECT_TRUE(env_.sync_dir("/d").ok());
  }
  std::string after(AfterCrash what, uint64_t seed = 1) {
    env_.crash_now();
    EXPECT_FALSE(file_->size().ok());
    env_.restart(what, seed);
    EXPECT_FALSE(file_->size().ok()) << "a file opened before the crash stays dead";
    return *read_file(env_, "/d/f");
  }

  FaultEnv env_;
  std::unique_ptr<File> file_;
};

TEST_F(FaultEnvTest, DropsWhatWasNotSynced) {
  ASSERT_TRUE(file_->write_at(0, bytes("DURABLE and more")).ok());
  EXPECT_EQ(*read_file(env_, "/d/f"), "DURABLE and more");
  EXPECT_EQ(after(AfterCrash::kDropUnsynced), "durable");
}

TEST_F(FaultEnvTest, KeepsEverythingWhenToldSo) {
  ASSERT_TRUE(file_->write_at(7, bytes("!")).ok());
  EXPECT_EQ(after(AfterCrash::kKeepAll), "durable!");
}

TEST_F(FaultEnvTest, NamesNeedTheirDirectorySynced) {
  auto created = *env_.open("/d/new", OpenMode::kCreate);
  ASSERT_TRUE(created->sync().ok());
  ASSERT_TRUE(env_.rename("/d/f", "/d/g").ok());
  EXPECT_EQ(after(AfterCrash::kDropUnsynced), "durable");
  EXPECT_EQ(*env_.list("/d"), std::vector<std::string>{"f"});

  ASSERT_TRUE(env_.rename("/d/f", "/d/g").ok());
  ASSERT_TRUE(env_.sync_dir("/d").ok());
  env_.restart(AfterCrash::kDropUnsynced, 1);
  EXPECT_EQ(*env_.list("/d"), std::vector<std::string>{"g"});
}

TEST_F(FaultEnvTest, TearsTheLastWriteAtSectors) {
  std::string old_text(2048, 'o'), new_text(2048, 'n');
  ASSERT_TRUE(file_->write_at(0, bytes(old_text)).ok());
  ASSERT_TRUE(file_->sync().ok());
  ASSERT_TRUE(file_->write_at(0, bytes(new_text)).ok());
  std::string torn = after(AfterCrash::kTearLast, 2);
  std::set<char> seen(torn.begin(), torn.end());
  EXPECT_EQ(seen.size(), 2u) << "this seed keeps some sectors and drops some";
  for (size_t i = 0; i < torn.size(); ++i) EXPECT_EQ(torn[i], torn[i / 512 * 512]);
}

TEST_F(FaultEnvTest, RandomSubsetsDiffer) {
  std::set<std::string> outcomes;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    FaultEnv env;
    auto file = *env.open("f", OpenMode::kCreate);
    ASSERT_TRUE(env.sync_dir(".").ok());
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(file->write_at(i, bytes("x")).ok());
    env.restart(AfterCrash::kRandomSubset, seed);
    outcomes.insert(*read_file(env, "f"));
  }
  EXPECT_GT(outcomes.size(), 4u);
}

TEST_F(FaultEnvTest, StopsAtTheChangeItWasTold) {
  env_.crash_at(2);
  EXPECT_TRUE(file_->write_at(0, bytes("a")).ok());
  EXPECT_FALSE(env_.crashed());
  EXPECT_EQ(file_->sync().error().state(), sqlstate::kIoError);
  EXPECT_TRUE(env_.crashed());
  EXPECT_FALSE(env_.open("/d/f", OpenMode::kRead).ok());
  EXPECT_EQ(after(AfterCrash::kDropUnsynced), "durable");
}

TEST_F(FaultEnvTest, AFailedSyncLosesWhatItShouldHaveSaved) {
  ASSERT_TRUE(file_->write_at(0, bytes("D")).ok());
  env_.fail_sync(1);
  EXPECT_FALSE(file_->sync().ok());
  ASSERT_TRUE(file_->write_at(1, bytes("U")).ok());
  EXPECT_TRUE(file_->sync().ok());
  EXPECT_EQ(after(AfterCrash::kKeepAll), "dUrable");
}

TEST_F(FaultEnvTest, SkippedSyncsSaveNothing) {
  env_.skip_syncs_of([](const std::string& path) { return path == "/d/f"; });
  ASSERT_TRUE(file_->write_at(0, bytes("D")).ok());
  EXPECT_TRUE(file_->sync().ok());
  EXPECT_EQ(after(AfterCrash::kDropUnsynced), "durable");
}

TEST_F(FaultEnvTest, ShortWriteWritesHalf) {
  env_.short_write(1);
  EXPECT_FALSE(file_->write_at(0, bytes("ABCDEF")).ok());
  EXPECT_EQ(*read_file(env_, "/d/f"), "ABCable");
}

TEST_F(FaultEnvTest, RunsOutOfSpaceAndRecovers) {
  env_.set_capacity(env_.used() + 10);
  EXPECT_TRUE(file_->write_at(7, bytes("0123456789")).ok());
  auto full = file_->write_at(17, bytes("x"));
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().state(), sqlstate::kDiskFull);
  EXPECT_EQ(full.error().message(), "could not write file \"/d/f\": No space left on device");
  EXPECT_EQ(file_->allocate(0, 1000).error().state(), sqlstate::kDiskFull);
  env_.set_capacity(UINT64_MAX);
  EXPECT_TRUE(file_->write_at(17, bytes("x")).ok());
}

TEST_F(FaultEnvTest, ReadOnly) {
  env_.set_read_only(true);
  EXPECT_EQ(file_->write_at(0, bytes("x")).error().state(), sqlstate::kInsufficientPrivilege);
  EXPECT_TRUE(env_.open("/d/f", OpenMode::kRead).ok());
}

TEST_F(FaultEnvTest, CorruptsDurableBytesToo) {
  env_.corrupt("/d/f", 0, 1);
  EXPECT_EQ(after(AfterCrash::kDropUnsynced), "eurable");
}

}  // namespace
}  // namespace isolde::base
