#include "sql/settings/table_builder.hpp"
#include "sql/settings/tables.hpp"

namespace isolde::sql {

namespace {

using namespace table;
using namespace setting_flag;

constexpr EnumOption kSynchronousCommits[] = {
    {"local", number_of(SynchronousCommit::kLocal)},
    {"remote_write", number_of(SynchronousCommit::kRemoteWrite)},
    {"remote_apply", number_of(SynchronousCommit::kRemoteApply)},
    {"on", number_of(SynchronousCommit::kOn)},
    {"off", number_of(SynchronousCommit::kOff)},
    {"true", number_of(SynchronousCommit::kOn), true},
    {"false", number_of(SynchronousCommit::kOff), true},
    {"yes", number_of(SynchronousCommit::kOn), true},
    {"no", number_of(SynchronousCommit::kOff), true},
    {"1", number_of(SynchronousCommit::kOn), true},
    {"0", number_of(SynchronousCommit::kOff), true},
};

constexpr EnumOption kSyncMethods[] = {{"fsync", 0}, {"fdatasync", 1}};

constexpr SettingDefinition kWalSettings[] = {
    boolean("fsync", kSighup, true, "Forces synchronization of updates to disk.",
            "The server will use the fsync() system call in several places to make sure that "
            "updates are physically written to disk. This ensures that a database cluster will "
            "recover to a consistent state after an operating system or hardware crash."),
    choice("synchronous_commit", kUser, "on", kSynchronousCommits,
           "Sets the current transaction's synchronization level.") |
        into<&SettingFields::synchronous_commit>(),
    choice("wal_sync_method", kSighup, "fdatasync", kSyncMethods,
           "Selects the method used for forcing WAL updates to disk."),
    boolean("full_page_writes", kSighup, true,
            "Writes full pages to WAL when first modified after a checkpoint.",
            "A page write in process during an operating system crash might be only partially "
            "written to disk.  During recovery, the row changes stored in WAL are not enough to "
            "recover.  This option writes pages when first modified after a checkpoint to WAL so "
            "full recovery is possible."),
    integer("wal_buffers", kPostmaster, -1, {-1, 262143}, kBlocks,
            "Sets the number of disk-page buffers in shared memory for WAL."),
    integer("wal_writer_delay", kSighup, 200, {1, 10000}, kMs,
            "Time between WAL flushes performed in the WAL writer."),
    integer("wal_writer_flush_after", kSighup, 128, {0, kIntMax}, kBlocks,
            "Amount of WAL written out by WAL writer that triggers a flush."),
    integer("commit_delay", kSuperuser, 0, {0, 100000}, kNone,
            "Sets the delay in microseconds between transaction commit and flushing WAL to disk."),
    integer("commit_siblings", kUser, 5, {0, 1000}, kNone,
            "Sets the minimum number of concurrent open transactions required before performing "
            "commit_delay."),
};

constexpr SettingDefinition kCheckpoints[] = {
    integer("checkpoint_timeout", kSighup, 300, {30, 86400}, kS,
            "Sets the maximum time between automatic WAL checkpoints."),
    real(
        "checkpoint_completion_target", kSighup, 0.9, {0, 1}, kNone,
        "Time spent flushing dirty buffers during checkpoint, as fraction of checkpoint interval."),
    integer("checkpoint_warning", kSighup, 30, {0, kIntMax}, kS,
            "Sets the maximum time before warning if checkpoints triggered by WAL volume happen "
            "too frequently.",
            "Write a message to the server log if checkpoints caused by the filling of WAL segment "
            "files happen more frequently than this amount of time. Zero turns off the warning."),
    integer("max_wal_size", kSighup, 1024, {2, kIntMax}, kMb,
            "Sets the WAL size that triggers a checkpoint."),
    integer("min_wal_size", kSighup, 80, {2, kIntMax}, kMb,
            "Sets the minimum size to shrink the WAL to."),
};

constexpr SettingGroup kGroups[] = {
    {"Write-Ahead Log / Settings", kWalSettings},
    {"Write-Ahead Log / Checkpoints", kCheckpoints},
};

}  // namespace

std::span<const SettingGroup> wal_settings() {
  return kGroups;
}

}  // namespace isolde::sql
