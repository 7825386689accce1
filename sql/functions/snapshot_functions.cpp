#include "sql/functions/declaration.hpp"
#include "sql/types/snapshot_type.hpp"

// What a pg_snapshot says. The old names take and give bigint.

namespace isolde::sql {

namespace {

Datum xmin(CallContext&, const Datum* args) {
  return Datum::of_int(SnapshotValue::read(args[0]).xmin);
}
Datum xmax(CallContext&, const Datum* args) {
  return Datum::of_int(SnapshotValue::read(args[0]).xmax);
}
Datum visible(CallContext&, const Datum* args) {
  return Datum::of_bool(SnapshotValue::read(args[1]).shows(args[0].as_int()));
}

class Running final : public SetIterator {
 public:
  explicit Running(SnapshotValue value) : value_(std::move(value)) {}
  bool next(CallContext& context, Datum* columns) override {
    if (next_ >= value_.running.size()) return false;
    context.poll();
    columns[0] = Datum::of_int(value_.running[next_++]);
    return true;
  }

 private:
  SnapshotValue value_;
  size_t next_ = 0;
};
std::unique_ptr<SetIterator> running(CallContext&, const Datum* args) {
  return std::make_unique<Running>(SnapshotValue::read(args[0]));
}

constexpr FunctionRow kRows[] = {
    {5062, "pg_snapshot_xmin(pg_snapshot) xid8", xmin},
    {5063, "pg_snapshot_xmax(pg_snapshot) xid8", xmax},
    {5064, "pg_snapshot_xip(pg_snapshot) setof xid8", running},
    {5065, "pg_visible_in_snapshot(xid8, pg_snapshot) bool", visible},
    {2945, "txid_snapshot_xmin(txid_snapshot) int8", xmin},
    {2946, "txid_snapshot_xmax(txid_snapshot) int8", xmax},
    {2947, "txid_snapshot_xip(txid_snapshot) setof int8", running},
    {2948, "txid_visible_in_snapshot(int8, txid_snapshot) bool", visible},
};

}  // namespace

const std::span<const FunctionRow> kSnapshotFunctions = kRows;

}  // namespace isolde::sql
