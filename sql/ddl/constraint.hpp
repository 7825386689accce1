#pragma once

#include <optional>
#include <vector>

#include "sql/ddl/definer.hpp"

struct PgQuery__Constraint;

namespace isolde::sql {

/// A constraint that a statement asks for. What belongs to a single column says so; what the
/// grammar writes behind it (DEFERRABLE) is folded in.
struct ConstraintWish {
  const PgQuery__Constraint* node = nullptr;
  int16_t column = 0;  ///< attnum; 0: of the table
  bool deferrable = false, initially_deferred = false;
};

/// Collects the constraints of one column or table in the order of the text, and settles which
/// attributes belong to which.
class ConstraintWishes {
 public:
  explicit ConstraintWishes(Definer& d) : d_(d) {}
  void add(const PgQuery__Constraint& node, int16_t column);
  /// An attribute that stands behind the last one: false when it is not one.
  bool add_attribute(const PgQuery__Constraint& node);
  const std::vector<ConstraintWish>& all() const { return wishes_; }

 private:
  Definer& d_;
  std::vector<ConstraintWish> wishes_;
  bool said_deferrable_ = false, said_initially_ = false;
};

/// Makes constraints of a table that is in the catalog already.
class ConstraintMaker {
 public:
  /// `fresh`: the table has no rows yet.
  ConstraintMaker(Definer& d, Oid table, bool fresh) : d_(d), table_(table), fresh_(fresh) {}

  void make(const ConstraintWish& wish);
  /// Columns of PRIMARY KEY, which become NOT NULL.
  std::vector<int16_t> key_columns(const ConstraintWish& wish, const RelationObject& table);

 private:
  RelationPtr table() { return d_.image().relation(table_); }
  std::shared_ptr<ConstraintObject> start(const ConstraintWish& wish, ConstraintKind kind);
  void make_key(const ConstraintWish& wish, bool primary);
  void use_index(const ConstraintWish& wish, bool primary);
  void make_check(const ConstraintWish& wish);
  void make_foreign_key(const ConstraintWish& wish);  // foreign_key.cpp
  std::string column_name(int16_t number);
  std::vector<std::string> column_names(const std::vector<int16_t>& numbers);
  void name_or_choose(ConstraintObject& made, const ConstraintWish& wish,
                      const std::vector<int16_t>& columns, std::string_view label);

  Definer& d_;
  const Oid table_;
  const bool fresh_;
};

/// 42710 'constraint "c" for relation "t" already exists'.
void require_free_constraint_name(Definer& d, const RelationObject& table, std::string_view name);
/// By name; null when there is none.
std::shared_ptr<const ConstraintObject> find_constraint(const CatalogImage& image, Oid table,
                                                        std::string_view name);
/// 42804 when the columns of a foreign key cannot be compared with those that they refer to.
void require_comparable(Definer& d, const ConstraintObject& key);
/// Looks at all rows: 23514 or 23503 for the first that violates it.
void validate_constraint(Definer& d, const ConstraintObject& constraint);
/// 23502 'column "a" of relation "t" contains null values'.
void validate_not_null(Definer& d, const RelationObject& table, int16_t column);

}  // namespace isolde::sql
