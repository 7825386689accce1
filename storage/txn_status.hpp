#pragma once

#include "storage/buffer_pool.hpp"

namespace isolde::storage {

/// Whether there are status pages for all transactions before `next`, which a checkpoint says have
/// begun. A page that is missing would make them look aborted, and their rows dead.
base::Status require_status_pages(BufferPool& pool, TxnId next);

}  // namespace isolde::storage
