#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "sql/plan/query.hpp"
#include "sql/types/arena.hpp"

namespace isolde::sql {

class SessionServices;
struct AclEntry;

/// Collects the rows of a virtual table; tableoid, the column behind the others, it adds itself.
class VirtualRows {
 public:
  VirtualRows(std::span<const Type* const> types, base::Oid relation, Arena& arena)
      : types_(types), relation_(relation), arena_(arena) {}

  /// A row: one value a column, in their order. nullptr and an empty optional are NULL.
  template <typename... Values>
  void row(const Values&... values) {
    start();
    (add(value(values)), ...);
    check_whole();
  }
  /// The same, where the number of columns is known only when it runs.
  void row_of(std::span<const Datum> values);

  Arena& arena() { return arena_; }
  std::vector<const Datum*> take() { return std::move(rows_); }

 private:
  void start();
  void add(Datum datum) { row_[at_++] = datum; }
  void check_whole() const;
  /// The type of the column that comes next.
  const Type& type() const { return *types_[at_]; }

  Datum value(std::nullptr_t) const { return {}; }
  Datum value(Datum datum) const { return datum; }
  Datum value(bool truth) const;
  template <typename Integer>
  requires std::is_integral_v<Integer> Datum value(Integer number)
  const { return integer(static_cast<int64_t>(number)); }
  Datum value(double number) const;
  Datum value(base::Timestamp time) const { return integer(time.micros); }
  template <typename Tag, typename Integer>
  Datum value(base::StrongId<Tag, Integer> id) const {
    return integer(static_cast<int64_t>(id.value));
  }
  template <typename Enum>
  requires std::is_enum_v<Enum> Datum value(Enum letter)
  const { return integer(static_cast<char>(letter)); }
  /// As it is for texts; other types read it.
  Datum value(std::string_view text) const;
  Datum value(const std::string& text) const { return value(std::string_view(text)); }
  Datum value(const char* text) const { return value(std::string_view(text)); }
  Datum value(const std::vector<AclEntry>& acl) const;
  /// Arrays and vectors.
  template <typename Element>
  Datum value(const std::vector<Element>& elements) const {
    std::vector<Datum> made;
    for (const Element& one : elements) made.push_back(element(one));
    return array(made);
  }
  template <typename T>
  Datum value(const std::optional<T>& optional) const {
    return optional ? value(*optional) : Datum();
  }

  static Datum element(base::Oid oid) { return Datum::of_int(oid.value); }
  static Datum element(int64_t number) { return Datum::of_int(number); }
  static Datum element(double number) { return Datum::of_float(number); }
  static Datum element(const std::string& text) { return Datum::of_bytes(text); }

  Datum integer(int64_t number) const;
  Datum array(std::span<const Datum> elements) const;

  std::span<const Type* const> types_;  ///< with tableoid
  base::Oid relation_;
  Arena& arena_;
  std::vector<const Datum*> rows_;
  Datum* row_ = nullptr;
  size_t at_ = 0;
};

/// A relation of the system whose rows are made on the spot.
class VirtualTable {
 public:
  using Fill = void (*)(SessionServices& services, VirtualRows& rows);
  /// Without `fill` it has no rows. `is_table`: a catalog, no view.
  VirtualTable(base::Oid oid, std::vector<ColumnInfo> columns, Fill fill, bool is_table)
      : oid_(oid), columns_(std::move(columns)), fill_(fill), is_table_(is_table) {}

  base::Oid oid() const { return oid_; }
  /// Those that * means; behind them each row has a tableoid.
  std::span<const ColumnInfo> columns() const { return columns_; }
  /// Whether a query may ask for tableoid.
  bool is_table() const { return is_table_; }
  void fill(SessionServices& services, VirtualRows& rows) const {
    if (fill_ != nullptr) fill_(services, rows);
  }

 private:
  base::Oid oid_;
  std::vector<ColumnInfo> columns_;
  Fill fill_;
  bool is_table_;
};

/// That of a relation of the system (sql/catalog/system_relations.hpp), or nullptr for one that is
/// a view over others.
const VirtualTable* find_virtual_table(base::Oid relation);

}  // namespace isolde::sql
