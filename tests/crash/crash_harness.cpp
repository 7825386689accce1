#include "crash_harness.hpp"

#include "storage/overflow.hpp"
#include "storage/wal_reader.hpp"

namespace isolde::crash {

using base::FaultEnv;
using base::Result;
using base::Status;
using namespace storage;

namespace {

constexpr const char* kDir = "/data";
constexpr uint64_t kKeys = 60;

/// Long, so that a few dozen of them make a tree of several pages.
Bytes key_bytes(uint64_t key) {
  Bytes bytes(600);
  storage::store(bytes.data(), __builtin_bswap64(key));
  return bytes;
}
std::string payload_of(uint64_t key, const std::string& value) {
  std::string payload(8, '\0');
  std::memcpy(payload.data(), &key, 8);
  return payload + value;
}
uint64_t key_of_payload(ByteSpan payload) {
  return load<uint64_t>(payload.data());
}
/// Longer values go out of line.
constexpr size_t kLongestInLine = 2000;

StoreOptions store_options(const WorkloadOptions& workload) {
  StoreOptions options;
  options.shared_buffers = workload.buffer_pages * kPageSize;
  options.wal.segment_size = 64 << 10;
  options.wal.buffer_size = 256 << 10;
  options.wal.background_flusher = false;
  options.wal.test_omit_image = workload.omit_image;
  options.max_wal_size = 256 << 10;
  options.background_writer = false;
  return options;
}

}  // namespace

bool CrashJudge::visible(const VersionHeader& version) {
  auto fate = [this](TxnId txn) {
    auto state = txns_.state(txn);
    return state ? state->fate : TxnFate::kInProgress;
  };
  if (fate(version.xmin) != TxnFate::kCommitted) return false;
  return version.xmax == TxnId{} || fate(version.xmax) != TxnFate::kCommitted;
}

VersionFate CrashJudge::judge(const VersionHeader& version) {
  auto made = txns_.state(version.xmin);
  if (!made || made->fate == TxnFate::kInProgress) return VersionFate::kNeeded;
  if (made->fate == TxnFate::kAborted) return VersionFate::kDead;
  if (version.xmax == TxnId{}) return VersionFate::kAllSee;
  auto ended = txns_.state(version.xmax);
  if (!ended || ended->fate == TxnFate::kInProgress) return VersionFate::kNeeded;
  return ended->fate == TxnFate::kCommitted ? VersionFate::kDead : VersionFate::kAllSee;
}

Workload::Workload(FaultEnv& env, WorkloadOptions options)
    : env_(env), options_(std::move(options)), random_(options_.seed) {}

Status Workload::start() {
  auto opened = Store::open(env_, kDir, store_options(options_));
  if (!opened) return opened.take_error();
  store_ = std::move(*opened);
  attach();
  return {};
}

void Workload::attach() {
  emptied_ = false;
  subs_.clear();
  judge_ = std::make_unique<CrashJudge>(store_->txns());
  heap_ = std::make_unique<Heap>(*store_, table_id_, judge_.get());
  index_ = std::make_unique<Btree>(*store_, index_id_);
  sequence_ = std::make_unique<Sequence>(*store_, sequence_id_);
}

void Workload::stop() {
  sequence_.reset();
  index_.reset();
  heap_.reset();
  judge_.reset();
  store_.reset();
}

void Workload::expect(const Model& model) {
  now_ = model;
  in_doubt_.reset();
}

Status Workload::run(int transactions) {
  if (now_.relations.empty()) {
    if (Status s = create_table(); !s) return s;
  }
  for (int i = 0; i < transactions; ++i) {
    if (Status s = transaction(); !s) return s;
    if (Status s = maintain(); !s) return s;
  }
  return {};
}

Status Workload::create_table() {
  auto txn = store_->txns().begin();
  if (!txn) return txn.take_error();
  for (RelationId* file : {&table_id_, &index_id_, &sequence_id_}) {
    auto made = store_->txns().create_file(*txn, 1);
    if (!made) return made.take_error();
    *file = *made;
  }
  attach();
  if (Status s = index_->create(); !s) return s;
  if (Status s = sequence_->create(1); !s) return s;
  Model after = now_;
  after.relations = {table_id_, index_id_, sequence_id_};
  return finish(*txn, after, {});
}

Status Workload::finish(TxnId txn, const Model& after, const CommitOptions& commit) {
  in_doubt_ = after;
  if (Status s = store_->txns().commit(task_, txn, commit); !s) return s;
  acknowledge(after);
  return {};
}

void Workload::acknowledge(const Model& after) {
  in_doubt_.reset();
  now_ = after;
  history_.emplace_back(store_->wal().insert_lsn(), now_);
}

Status Workload::prepare(TxnId txn, const Model& after) {
  Bytes state(random_() % 400);
  for (std::byte& b : state) b = static_cast<std::byte>(random_());
  ends_[txn] = {after, now_};
  Model prepared = now_;
  prepared.relations = after.relations;
  prepared.prepared[txn] = state;
  in_doubt_ = prepared;
  if (Status s = store_->txns().prepare(task_, txn, state); !s) return s;
  acknowledge(prepared);
  return {};
}

/// One way or the other.
Status Workload::end_prepared() {
  const TxnId txn = now_.prepared.begin()->first;
  if (random_() % 3 != 0) {
    Model after = ends_[txn].committed;
    after.told = now_.told;
    return finish(txn, after, {});
  }
  Model after = ends_[txn].aborted;
  after.told = now_.told;
  in_doubt_ = after;
  if (Status s = store_->txns().abort_prepared(task_, txn); !s) return s;
  acknowledge(after);
  return {};
}

Status Workload::use_numbers(Model& model) {
  for (auto n = 1 + random_() % 40; n > 0; --n) {
    auto number = sequence_->advance({});
    if (!number) return number.take_error();
    model.told = number->value.value_or(0);
  }
  return {};
}

Status Workload::transaction() {
  if (!now_.prepared.empty() && random_() % 2 == 0) return end_prepared();
  auto txn = store_->txns().begin();
  if (!txn) return txn.take_error();
  subs_.clear();
  Model after = now_;
  CommitOptions commit;
  if (random_() % 3 == 0) {
    if (Status s = use_numbers(after); !s) return s;
  }
  // The rows that a prepared transaction has changed are locked; to keep it simple, all are.
  if (!now_.prepared.empty()) return finish(*txn, after, commit);
  if (random_() % 8 == 0) {
    if (Status s = erase_range(*txn, after); !s) return s;
  }
  const auto steps = emptied_ ? 0 : 1 + random_() % 4;
  for (uint64_t i = 0; i < steps; ++i) {
    if (Status s = change_rows(*txn, after); !s) return s;
  }
  if (!emptied_ && random_() % 5 == 0) {
    if (Status s = savepoint(*txn, after); !s) return s;
  }
  if (random_() % 12 == 0) {
    if (Status s = create_or_drop(*txn, after, commit); !s) return s;
  }
  if (commit.drop_files.empty() && random_() % 8 == 0) return prepare(*txn, after);
  if (random_() % 6 == 0) return store_->txns().abort(*txn);
  return finish(*txn, after, commit);
}

Status Workload::change_rows(TxnId txn, Model& model) {
  const uint64_t key = random_() % kKeys;
  if (!model.rows.contains(key)) return insert(txn, key, model);
  return random_() % 3 == 0 ? erase(txn, key, model) : update(txn, key, model);
}

Status Workload::savepoint(TxnId txn, Model& model) {
  auto sub = store_->txns().begin_sub(txn);
  if (!sub) return sub.take_error();
  subs_.insert(sub->value);
  Model inside = model;
  if (Status s = change_rows(*sub, inside); !s) return s;
  if (random_() % 2 == 0) {
    model = inside;
    return {};
  }
  subs_.erase(sub->value);
  return store_->txns().abort(*sub);
}

std::string Workload::random_value() {
  if (random_() % 24 == 0) {
    std::string value(kLongestInLine + random_() % 16'000, '\0');
    for (char& c : value) c = static_cast<char>(random_());
    return value;
  }
  const size_t length = random_() % 8 == 0 ? random_() % kLongestInLine : random_() % 300;
  return std::string(length, static_cast<char>('a' + random_() % 26));
}

Result<Workload::Payload> Workload::payload(TxnId txn, uint64_t key, const std::string& value) {
  if (value.size() <= kLongestInLine) return Payload{payload_of(key, value), 0};
  auto ref = Overflow(*store_, table_id_).write(txn, as_bytes(value));
  if (!ref) return ref.take_error();
  std::string reference(OverflowRef::kEncodedSize + 2, '\0');
  auto* bytes = reinterpret_cast<std::byte*>(reference.data());
  ref->encode(bytes);
  storage::store(bytes + OverflowRef::kEncodedSize, uint16_t{1});
  return Payload{payload_of(key, reference), kHasOverflow};
}

Result<std::string> Workload::value(const VersionView& version) {
  const ByteSpan rest = version.payload.subspan(8);
  auto text = [](ByteSpan bytes) {
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  if ((version.header.infomask & kHasOverflow) == 0) return text(rest);
  auto read = Overflow(*store_, table_id_).read(OverflowRef::decode(rest.data()));
  if (!read) return read.take_error();
  return text(*read);
}

bool Workload::mine_or_visible(const VersionHeader& version, TxnId txn) {
  auto mine = [&](TxnId id) { return id == txn || subs_.contains(id.value); };
  auto mine_or_committed = [&](TxnId id) {
    if (mine(id)) return true;
    auto state = store_->txns().state(id);
    return state && state->fate == TxnFate::kCommitted;
  };
  // A sub-transaction sees what its parent wrote. Nobody else is at work on rows.
  auto parent_in_progress = [&](TxnId id) {
    if (txn == TxnId{}) return false;
    auto state = store_->txns().state(id);
    return state && state->fate == TxnFate::kInProgress;
  };
  const bool made = mine_or_committed(version.xmin) || parent_in_progress(version.xmin);
  const bool ended = version.xmax != TxnId{} &&
                     (mine_or_committed(version.xmax) || parent_in_progress(version.xmax));
  return made && !ended;
}

Result<std::optional<TupleId>> Workload::find(uint64_t key, TxnId txn) {
  std::vector<TupleId> roots;
  if (Status s = index_->lookup(key_bytes(key), roots); !s) return s.take_error();
  VersionBatch chain;
  for (TupleId root : roots) {
    auto found = heap_->read_chain(root, chain);
    if (!found) return found.take_error();
    for (const VersionView& version : chain.versions()) {
      if (key_of_payload(version.payload) == key && mine_or_visible(version.header, txn))
        return std::optional(version.id);
    }
  }
  return std::optional<TupleId>();
}

Status Workload::insert(TxnId txn, uint64_t key, Model& model) {
  const std::string value = random_value();
  auto made = payload(txn, key, value);
  if (!made) return made.take_error();
  auto id = heap_->insert({txn, CommandId{}, as_bytes(made->bytes), made->infomask});
  if (!id) return id.take_error();
  auto entry = index_->insert(txn, key_bytes(key), *id);
  if (!entry) return entry.take_error();
  model.rows[key] = value;
  return {};
}

Status Workload::update(TxnId txn, uint64_t key, Model& model) {
  auto old = find(key, txn);
  if (!old) return old.take_error();
  ISOLDE_CHECK(old->has_value(), "a row of the model cannot be found");
  const std::string value = random_value();
  auto made = payload(txn, key, value);
  if (!made) return made.take_error();
  const bool hot = random_() % 3 != 0;
  auto mark = [&](const VersionHeader&) {
    return std::optional(VersionMark{txn, CommandId{}, {}, 0});
  };
  auto done =
      heap_->update(**old, {txn, CommandId{}, as_bytes(made->bytes), made->infomask}, hot, mark);
  if (!done) return done.take_error();
  ISOLDE_CHECK(done->done, "an update was declined");
  model.rows[key] = value;
  if (done->hot) return {};
  auto entry = index_->insert(txn, key_bytes(key), done->id);
  return entry ? Status() : Status(entry.take_error());
}

Status Workload::erase(TxnId txn, uint64_t key, Model& model) {
  auto old = find(key, txn);
  if (!old) return old.take_error();
  ISOLDE_CHECK(old->has_value(), "a row of the model cannot be found");
  auto done = heap_->mark(txn, **old, [&](const VersionHeader& header) {
    return std::optional(VersionMark{txn, CommandId{}, header.next, 0});
  });
  if (!done) return done.take_error();
  model.rows.erase(key);
  return {};
}

/// Neighbours in the index, so that vacuum finds empty pages; or all, so that it can cut the table.
Status Workload::erase_range(TxnId txn, Model& model) {
  const bool all = random_() % 4 == 0;
  emptied_ = all;
  const uint64_t from = all ? 0 : random_() % kKeys;
  for (uint64_t key = from; key < from + (all ? kKeys : kKeys / 3); ++key) {
    if (!model.rows.contains(key)) continue;
    if (Status s = erase(txn, key, model); !s) return s;
  }
  return {};
}

Status Workload::create_or_drop(TxnId txn, Model& model, CommitOptions& commit) {
  if (model.relations.size() > 4) {
    commit.drop_files.push_back(*model.relations.rbegin());
    model.relations.erase(commit.drop_files.front());
    return {};
  }
  auto made = store_->txns().create_file(txn, 1);
  if (!made) return made.take_error();
  model.relations.insert(*made);
  Heap other(*store_, *made);
  const std::string payload = payload_of(1, "another");
  auto id = other.insert({txn, CommandId{}, as_bytes(payload), 0});
  return id ? Status() : Status(id.take_error());
}

Status Workload::maintain() {
  if (emptied_ || random_() % 10 == 0) {
    Btree* indexes[] = {index_.get()};
    VacuumOptions vacuum_options;
    vacuum_options.truncate = emptied_ || random_() % 2 == 0;
    emptied_ = false;
    auto stats = vacuum(task_, *heap_, indexes, vacuum_options);
    if (!stats) return stats.take_error();
    const TxnId over_below =
        now_.prepared.empty() ? store_->txns().next() : now_.prepared.begin()->first;
    auto freed = vacuum_overflow(task_, *heap_, over_below);
    if (!freed) return freed.take_error();
  }
  if (options_.checkpoints && random_() % 8 == 0) {
    if (Status s = store_->checkpoint(); !s) return s;
  }
  return {};
}

// ---- checking

Result<Model> Workload::read_everything() {
  Model found;
  found.prepared = store_->txns().prepared();
  auto files = store_->files().relations();
  if (!files) return files.take_error();
  for (RelationId relation : *files) {
    if (relation.space != 0) found.relations.insert(relation);
  }
  if (!found.relations.contains(table_id_)) return found;
  auto blocks = heap_->block_count();
  if (!blocks) return blocks.take_error();
  VersionBatch batch;
  for (uint32_t block = 0; block < blocks->value; ++block) {
    if (Status s = heap_->read_page(BlockNumber{block}, batch); !s) return s.take_error();
    for (const VersionView& version : batch.versions()) {
      if (!judge_->visible(version.header)) continue;
      auto content = value(version);
      if (!content) return content.take_error();
      auto [at, fresh] = found.rows.emplace(key_of_payload(version.payload), std::move(*content));
      if (!fresh)
        return base::Error(base::sqlstate::kDataCorrupted,
                           "two visible versions of row " + std::to_string(at->first));
    }
  }
  return found;
}

std::optional<std::string> Workload::check() {
  auto found = read_everything();
  if (!found) return "reading: " + found.error().message();
  // One that leaves no trace may be lost as well: its numbers do not count as used.
  if (in_doubt_ && *found == *in_doubt_ && !(*found == now_)) now_ = *in_doubt_;
  in_doubt_.reset();
  if (found->prepared != now_.prepared)
    return "the prepared transactions are not those that should be";
  if (found->relations != now_.relations) return "the files are not those that should exist";
  if (found->rows != now_.rows) return "the rows are not those that were committed";
  if (now_.relations.empty()) return std::nullopt;
  if (auto wrong = check_structures()) return wrong;
  if (auto wrong = check_index()) return wrong;
  return check_sequence();
}

std::optional<std::string> Workload::check_structures() {
  auto blocks = heap_->block_count();
  if (!blocks) return blocks.error().message();
  for (uint32_t block = 0; block < blocks->value; ++block) {
    auto ref = store_->pool().fetch({table_id_, Fork::kMain, BlockNumber{block}});
    if (!ref) return ref.error().message();
    SharedPage page(std::move(*ref));
    if (auto wrong = verify_heap_page(page.view())) return "heap: " + *wrong;
    auto mapped = heap_->all_visible(BlockNumber{block});
    if (!mapped) return mapped.error().message();
    if (*mapped != ((page->flags() & kPageAllVisible) != 0))
      return "visibility map and page disagree on block " + std::to_string(block);
  }
  auto wrong = index_->verify();
  if (!wrong) return "index: " + wrong.error().message();
  if (*wrong) return "index: " + **wrong;
  return std::nullopt;
}

std::optional<std::string> Workload::check_index() {
  subs_.clear();
  for (const auto& [key, value] : now_.rows) {
    auto id = find(key, TxnId{});
    if (!id) return id.error().message();
    if (!*id) return "row " + std::to_string(key) + " is not in the index";
  }
  BtreeCursor cursor(*index_);
  Status s = cursor.seek_first();
  for (; s && cursor.valid(); s = cursor.next()) {
    auto ref = store_->pool().fetch({table_id_, Fork::kMain, cursor.row().block});
    if (!ref) return "index entry to nowhere: " + ref.error().message();
    SharedPage page(std::move(*ref));
    const int slot = cursor.row().slot.value;
    if (slot >= page->slot_count() || page->line(slot).state == LineState::kUnused)
      return "index entry to an unused line pointer";
  }
  return s ? std::nullopt : std::optional(s.error().message());
}

std::optional<std::string> Workload::check_sequence() {
  auto number = sequence_->advance({});
  if (!number) return number.error().message();
  if (number->value.value_or(0) <= now_.told)
    return "the sequence gives a number again: " + std::to_string(number->value.value_or(0));
  return std::nullopt;
}

// ---- experiments

std::optional<std::string> run_experiment(const Experiment& experiment, uint64_t* changes) {
  FaultEnv env;
  Workload workload(env, experiment.workload);
  env.skip_syncs_of(experiment.skip_syncs_of);
  if (experiment.cut > 0) env.crash_at(experiment.cut);
  Status run = workload.start();
  if (run) run = workload.run(experiment.workload.transactions);
  if (!run && !env.crashed()) return "stopped by itself: " + run.error().message();
  if (changes != nullptr) *changes = env.changes();
  env.crash_now();
  workload.stop();
  env.restart(experiment.killed ? FaultEnv::AfterCrash::kKillProcess : experiment.after,
              experiment.seed);

  if (experiment.cut_in_recovery > 0) {
    env.crash_at(experiment.cut_in_recovery);
    Status again = workload.start();
    env.crash_now();
    workload.stop();
    env.restart(experiment.after, experiment.seed + 1);
  }
  if (Status s = workload.start(); !s) return "recovery: " + s.error().message();
  if (auto wrong = workload.check()) return wrong;
  if (experiment.killed) {
    env.crash_now();
    workload.stop();
    env.restart(experiment.after, experiment.seed + 2);
    if (Status s = workload.start(); !s) return "second recovery: " + s.error().message();
    if (auto wrong = workload.check()) return "after the second recovery: " + *wrong;
  }
  if (Status s = workload.run(5); !s) return "after recovery: " + s.error().message();
  if (auto wrong = workload.check()) return "after going on: " + *wrong;
  return std::nullopt;
}

std::set<RecordKind> kinds_of_records(uint64_t seeds) {
  std::set<RecordKind> kinds;
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    FaultEnv env;
    WorkloadOptions options;
    options.seed = seed;
    options.checkpoints = false;
    Workload workload(env, options);
    Status run = workload.start();
    const Lsn begin = workload.store().wal().redo_lsn();
    if (run) run = workload.run(options.transactions);
    ISOLDE_CHECK(run.ok(), "a workload on a sound disk failed");
    static_cast<void>(workload.store().wal().flush(workload.store().wal().insert_lsn()));
    workload.stop();
    WalReader reader(env, std::string(kDir) + "/wal", store_options(options).wal.segment_size,
                     begin);
    WalRecord record;
    for (auto more = reader.next(record); more && *more; more = reader.next(record))
      kinds.insert(record.kind);
  }
  return kinds;
}

std::optional<std::string> run_log_cut(const WorkloadOptions& options, size_t record,
                                       bool& exists) {
  FaultEnv env;
  Workload workload(env, options);
  Status run = workload.start();
  const Lsn begin = workload.store().wal().redo_lsn();
  if (run) run = workload.run(options.transactions);
  if (!run) return "stopped by itself: " + run.error().message();
  const Lsn end = workload.store().wal().insert_lsn();
  auto history = workload.history();
  workload.stop();

  const uint64_t segment = store_options(options).wal.segment_size;
  const std::string wal = std::string(kDir) + "/wal";
  WalReader reader(env, wal, segment, begin);
  WalRecord read;
  // The first record is the checkpoint that the control file names.
  for (size_t n = 0; n <= record + 1; ++n) {
    auto more = reader.next(read);
    if (!more || !*more) {
      exists = false;
      return std::nullopt;
    }
  }
  exists = true;
  const Lsn cut = reader.position();
  for (uint64_t at = cut.value; at < end.value; at = (at / segment + 1) * segment) {
    auto file = env.open(wal + "/" + segment_name(at / segment), base::OpenMode::kReadWrite);
    if (!file) return file.error().message();
    const Bytes zeros(segment - at % segment);
    if (Status s = (*file)->write_at(at % segment, zeros); !s) return s.error().message();
  }
  Model expected;
  for (const auto& [lsn, model] : history) {
    if (lsn <= cut) expected = model;
  }
  workload.expect(expected);
  if (Status s = workload.start(); !s) return "recovery: " + s.error().message();
  return workload.check();
}

}  // namespace isolde::crash
