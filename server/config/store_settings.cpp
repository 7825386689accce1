#include "server/config/store_settings.hpp"

#include <algorithm>

namespace isolde::server {

namespace {

constexpr size_t kMegabyte = size_t{1} << 20;

/// -1: a 32nd of shared_buffers, at most one segment, as in PostgreSQL. Never less than the largest
/// records need.
size_t wal_buffer_size(int pages, size_t shared_buffers) {
  size_t wanted = pages < 0 ? std::min(shared_buffers / 32, 16 * kMegabyte)
                            : static_cast<size_t>(pages) * storage::kPageSize;
  return std::max(wanted, kMegabyte);
}

}  // namespace

storage::StoreOptions store_options(const sql::SettingsSnapshot& settings) {
  storage::StoreOptions options;
  options.shared_buffers =
      static_cast<size_t>(settings.integer("shared_buffers")) * storage::kPageSize;
  options.max_wal_size = static_cast<uint64_t>(settings.integer("max_wal_size")) * kMegabyte;
  options.checkpoint_timeout_s = settings.integer("checkpoint_timeout");
  storage::WalOptions& wal = options.wal;
  wal.buffer_size = wal_buffer_size(settings.integer("wal_buffers"), options.shared_buffers);
  wal.fsync = settings.boolean("fsync");
  wal.sync_method = settings.label("wal_sync_method") == "fsync" ? base::SyncMethod::kFsync
                                                                 : base::SyncMethod::kFdatasync;
  wal.full_page_writes = settings.boolean("full_page_writes");
  wal.commit_delay_us = settings.integer("commit_delay");
  wal.commit_siblings = settings.integer("commit_siblings");
  return options;
}

}  // namespace isolde::server
