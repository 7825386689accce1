#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include "sql/types/byte_order.hpp"

// Bob Jenkins' lookup3, by which PostgreSQL hashes: the same values.

namespace isolde::sql {

class JenkinsHash {
 public:
  static JenkinsHash of_bytes(std::string_view bytes, uint64_t seed) {
    JenkinsHash h(static_cast<uint32_t>(bytes.size()), seed);
    while (bytes.size() >= 12) {
      h.a_ += load<uint32_t>(bytes.data());
      h.b_ += load<uint32_t>(bytes.data() + 4);
      h.c_ += load<uint32_t>(bytes.data() + 8);
      h.mix();
      bytes.remove_prefix(12);
    }
    // The lowest byte of c is reserved for the length.
    for (size_t i = bytes.size(); i-- > 0;) {
      auto byte = static_cast<uint32_t>(static_cast<unsigned char>(bytes[i]));
      uint32_t& to = i >= 8 ? h.c_ : i >= 4 ? h.b_ : h.a_;
      to += byte << (8 * (i % 4) + (i >= 8 ? 8 : 0));
    }
    h.finish();
    return h;
  }
  static JenkinsHash of_word(uint32_t word, uint64_t seed) {
    JenkinsHash h(4, seed);
    h.a_ += word;
    h.finish();
    return h;
  }

  uint32_t narrow() const { return c_; }
  uint64_t wide() const { return uint64_t{b_} << 32 | c_; }

 private:
  JenkinsHash(uint32_t size, uint64_t seed) {
    a_ = b_ = c_ = 0x9e3779b9 + size + 3923095;
    if (seed == 0) return;
    a_ += static_cast<uint32_t>(seed >> 32);
    b_ += static_cast<uint32_t>(seed);
    mix();
  }

  void mix() {
    a_ -= c_;
    a_ ^= std::rotl(c_, 4);
    c_ += b_;
    b_ -= a_;
    b_ ^= std::rotl(a_, 6);
    a_ += c_;
    c_ -= b_;
    c_ ^= std::rotl(b_, 8);
    b_ += a_;
    a_ -= c_;
    a_ ^= std::rotl(c_, 16);
    c_ += b_;
    b_ -= a_;
    b_ ^= std::rotl(a_, 19);
    a_ += c_;
    c_ -= b_;
    c_ ^= std::rotl(b_, 4);
    b_ += a_;
  }
  void finish() {
    c_ ^= b_;
    c_ -= std::rotl(b_, 14);
    a_ ^= c_;
    a_ -= std::rotl(c_, 11);
    b_ ^= a_;
    b_ -= std::rotl(a_, 25);
    c_ ^= b_;
    c_ -= std::rotl(b_, 16);
    a_ ^= c_;
    a_ -= std::rotl(c_, 4);
    b_ ^= a_;
    b_ -= std::rotl(a_, 14);
    c_ ^= b_;
    c_ -= std::rotl(b_, 24);
  }

  uint32_t a_, b_, c_;
};

}  // namespace isolde::sql
