#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "txn/concurrency_control.hpp"

namespace isolde::txn {

/// One engine that databases can choose.
struct EngineEntry {
  const EngineTraits& traits;
  std::unique_ptr<Engine> (*make)(TransactionManager& manager);
};

/// All engines, the default first.
std::span<const EngineEntry> all_engines();
/// Null when there is none of this name.
const EngineEntry* find_engine(std::string_view name);

}  // namespace isolde::txn
