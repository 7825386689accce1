#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>

namespace isolde::sql {

/// What random() draws from: xoroshiro128**, seeded by setseed() as PostgreSQL does it, so that the
/// same seed gives the same numbers. One a session.
class RandomState {
 public:
  RandomState() {
    std::random_device device;
    seed(uint64_t{device()} << 32 | device());
  }

  void seed(uint64_t seed) {
    low_ = split_mix(seed);
    high_ = split_mix(seed);
    if (low_ == 0 && high_ == 0) low_ = 0x5851f42d4c957f2d;
  }
  /// From -1 to 1.
  void seed_fraction(double fraction) {
    constexpr auto kScale = static_cast<double>((uint64_t{1} << 52) - 1);
    seed(static_cast<uint64_t>(static_cast<int64_t>(kScale * fraction)));
  }

  uint64_t next() {
    uint64_t mixed = high_ ^ low_;
    uint64_t result = std::rotl(low_ * 5, 7) * 9;
    low_ = std::rotl(low_, 24) ^ mixed ^ (mixed << 16);
    high_ = std::rotl(mixed, 37);
    return result;
  }
  /// In [0, 1).
  double next_fraction() { return std::ldexp(static_cast<double>(next() >> 12), -52); }

 private:
  static uint64_t split_mix(uint64_t& state) {
    uint64_t value = state += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
  }

  uint64_t low_;
  uint64_t high_;
};

}  // namespace isolde::sql
