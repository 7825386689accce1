#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/wire_checks.hpp"

namespace isolde::fuzz {
namespace {

struct Seed {
  std::string name;
  std::string bytes;
};

std::vector<Seed> seeds() {
  std::vector<Seed> found;
  for (const auto& entry : std::filesystem::directory_iterator(ISOLDE_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    found.push_back(
        {entry.path().filename().string(), std::string(std::istreambuf_iterator<char>(file), {})});
  }
  return found;
}

/// Passes when the input breaks no promise.
void replay(const Seed& seed, std::string_view input) {
  EXPECT_NO_THROW(check_wire(input)) << seed.name;
}

TEST(WireCorpus, IsThere) {
  EXPECT_GE(seeds().size(), 60U);
}

TEST(WireCorpus, Replays) {
  for (const Seed& seed : seeds()) replay(seed, seed.bytes);
}

TEST(WireCorpus, CutShortAnywhere) {
  for (const Seed& seed : seeds()) {
    for (size_t size = 0; size < seed.bytes.size(); ++size) {
      replay(seed, std::string_view(seed.bytes).substr(0, size));
    }
  }
}

TEST(WireCorpus, WithOneByteChanged) {
  for (const Seed& seed : seeds()) {
    for (size_t at = 0; at < seed.bytes.size(); ++at) {
      for (const char value : {'\0', '\1', '\x7f', '\xff'}) {
        std::string changed = seed.bytes;
        changed[at] = value;
        replay(seed, changed);
      }
    }
  }
}

TEST(WireCorpus, WithOneByteMore) {
  for (const Seed& seed : seeds()) {
    replay(seed, seed.bytes + '\0');
    replay(seed, seed.bytes + 'Q');
  }
}

}  // namespace
}  // namespace isolde::fuzz
