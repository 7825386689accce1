#pragma once

#include <cstdlib>
#include <memory>

#include "base/fault_env.hpp"
#include "storage/store.hpp"

namespace isolde {

/// A small data directory in memory, open: for tests of what stands on storage.
class TestStore {
 public:
  TestStore() {
    storage::StoreOptions options;
    options.shared_buffers = size_t{16} << 20;
    options.wal.segment_size = 1 << 20;
    options.wal.buffer_size = 1 << 20;
    options.wal.background_flusher = false;
    options.background_writer = false;
    auto opened = storage::Store::open(env_, "/data", options);
    if (!opened) std::abort();
    store_ = std::move(*opened);
  }

  storage::Store& store() { return *store_; }

 private:
  base::FaultEnv env_;
  std::unique_ptr<storage::Store> store_;
};

}  // namespace isolde
