#include <cstring>

#include "sql/binder/table_names.hpp"
#include "sql/catalog/database.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/table/row_codec.hpp"
#include "sql/table/table_info.hpp"
#include "sql/types/array.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/function_tables.hpp"
#include "sql/views/innodb_words.hpp"
#include "txn/snapshot_scan.hpp"
#include "txn/version_rules.hpp"

// isolde.row_versions('t'): every version of every row that is still there, whoever may see it, in
// the order of their places.
//
//   ctid   xmin  xmin_state   xmax  xmax_state    next   kind          row      visible_to
//   (0,1)  750   committed    752   in progress   (0,2)  updated       (1,a)    {1001,1002}
//   (0,2)  752   in progress  0                          newest, hot   (1,b)    {1003}

namespace isolde::sql {

namespace {

using base::TxnId;
using storage::TxnFate;
using storage::VersionHeader;
using storage::VersionView;

Datum tid(Arena& arena, storage::TupleId id) {
  if (!id.valid()) return Datum::null();
  char* at = arena.allocate(6);
  const auto slot = static_cast<uint16_t>(id.slot.value + 1);
  std::memcpy(at, &id.block.value, 4);
  std::memcpy(at + 4, &slot, 2);
  return Datum::of_bytes({at, 6});
}

std::string_view state_name(TxnFate fate) {
  switch (fate) {
    case TxnFate::kInProgress:
      return "in progress";
    case TxnFate::kCommitted:
      return "committed";
    case TxnFate::kAborted:
      return "aborted";
  }
  return "";
}

std::string_view lock_name(txn::RowLock strength) {
  switch (strength) {
    case txn::RowLock::kKeyShare:
      return "locked for key share";
    case txn::RowLock::kShare:
      return "locked for share";
    case txn::RowLock::kNoKeyUpdate:
      return "locked for no key update";
    case txn::RowLock::kUpdate:
      return "locked for update";
  }
  return "";
}

/// What xmax has done.
std::string kind_of(const VersionHeader& header) {
  std::string kind;
  if ((header.infomask & txn::kRetracted) != 0) {
    kind = "taken back";
  } else if (header.xmax == TxnId{}) {
    kind = "newest";
  } else if (txn::only_locks(header)) {
    kind = lock_name(txn::strength_of(header));
  } else {
    kind = header.next.valid() || (header.infomask & txn::kReplaced) != 0 ? "updated" : "deleted";
  }
  if ((header.infomask & storage::kHeapOnly) != 0) kind += ", hot";
  return kind;
}

class Versions final : public SetIterator {
 public:
  Versions(CallContext& context, Oid oid) : services_(*context.services) {
    const TableNames& names = services_.table_names();
    RelationPtr relation = names.image->relation(oid);
    if (relation == nullptr || !has_rows(*relation) || relation->file.number == 0) {
      fail(base::sqlstate::kWrongObjectType, relation == nullptr
                                                 ? "relation does not exist"
                                                 : "\"" + relation->name + "\" is not a table");
    }
    require_privilege(*names.image, role_by_name(*names.image, services_.user()), *relation,
                      Privilege::kSelect);
    info_ = make_table_info(*names.image, relation, names.catalog->open(names.image, oid),
                            builtin_type_source());
    for (int place : info_->live) {
      const ColumnObject& column = info_->column(place);
      row_type_.fields.push_back(
          {column.name, info_->shape[static_cast<size_t>(place)].type, column.typmod, false});
    }
    std::vector<int> outputs;
    for (size_t i = 0; i < info_->live.size(); ++i) outputs.push_back(static_cast<int>(i));
    decoder_ = RowDecoder(info_->shape, info_->live, outputs);
    blocks_ = base::value_or_throw(heap().block_count()).value;
    sessions_ = services_.instance().transactions().views();
  }

  bool next(CallContext& context, Datum* columns) override {
    while (at_ == batch_.versions().size()) {
      context.poll();
      if (block_ == blocks_) return false;
      base::value_or_throw(heap().read_page(storage::BlockNumber{block_++}, batch_));
      at_ = 0;
    }
    fill(context, batch_.versions()[at_++], columns);
    return true;
  }

 private:
  storage::Heap& heap() { return info_->table->heap; }
  storage::TxnState state(TxnId id) { return services_.instance().transactions().state(id); }

