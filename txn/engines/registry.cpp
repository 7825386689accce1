#include "txn/engines/registry.hpp"

#include "txn/engines/mvcc.hpp"

namespace isolde::txn {

std::span<const EngineEntry> all_engines() {
  static const EngineEntry engines[] = {
      {MvccEngine::static_traits(),
       [](TransactionManager&) -> std::unique_ptr<Engine> {
         return std::make_unique<MvccEngine>();
       }},
  };
  return engines;
}

const EngineEntry* find_engine(std::string_view name) {
  for (const EngineEntry& engine : all_engines()) {
    if (engine.traits.name == name) return &engine;
  }
  return nullptr;
}

}  // namespace isolde::txn
