#include "txn/engines/registry.hpp"

#include "txn/engines/locking.hpp"
#include "txn/engines/mvcc.hpp"
#include "txn/engines/nextkey.hpp"
#include "txn/engines/optimistic.hpp"
#include "txn/engines/serial.hpp"

namespace isolde::txn {

namespace {
template <typename E>
EngineEntry entry() {
  return {E::static_traits(),
          [](TransactionManager&) -> std::unique_ptr<Engine> { return std::make_unique<E>(); }};
}
}  // namespace

std::span<const EngineEntry> all_engines() {
  static const EngineEntry engines[] = {
      entry<MvccEngine>(),       entry<LockingEngine>(), entry<NextKeyEngine>(),
      entry<OptimisticEngine>(), entry<SerialEngine>(),
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