  void fill(CallContext& context, const VersionView& version, Datum* columns) {
    const VersionHeader& header = version.header;
    *columns++ = tid(context.arena, version.id);
    *columns++ = Datum::of_int(static_cast<int64_t>(header.xmin.value));
    *columns++ = Datum::of_bytes(state_name(state(header.xmin).fate));
    *columns++ = Datum::of_int(static_cast<int64_t>(header.xmax.value));
    *columns++ = header.xmax == TxnId{} ? Datum::null()
                                        : Datum::of_bytes(state_name(state(header.xmax).fate));
    *columns++ = tid(context.arena, header.next);
    *columns++ = context.arena.bytes(kind_of(header));
    *columns++ = context.arena.bytes(row_text(context, version));
    *columns++ = visible_to(context, header);
  }

  std::string row_text(CallContext& context, const VersionView& version) {
    const storage::ByteSpan payload = txn::row_of(version, version.id).payload;
    std::vector<Datum> fields(info_->live.size());
    OutsideReader outside(heap().store(), heap().relation(), &context.arena);
    decoder_.decode(payload, fields.data(), &outside);
    std::string text;
    row_type_.to_text(make_record(row_type_, fields, context.arena), text, context.style);
    return text;
  }

  /// The sessions whose snapshots see it, by the rules of multi-version concurrency control.
  Datum visible_to(CallContext& context, const VersionHeader& header) {
    std::vector<Datum> pids;
    for (const txn::TransactionView& session : sessions_) {
      if (session.xmin == TxnId{} || session.session == base::SessionId{}) continue;
      if (sees(session, header)) pids.push_back(Datum::of_int(session.session.value));
    }
    const Type& type = type_of(types::kInt4);
    return pids.empty() ? empty_array(type, context.arena) : make_array(type, pids, context.arena);
  }

  bool is_over_for(const txn::TransactionView& session, TxnId id) {
    if (id == session.id && id != TxnId{}) return true;
    const storage::TxnState found = state(id);
    return found.fate == TxnFate::kCommitted && found.seq <= session.snapshot;
  }
  bool sees(const txn::TransactionView& session, const VersionHeader& header) {
    if ((header.infomask & txn::kRetracted) != 0 || !is_over_for(session, header.xmin)) {
      return false;
    }
    return txn::only_locks(header) || !is_over_for(session, header.xmax);
  }

  SessionServices& services_;
  TableInfoPtr info_;
  CompositeType row_type_{std::vector<CompositeField>()};
  RowDecoder decoder_;
  std::vector<txn::TransactionView> sessions_;
  storage::VersionBatch batch_;
  size_t at_ = 0;
  uint32_t block_ = 0, blocks_ = 0;
};

std::unique_ptr<SetIterator> row_versions(CallContext& context, const Datum* args) {
  return std::make_unique<Versions>(context, Oid(static_cast<uint32_t>(args[0].as_int())));
}

// --- the last conflict

class OneRow final : public SetIterator {
 public:
  explicit OneRow(SessionServices& services) : services_(services) {}
  bool next(CallContext& context, Datum* columns) override {
    const auto& conflict = services_.last_conflict();
    if (done_ || !conflict) return false;
    done_ = true;
    const base::Error& error = conflict->error;
    auto text = [&](const std::string& value) {
      return value.empty() ? Datum::null() : context.arena.bytes(value);
    };
    columns[0] = context.arena.bytes(error.state().code());
    columns[1] = text(error.message());
    columns[2] = text(error.fields().detail);
    columns[3] = text(error.fields().hint);
    columns[4] = text(conflict->statement);
    columns[5] = Datum::of_int(conflict->at.micros);
    return true;
  }

 private:
  SessionServices& services_;
  bool done_ = false;
};

std::unique_ptr<SetIterator> last_conflict(CallContext& context, const Datum*) {
  return std::make_unique<OneRow>(*context.services);
}

constexpr FunctionRow kRows[] = {
    {13910,
     "row_versions(regclass, out ctid tid, out xmin xid8, out xmin_state text, out xmax xid8, "
     "out xmax_state text, out next tid, out kind text, out row text, out visible_to int4[]) "
     "setof record",
     row_versions, kVolatile},
    {13911,
     "last_conflict(out sqlstate text, out message text, out detail text, out hint text, "
     "out statement text, out at timestamptz) setof record",
     last_conflict, kVolatile},
    {13912, "innodb_status() text", innodb_status, kVolatile},
};

}  // namespace

extern const std::span<const FunctionRow> kRowVersionFunctions = kRows;

}  // namespace isolde::sql
