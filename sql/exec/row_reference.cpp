#include "sql/exec/row_reference.hpp"

#include <array>
#include <cstring>

#include "sql/types/type_ids.hpp"

namespace isolde::sql {

const Type kRowReferenceType{.oid = base::Oid{},
                             .name = "row reference",
                             .sql_name = "row reference",
                             .size = -1,
                             .kind = TypeKind::kPseudo,
                             .storage = Storage::kBytes};

Datum make_reference(base::Oid table, const txn::Row& row, bool with_payload, Arena& arena) {
  size_t payload = with_payload ? row.payload.size() : 0;
  char* at = arena.allocate(sizeof(RowHead) + payload);
  new (at) RowHead{table, row.id, row.root, row.header};
  if (payload > 0) std::memcpy(at + sizeof(RowHead), row.payload.data(), payload);
  return Datum::of_bytes({at, sizeof(RowHead) + payload});
}

RowHead read_head(Datum reference) {
  RowHead head;
  std::memcpy(&head, reference.as_bytes().data(), sizeof head);
  return head;
}

txn::Row read_reference(Datum reference) {
  RowHead head = read_head(reference);
  std::string_view payload = reference.as_bytes().substr(sizeof(RowHead));
  return {head.id, head.root, head.header, storage::as_bytes(payload), {}};
}

namespace {

Datum ctid(CallContext& context, const Datum* arguments) {
  txn::TupleId id = read_head(arguments[0]).id;
  char* at = context.arena.allocate(6);
  auto slot = static_cast<uint16_t>(id.slot.value + 1);
  std::memcpy(at, &id.block.value, 4);
  std::memcpy(at + 4, &slot, 2);
  return Datum::of_bytes({at, 6});
}
/// Transaction ids are shown by their lower half, as xid has it.
Datum shown(base::TxnId id) {
  return Datum::of_int(static_cast<uint32_t>(id.value));
}
Datum xmin(CallContext&, const Datum* arguments) {
  return shown(read_head(arguments[0]).header.xmin);
}
Datum xmax(CallContext&, const Datum* arguments) {
  return shown(read_head(arguments[0]).header.xmax);
}
Datum cmin(CallContext&, const Datum* arguments) {
  return Datum::of_int(read_head(arguments[0]).header.cmin.value);
}
Datum cmax(CallContext&, const Datum* arguments) {
  const RowHead head = read_head(arguments[0]);
  return Datum::of_int(head.header.xmax == base::TxnId{} ? head.header.cmin.value
                                                         : head.header.cmax.value);
}
Datum tableoid(CallContext&, const Datum* arguments) {
  return Datum::of_int(read_head(arguments[0]).table.value);
}

Function column(std::string_view name, base::Oid type, ScalarFunction scalar) {
  Function function;
  function.name = name;
  function.argument_types = {base::Oid{}};
  function.result_type = type;
  function.scalar = scalar;
  return function;
}

}  // namespace

const Function* system_column(std::string_view name) {
  static const std::array<Function, 6> kColumns = {
      column("ctid", types::kTid, ctid), column("xmin", types::kXid, xmin),
      column("xmax", types::kXid, xmax), column("cmin", types::kCid, cmin),
      column("cmax", types::kCid, cmax), column("tableoid", types::kOid, tableoid),
  };
  for (const Function& one : kColumns) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

}  // namespace isolde::sql
