#include "txn/engines/serial.hpp"

#include "txn/lock_manager.hpp"

namespace isolde::txn {

base::Status SerialTransaction::enter(bool touches_tables) {
  if (entered_ || !touches_tables) return {};
  const LockMode mode = modes().read_only ? table_mode::kShare : table_mode::kExclusive;
  auto turn = manager().locks().acquire(locker(), LockTag::of_database(database()), mode);
  if (!turn) return turn.take_error();
  entered_ = true;
  forget_snapshot();  // of a statement that touched no table, from before its turn
  return {};
}

const EngineTraits& SerialEngine::static_traits() {
  static const EngineTraits traits{
      .name = "serial",
      .like = "a queue, VoltDB",
      .prevents = {"everything", "everything", "everything", "everything"},
      .blocks_on = "any transaction that came before, unless both only read",
      .paper = "Stonebraker and others, The End of an Architectural Era (2007)",
  };
  return traits;
}

std::unique_ptr<EngineTransaction> SerialEngine::begin(TransactionContext context,
                                                       const TransactionModes& modes) {
  return std::make_unique<SerialTransaction>(context, modes);
}

}  // namespace isolde::txn
