#include "sql/types/snapshot_type.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "sql/types/builtin_types.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"

// pg_snapshot and, for old clients, txid_snapshot: "xmin:xmax:running,running,...".

namespace isolde::sql {

SnapshotValue SnapshotValue::read(Datum stored) {
  std::string_view bytes = stored.as_bytes();
  SnapshotValue value;
  value.xmin = load<int64_t>(bytes.data());
  value.xmax = load<int64_t>(bytes.data() + 8);
  for (size_t at = 16; at < bytes.size(); at += 8) {
    value.running.push_back(load<int64_t>(bytes.data() + at));
  }
  return value;
}

Datum SnapshotValue::write(Arena& arena) const {
  size_t size = 16 + running.size() * 8;
  char* to = arena.allocate(size);
  store(to, xmin);
  store(to + 8, xmax);
  for (size_t i = 0; i < running.size(); ++i) store(to + 16 + i * 8, running[i]);
  return Datum::of_bytes({to, size});
}

bool SnapshotValue::shows(int64_t transaction) const {
  if (transaction < xmin) return true;
  if (transaction >= xmax) return false;
  return !std::binary_search(running.begin(), running.end(), transaction);
}

namespace {

bool read_number(std::string_view& rest, int64_t& value) {
  auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc()) return false;
  rest.remove_prefix(static_cast<size_t>(end - rest.data()));
  return true;
}
bool skip(std::string_view& rest, char c) {
  if (!rest.starts_with(c)) return false;
  rest.remove_prefix(1);
  return true;
}

bool parse(std::string_view rest, SnapshotValue& value) {
  if (!read_number(rest, value.xmin) || !skip(rest, ':')) return false;
  if (!read_number(rest, value.xmax) || !skip(rest, ':')) return false;
  if (value.xmin <= 0 || value.xmax < value.xmin) return false;
  int64_t last = 0;
  while (!rest.empty()) {
    int64_t one = 0;
    if (!read_number(rest, one)) return false;
    if (one < value.xmin || one >= value.xmax || one < last) return false;
    if (one != last) value.running.push_back(one);
    last = one;
    if (!skip(rest, ',') && !rest.empty()) return false;
  }
  return true;
}

Datum snapshot_from_text(const Type&, std::string_view text, int32_t, Arena& arena,
                         const OutputStyle&) {
  SnapshotValue value;
  if (!parse(text, value)) fail_syntax("pg_snapshot", text);
  return value.write(arena);
}

void snapshot_to_text(const Type&, Datum stored, std::string& out, const OutputStyle&) {
  SnapshotValue value = SnapshotValue::read(stored);
  out += std::to_string(value.xmin) + ":" + std::to_string(value.xmax) + ":";
  for (size_t i = 0; i < value.running.size(); ++i) {
    if (i > 0) out += ',';
    out += std::to_string(value.running[i]);
  }
}

Datum snapshot_from_binary(const Type&, std::string_view bytes, int32_t, Arena& arena) {
  BinaryReader reader(bytes);
  auto count = reader.read<int32_t>();
  SnapshotValue value;
  value.xmin = reader.read<int64_t>();
  value.xmax = reader.read<int64_t>();
  bool good = count >= 0 && value.xmin > 0 && value.xmax >= value.xmin;
  int64_t last = value.xmin;
  for (int32_t i = 0; good && i < count; ++i) {
    auto one = reader.read<int64_t>();
    good = one >= last && one < value.xmax;
    if (value.running.empty() || one != last) value.running.push_back(one);
    last = one;
  }
  if (!good) fail_binary("invalid external pg_snapshot data");
  reader.finish();
  return value.write(arena);
}

void snapshot_to_binary(const Type&, Datum stored, std::string& out) {
  SnapshotValue value = SnapshotValue::read(stored);
  append_network(out, static_cast<int32_t>(value.running.size()));
  append_network(out, value.xmin);
  append_network(out, value.xmax);
  for (int64_t one : value.running) append_network(out, one);
}

}  // namespace

const TypeFunctions kSnapshotTypeFunctions{snapshot_from_text, snapshot_to_text,
                                           snapshot_from_binary, snapshot_to_binary};

}  // namespace isolde::sql
