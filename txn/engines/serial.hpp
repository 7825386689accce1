#pragma once

#include "txn/engines/mvcc.hpp"

// One transaction at a time: a queue.
//
//      A  BEGIN  SELECT ...  UPDATE ...  COMMIT
//      B         BEGIN  SELECT ... (waits)      ... goes on
//      C                 BEGIN READ ONLY  SELECT ... (waits behind B)
//
// From its first statement that touches a table to its end a transaction holds the database's lock
// in the lock manager, whose queue is fair: exclusively, or shared when it is READ ONLY, so that
// those run together. Nothing is ever seen half done, at any level, and nobody deadlocks over rows.
// What it costs is seen at once: a session that idles in its transaction stops everyone (the idle
// time-outs end it).
//
// Paper: Stonebraker and others, The End of an Architectural Era (2007).

namespace isolde::txn {

class SerialTransaction final : public MvccTransaction {
 public:
  using MvccTransaction::MvccTransaction;
  base::Status enter(bool touches_tables) override;

 private:
  bool entered_ = false;
};

class SerialEngine final : public Engine {
 public:
  static const EngineTraits& static_traits();
  const EngineTraits& traits() const override { return static_traits(); }
  std::unique_ptr<EngineTransaction> begin(TransactionContext context,
                                           const TransactionModes& modes) override;
};

}  // namespace isolde::txn
