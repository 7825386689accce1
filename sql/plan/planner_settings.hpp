#pragma once

#include <string>

namespace isolde::sql {

/// The settings that a plan depends on.
struct PlannerSettings {
  bool hashjoin = true;
  bool nestloop = true;
  bool sort = true;
  bool hashagg = true;
  /// Tells plans made under other settings apart; empty for the usual ones.
  std::string key() const {
    if (*this == PlannerSettings()) return {};
    std::string key;
    for (bool on : {hashjoin, nestloop, sort, hashagg}) key += on ? '\1' : '\2';
    return key;
  }
  bool operator==(const PlannerSettings&) const = default;
};

}  // namespace isolde::sql
