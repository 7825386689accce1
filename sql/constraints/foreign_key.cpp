#include "sql/constraints/foreign_key.hpp"

#include <algorithm>
#include <limits>

#include "sql/catalog/catalog.hpp"
#include "sql/catalog/catalog_types.hpp"
#include "sql/catalog/database.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

bool is_integer(KeyForm form) {
  return form == KeyForm::kInt2 || form == KeyForm::kInt4 || form == KeyForm::kInt8;
}

/// Are values of this type bytes of the key column just as its own are?
bool encodes_alike(const KeyColumn& column, const Type& type) {
  if (column.type->oid == type.oid) return true;
  KeyForm form = key_form(type);
  if (is_integer(column.form) && is_integer(form)) return true;
  return column.form == form && (form == KeyForm::kText || form == KeyForm::kFloat);
}

/// An integer that the column cannot hold is equal to none that it holds.
bool fits(KeyForm form, Datum value) {
  if (form == KeyForm::kInt2) {
    return value.as_int() >= std::numeric_limits<int16_t>::min() &&
           value.as_int() <= std::numeric_limits<int16_t>::max();
  }
  if (form == KeyForm::kInt4) {
    return value.as_int() >= std::numeric_limits<int32_t>::min() &&
           value.as_int() <= std::numeric_limits<int32_t>::max();
  }
  return true;
}

const IndexInfo* find_index(const TableInfo& table, Oid index) {
  for (const IndexInfo& one : table.indexes) {
    if (one.relation->oid == index && !one.has_expressions()) return &one;
  }
  return nullptr;
}

}  // namespace

KeyFinder::KeyFinder(TableInfoPtr table, Oid index, const std::vector<int16_t>& columns,
                     std::span<const Type* const> types)
    : table_(std::move(table)) {
  const IndexInfo* found = find_index(*table_, index);
  if (found == nullptr || found->columns.size() != columns.size()) return;
  std::vector<std::pair<int, int>> wanted;  // place in the table, column of the index
  for (size_t k = 0; k < found->columns.size(); ++k) {
    auto at = std::ranges::find(columns, static_cast<int16_t>(found->columns[k] + 1));
    if (at == columns.end()) return;
    order_.push_back(static_cast<size_t>(at - columns.begin()));
    if (!encodes_alike(found->codec.columns()[k], *types[order_.back()])) return;
    wanted.emplace_back(found->columns[k], static_cast<int>(k));
  }
  std::ranges::sort(wanted);
  std::vector<int> places, outputs;
  for (auto [place, output] : wanted) {
    places.push_back(place);
    outputs.push_back(output);
  }
  decoder_ = RowDecoder(table_->shape, std::move(places), outputs);
  index_ = found;
  spec_.index = index_->index;
  spec_.intent = txn::RowIntent::kLock;
  spec_.strength = txn::RowLock::kKeyShare;
  spec_.range.has_lower = spec_.range.has_upper = true;
  spec_.range.unique_point = true;
}

void KeyFinder::rest() {
  scan_.reset();
  found_key_.clear();
}

bool KeyFinder::make_key(const Datum* values) {
  key_.clear();
  for (size_t k = 0; k < order_.size(); ++k) {
    Datum value = values[order_[k]];
    if (!fits(index_->codec.columns()[k].form, value)) return false;
    index_->codec.append(key_, k, value);
  }
  return true;
}

bool KeyFinder::same_key(const txn::Row& version) {
  Arena arena;
  OutsideReader outside(table_->table->heap.store(), table_->table->heap.relation(), &arena);
  std::vector<Datum> values(order_.size());
  decoder_.decode(version.payload, values.data(), &outside);
  other_key_.clear();
  for (size_t k = 0; k < values.size(); ++k) index_->codec.append(other_key_, k, values[k]);
  return other_key_ == key_;
}

/// Rows of the scan as it stands, until one is locked that still has the key.
bool KeyFinder::look(SessionServices& session) {
  txn::EngineTransaction& transaction = session.transaction();
  const bool verdicts = session.current_database().engine().traits().wants_verdicts;
  for (;;) {
    auto rows = base::value_or_throw(scan_->next());
    if (rows.empty()) return false;
    for (const txn::Row& row : rows) {
      if (verdicts) base::value_or_throw(scan_->verdict(row, true));
      txn::WriteResult locked = base::value_or_throw(
          transaction.lock(*table_->table, row, txn::RowLock::kKeyShare, txn::LockWait::kWait));
      if (locked.outcome == txn::Outcome::kDone) return true;
      if (locked.outcome == txn::Outcome::kReevaluate && same_key(locked.latest)) return true;
    }
  }
}

/// A statement's rows often refer to one and the same row after one another, and mostly to rows
/// that were there before it: one scan serves many of them, and only what it does not find is
/// looked for anew.
bool KeyFinder::find(SessionServices& session, const Datum* values) {
  if (!make_key(values)) return false;
  if (!found_key_.empty() && found_key_ == key_) return true;
  base::value_or_throw(session.task().poll());
  txn::EngineTransaction& transaction = session.transaction();
  const bool own_view = transaction.modes().isolation >= txn::IsolationLevel::kRepeatableRead;
  spec_.range.lower = spec_.range.upper = key_;
  spec_.view = own_view ? txn::ScanView::kStatement : txn::ScanView::kLatest;
  const bool again = scan_ != nullptr;
  if (again) {
    base::value_or_throw(scan_->restart(spec_.range));
    if (look(session)) {
      found_key_ = key_;
      return true;
    }
    if (own_view) return false;
  }
  scan_ = base::value_or_throw(transaction.scan(*table_->table, spec_));
  if (!look(session)) return false;
  found_key_ = key_;
  return true;
}

