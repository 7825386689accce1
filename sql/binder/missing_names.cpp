// Errors about tables and columns that are not there, or cannot be seen from where they are named,
// with the hints that PostgreSQL gives: what is spelled alike, and what stands elsewhere.

#include <algorithm>
#include <string>
#include <vector>

#include "sql/binder/binder.hpp"
#include "sql/binder/range_entries.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/exec/row_reference.hpp"
#include "sql/table/table_info.hpp"
#include "sql/views/virtual_table.hpp"

namespace isolde::sql {

namespace {

constexpr int kMostDifferent = 3;

/// Insertions, deletions and replacements of bytes that make one name of the other.
int distance(std::string_view a, std::string_view b) {
  std::vector<int> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

/// The column most like a name; two when they are equally like it, none when there are more.
class NearestColumn {
 public:
  explicit NearestColumn(std::string_view name) : name_(name) {}

  void look_at(const FromItem& item, const std::string& column, int penalty) {
    if (penalty > distance_ || column.empty()) return;
    int different = distance(column, name_);
    if (different > static_cast<int>(name_.size()) / 2) return;
    different += penalty;
    if (different < distance_) {
      distance_ = different;
      found_ = {item.alias + "." + column};
    } else if (different == distance_ && found_.size() == 2) {
      found_.clear();
      distance_ = different - 1;
    } else if (different == distance_ && distance_ <= kMostDifferent) {
      found_.push_back(item.alias + "." + column);
    }
  }

  std::string hint() const {
    if (found_.empty()) return "";
    std::string text = "Perhaps you meant to reference the column \"" + found_[0] + "\"";
    if (found_.size() > 1) text += " or the column \"" + found_[1] + "\"";
    return text + ".";
  }

 private:
  std::string_view name_;
  int distance_ = kMostDifferent + 1;
  std::vector<std::string> found_;
};

base::Oid relation_of(const FromItem& item) {
  if (item.info != nullptr) return item.info->oid();
  if (item.view != nullptr) return item.view->oid;
  return item.table != nullptr ? item.table->oid() : base::Oid{};
}

}  // namespace

/// Is the item of this relation, not called by another name?
bool Binder::is_plainly(const FromItem* item, std::string_view schema,
                        std::string_view name) const {
  if (item == nullptr || input_.names == nullptr || item->alias != name) return false;
  RelationPtr relation = input_.names->path.relation(*input_.names->image, schema, name);
  return relation != nullptr && relation->oid == relation_of(*item);
}

std::string Binder::column_hint(std::string_view table, std::string_view name) const {
  NearestColumn nearest(name);
  for (const RangeEntries* at = entries_; at != nullptr; at = at->outer) {
    for (const FromItem* item : at->items) {
      int penalty = table.empty() ? 0 : distance(table, item->alias);
      for (const ColumnInfo& column : item->columns) {
        if (column.type == &kRowReferenceType) continue;
        if (column.name == name && penalty == 0) {
          return "There is a column named \"" + std::string(name) + "\" in table \"" + item->alias +
                 "\", but it cannot be referenced from this part of the query.";
        }
        nearest.look_at(*item, column.name, penalty);
      }
    }
  }
  return nearest.hint();
}

void Binder::fail_missing_column(std::string_view table, std::string_view name, int location) {
  std::string shown = table.empty() ? "\"" + std::string(name) + "\""
                                    : std::string(table) + "." + std::string(name);
  base::Error error(base::sqlstate::kUndefinedColumn, "column " + shown + " does not exist");
  error.fields().hint = column_hint(table, name);
  fail_at(location, std::move(error));
}

void Binder::fail_missing_table(std::string_view schema, std::string_view name, Scope& scope,
                                int location) {
  const FromItem* found = nullptr;
  RelationPtr relation;
  if (input_.names != nullptr) {
    relation = input_.names->path.relation(*input_.names->image, schema, name);
  }
  for (const RangeEntries* at = entries_; at != nullptr && found == nullptr; at = at->outer) {
    for (const FromItem* item : at->items) {
      bool same = relation != nullptr && relation_of(*item) == relation->oid;
      if (same || item->alias == name) {
        found = item;
        break;
      }
    }
  }
  if (found == nullptr) {
    fail_at(location, base::sqlstate::kUndefinedTable,
            "missing FROM-clause entry for table \"" + std::string(name) + "\"");
  }
  bool visible = false;
  for (const Scope* at = &scope; at != nullptr; at = at->parent) {
    for (const ScopeTable& table : at->tables) visible |= table.alias == found->alias;
  }
  std::string hint =
      found->alias != name && visible
          ? "Perhaps you meant to reference the table alias \"" + found->alias + "\"."
          : "There is an entry for table \"" + std::string(name) +
                "\", but it cannot be referenced from this part of the query.";
  fail_at(location, base::Error(base::sqlstate::kUndefinedTable,
                                "invalid reference to FROM-clause entry for table \"" +
                                    std::string(name) + "\"")
                        .hint(std::move(hint)));
}

void Binder::note_entry(const FromItem& item) {
  if (entries_ == nullptr || item.alias.empty()) return;
  if (std::ranges::find(entries_->items, &item) != entries_->items.end()) return;
  entries_->items.push_back(&item);
}

}  // namespace isolde::sql
