#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace isolde::sql {

/// The templates used last. References stay good until the next call.
template <typename Picture>
class PictureCache {
 public:
  template <typename Read>
  const Picture& get(std::string_view text, Read read) {
    for (auto& entry : entries_) {
      if (entry && entry->first == text) return entry->second;
    }
    auto& entry = entries_[next_];
    entry.reset();
    entry.emplace(std::string(text), read(text));
    next_ = (next_ + 1) % entries_.size();
    return entry->second;
  }

 private:
  std::array<std::optional<std::pair<std::string, Picture>>, 16> entries_;
  size_t next_ = 0;
};

}  // namespace isolde::sql