// --- the constraint

TableInfoPtr open_table(SessionServices& session, const CatalogImagePtr& image, Oid table,
                        const TypeSource& types) {
  Catalog& catalog = session.current_database().catalog();
  return make_table_info(*image, image->relation(table), catalog.open(image, table), types);
}

namespace {

std::vector<const Type*> types_of(const TableInfo& table, const std::vector<int16_t>& columns) {
  std::vector<const Type*> types;
  for (int16_t column : columns) {
    types.push_back(table.shape[static_cast<size_t>(column - 1)].type);
  }
  return types;
}

}  // namespace

ForeignKey::ForeignKey(SessionServices& session, ConstraintPtr constraint)
    : about(std::move(constraint)) {
  CatalogImagePtr image = session.catalog_image();
  catalog_version = image->version();
  referencing = image->relation(about->relation);
  referenced = image->relation(about->referenced);
  if (referencing == nullptr || referenced == nullptr) {
    fail(base::sqlstate::kInternalError, "the tables of a foreign key are gone");
  }
  referencing_schema = image->find(ObjectKind::kNamespace, referencing->name_space)->name;
  catalog_types = std::make_shared<CatalogTypes>(image, SearchPath{});
  TableInfoPtr from = open_table(session, image, referencing->oid, *catalog_types);
  TableInfoPtr to = open_table(session, image, referenced->oid, *catalog_types);
  types = types_of(*from, about->columns);
  referenced_types = types_of(*to, about->referenced_columns);
  by_reference = std::make_unique<KeyFinder>(to, about->index, about->referenced_columns, types);
  by_key =
      std::make_unique<KeyFinder>(to, about->index, about->referenced_columns, referenced_types);
  referenced_schema = image->find(ObjectKind::kNamespace, referenced->name_space)->name;
}

std::string ForeignKey::shown(const std::vector<int16_t>& columns, const RelationObject& relation,
                              std::span<const Type* const> types_shown, const Datum* values,
                              const OutputStyle& style) const {
  std::string names, texts;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) {
      names += ", ";
      texts += ", ";
    }
    names += relation.columns[static_cast<size_t>(columns[i] - 1)].name;
    if (values[i].is_null()) {
      texts += "null";
    } else {
      types_shown[i]->to_text(values[i], texts, style);
    }
  }
  return "(" + names + ")=(" + texts + ")";
}

// --- texts

namespace {

std::string in_quotes(std::string_view name) {
  std::string quoted = "\"";
  for (char c : name) {
    if (c == '"') quoted += c;
    quoted += c;
  }
  return quoted + '"';
}

std::string name_of(const ForeignKey& key, bool referenced) {
  return referenced ? in_quotes(key.referenced_schema) + "." + in_quotes(key.referenced->name)
                    : in_quotes(key.referencing_schema) + "." + in_quotes(key.referencing->name);
}

std::string column_of(const RelationObject& relation, int16_t column) {
  return in_quotes(relation.columns[static_cast<size_t>(column - 1)].name);
}

/// "$n = column" each; a text that is shown says which operator it means.
std::string condition(const RelationObject& relation, const std::vector<int16_t>& columns,
                      size_t first, bool value_first, bool shown) {
  std::string text;
  const std::string_view equal = shown ? " OPERATOR(pg_catalog.=) " : " = ";
  for (size_t i = 0; i < columns.size(); ++i) {
    std::string value = "$" + std::to_string(first + i);
    std::string column = column_of(relation, columns[i]);
    text += i == 0 ? "" : " AND ";
    text += value_first && shown ? value : column;
    text += equal;
    text += value_first && shown ? column : value;
  }
  return text;
}

std::string referring_rows(const ForeignKey& key, size_t first, bool shown) {
  return condition(*key.referencing, key.about->columns, first, true, shown);
}

}  // namespace

std::string lookup_text(const ForeignKey& key, bool shown) {
  return "SELECT 1 FROM ONLY " + name_of(key, true) + " x WHERE " +
         condition(*key.referenced, key.about->referenced_columns, 1, false, shown) +
         " FOR KEY SHARE OF x";
}

std::string referring_text(const ForeignKey& key, bool shown) {
  return "SELECT 1 FROM ONLY " + name_of(key, false) + " x WHERE " + referring_rows(key, 1, shown) +
         " FOR KEY SHARE OF x";
}

std::string cascade_delete_text(const ForeignKey& key, bool shown) {
  return "DELETE FROM ONLY " + name_of(key, false) + " WHERE " + referring_rows(key, 1, shown);
}

std::string cascade_update_text(const ForeignKey& key, bool shown) {
  std::string text = "UPDATE ONLY " + name_of(key, false) + " SET ";
  const auto& columns = key.about->columns;
  for (size_t i = 0; i < columns.size(); ++i) {
    text += (i == 0 ? "" : ", ") + column_of(*key.referencing, columns[i]) + " = $" +
            std::to_string(i + 1);
  }
  return text + " WHERE " + referring_rows(key, columns.size() + 1, shown);
}

std::string set_text(const ForeignKey& key, std::string_view value,
                     const std::vector<int16_t>& columns, bool shown) {
  std::string text = "UPDATE ONLY " + name_of(key, false) + " SET ";
  for (size_t i = 0; i < columns.size(); ++i) {
    text += (i == 0 ? "" : ", ") + column_of(*key.referencing, columns[i]) + " = ";
    text += value;
  }
  return text + " WHERE " + referring_rows(key, 1, shown);
}

}  // namespace isolde::sql
