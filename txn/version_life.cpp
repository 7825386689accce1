#include "txn/version_life.hpp"

#include "txn/version_rules.hpp"

namespace isolde::txn {

storage::VersionLife version_life(TransactionManager& manager,
                                  const storage::VersionHeader& version) {
  using storage::TxnFate;
  using storage::VersionLife;
  if ((version.infomask & (kRetracted | storage::kXminAborted)) != 0) return VersionLife::kEnded;
  const TxnFate made = manager.state(version.xmin).fate;
  if (made == TxnFate::kAborted) return VersionLife::kEnded;
  if (made == TxnFate::kInProgress) return VersionLife::kUnborn;
  if (only_locks(version)) return VersionLife::kLive;
  const TxnFate ended = manager.state(version.xmax).fate;
  return ended == TxnFate::kCommitted ? VersionLife::kEnded : VersionLife::kLive;
}

}  // namespace isolde::txn
