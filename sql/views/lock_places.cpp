#include "sql/views/lock_places.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sql/binder/table_names.hpp"
#include "sql/catalog/catalog.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/session/session_services.hpp"
#include "sql/table/row_codec.hpp"
#include "sql/types/output_style.hpp"
#include "txn/snapshot_scan.hpp"

namespace isolde::sql {

using storage::TupleId;
using txn::LockKind;
using txn::LockTag;

namespace {

ByteSpan bytes_of(std::string_view label) {
  return {reinterpret_cast<const std::byte*>(label.data()), label.size()};
}

bool is_of_relation(LockKind kind) {
  switch (kind) {
    case LockKind::kRelation:
    case LockKind::kExtend:
    case LockKind::kPage:
    case LockKind::kTuple:
    case LockKind::kKey:
    case LockKind::kGap:
      return true;
    case LockKind::kTransaction:
    case LockKind::kVirtualTransaction:
    case LockKind::kObject:
    case LockKind::kDatabase:
    case LockKind::kAdvisory:
      return false;
  }
  return false;
}

/// As InnoDB shows the rows of a table without a key: six bytes.
std::string row_id(TupleId root) {
  return fmt::format("0x{:08X}{:04X}", root.block.value, root.slot.value + 1);
}

}  // namespace

LockPlaces::LockPlaces(SessionServices& services, Arena& arena)
    : services_(services), arena_(arena) {}

const LockPlaces::Place& LockPlaces::of(const LockTag& tag) {
  static const Place kUnknown;
  const CatalogImage& image = *services_.table_names().image;
  if (!is_of_relation(tag.kind) || tag.database != image.database()) return kUnknown;
  auto [at, is_new] = places_.try_emplace(tag.relation);
  if (!is_new) return at->second;
  RelationPtr relation = image.relation(tag.relation);
  if (relation == nullptr) return at->second;
  TableInfoPtr table = table_info(relation->index ? relation->index->table : relation->oid);
  Place& place = at->second;
  if (table == nullptr) return place;
  place.table = table.get();
  place.schema = table->schema_name(image);
  place.readable = has_privilege(image, role_by_name(image, services_.user()), *table->relation,
                                 Privilege::kSelect);
  for (const IndexInfo& index : table->indexes) {
    if (index.relation->oid == tag.relation) place.index = &index;
  }
  return place;
}

/// Null for what is stored nowhere.
TableInfoPtr LockPlaces::table_info(Oid oid) {
  auto [at, is_new] = tables_.try_emplace(oid);
  if (!is_new) return at->second;
  const TableNames& names = services_.table_names();
  RelationPtr relation = names.image->relation(oid);
  const bool stored = relation != nullptr && relation->relation_kind == RelationKind::kTable &&
                      relation->file.number != 0;
  if (stored) {
    at->second = make_table_info(*names.image, relation, names.catalog->open(names.image, oid),
                                 *names.types);
  }
  return at->second;
}

void LockPlaces::append_value(std::string& text, const Type& type, Datum value) const {
  if (!text.empty()) text += ", ";
  if (value.is_null()) {
    text += "NULL";
    return;
  }
  const bool quoted = type.category != 'N';
  if (quoted) text += '\'';
  type.to_text(value, text, services_.style());
  if (quoted) text += '\'';
}

std::string LockPlaces::key_values(const Place& place, std::string_view label) {
  if (place.index == nullptr || !place.readable || label.empty()) return "";
  const IndexInfo& index = *place.index;
  const std::vector<KeyColumn>& columns = index.codec.columns();
  std::vector<Datum> values(columns.size());
  index.codec.decode(bytes_of(label), columns.size(), values.data(), arena_);
  std::string text;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (index.codec.decodable(i)) append_value(text, *columns[i].type, values[i]);
  }
  return text;
}

std::vector<TupleId> LockPlaces::rows_with(const Place& place, std::string_view label) {
  std::vector<TupleId> rows;
  base::value_or_throw(place.index->index->tree.lookup(bytes_of(label), rows));
  return rows;
}

const IndexInfo* LockPlaces::primary_key(const TableInfo& table) {
  auto found = std::ranges::find_if(
      table.indexes, [](const IndexInfo& index) { return index.description().primary; });
  return found == table.indexes.end() ? nullptr : &*found;
}

std::string LockPlaces::row_values(const Place& place, TupleId root) {
  if (place.table == nullptr) return "";
  const TableInfo& table = *place.table;
  const IndexInfo* key = primary_key(table);
  if (key == nullptr) return row_id(root);
  if (!place.readable) return "";
  storage::VersionBatch batch;
  storage::Heap& heap = table.table->heap;
  if (!base::value_or_throw(heap.read(root, batch)) || batch.versions().empty()) return "";
  std::vector<Datum> row(table.shape.size());
  std::vector<int> wanted = key->columns;
  std::ranges::sort(wanted);
  OutsideReader outside(heap.store(), heap.relation(), &arena_);
  const RowDecoder decoder(table.shape, wanted, wanted);
  decoder.decode(txn::row_of(batch.versions().front(), root).payload, row.data(), &outside);
  std::string text;
  for (int column : key->columns) {
    const auto at = static_cast<size_t>(column);
    append_value(text, *table.shape[at].type, row[at]);
  }
  return text;
}

}  // namespace isolde::sql
