#pragma once

#include <optional>
#include <unordered_map>

#include "base/ids.hpp"

namespace isolde::sql {

/// What nextval and setval have given this session: for currval and lastval.
class SequenceValues {
 public:
  void note(base::Oid sequence, int64_t value) {
    values_[sequence] = value;
    last_ = sequence;
  }
  std::optional<int64_t> of(base::Oid sequence) const {
    auto found = values_.find(sequence);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }
  base::Oid last_sequence() const { return last_; }
  std::optional<int64_t> last() const { return of(last_); }
  /// DISCARD SEQUENCES.
  void clear() {
    values_.clear();
    last_ = base::Oid{};
  }

 private:
  std::unordered_map<base::Oid, int64_t> values_;
  base::Oid last_;
};

}  // namespace isolde::sql
