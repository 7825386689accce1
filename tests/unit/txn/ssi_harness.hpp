#pragma once

#include <optional>

#include "tests/unit/txn/engine_harness.hpp"
#include "txn/serializable.hpp"

// Sessions for tests of SERIALIZABLE, whose every statement may fail.

namespace isolde::txn {

using Rows = std::map<std::string, std::string>;

inline KeyRange range_of(const std::string& lower, const std::string& upper) {
  KeyRange range;
  range.lower.assign(bytes_of(lower).begin(), bytes_of(lower).end());
  range.upper.assign(bytes_of(upper).begin(), bytes_of(upper).end());
  range.has_lower = range.has_upper = true;
  range.unique_point = lower == upper;
  return range;
}

class SsiSession : public TestSession {
 public:
  using TestSession::TestSession;

  void begin(bool read_only = false, bool deferrable = false) {
    TestSession::begin(IsolationLevel::kSerializable, read_only, deferrable);
  }

  /// SELECT ... [WHERE key BETWEEN ... LIMIT ...]; without a range by a scan of the table.
  base::Result<Rows> read(const std::optional<KeyRange>& range, size_t limit = SIZE_MAX,
                          bool backward = false) {
    if (base::Status s = txn->begin_statement(); !s) return s.take_error();
    ScanSpec spec;
    spec.backward = backward;
    if (range) {
      spec.index = &h.index();
      spec.range = *range;
    }
    auto scan = txn->scan(*h.table, spec);
    if (!scan) return scan.take_error();
    Rows found;
    while (found.size() < limit) {
      auto batch = (*scan)->next();
      if (!batch) return batch.take_error();
      if (batch->empty()) break;
      for (const Row& row : *batch) {
        const std::string text = text_of(row.payload);
        found.emplace(text.substr(0, text.find('=')), text.substr(text.find('=') + 1));
        if (found.size() == limit) break;
      }
    }
    return found;
  }
  base::Result<Rows> read(const std::string& lower, const std::string& upper) {
    return read(range_of(lower, upper));
  }
  /// The value; empty when there is no such row.
  base::Result<std::string> get(const std::string& key) {
    auto rows = read(key, key);
    if (!rows) return rows.take_error();
    return rows->empty() ? std::string() : rows->begin()->second;
  }
  base::Result<Outcome> set(const std::string& key, const std::string& value, bool hot = true) {
    return update(
        key, [&](const std::string&) { return value; }, hot);
  }
};

/// What a failure says; "" for none.
template <typename T>
std::string reason(const base::Result<T>& result) {
  if (result.ok()) return "";
  const std::string start = "Reason code: Canceled on ";
  const std::string& detail = result.error().fields().detail;
  return detail.starts_with(start) ? detail.substr(start.size()) : result.error().message();
}

}  // namespace isolde::txn
