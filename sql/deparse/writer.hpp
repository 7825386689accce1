#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sql/deparse/deparse.hpp"

namespace isolde::sql {

/// Writes expressions and queries. Without `pretty` every operator has brackets of its own; with
/// it, whoever writes an operand asks needs_brackets.
///
///   expressions        expression_writer.cpp, special syntax in syntax_writer.cpp
///   brackets           brackets.cpp
///   queries, FROM      query_writer.cpp, from_writer.cpp
class Writer {
 public:
  Writer(const DeparseOptions& options, const ColumnNames* columns, const RelationNames* relations)
      : options_(options), relations_(relations), frame_(&outermost_) {
    outermost_.columns = columns;
  }

  /// Implicit casts show inside of operators and calls, not on the outside.
  void write(const Expr& expr, bool show_implicit);
  void write_query(const Query& query) { query_with_names(query, query.targets, true); }
  std::string take() { return std::move(out_); }

 private:
  /// What names mean where the writer is: a query's own columns, and the values that the query
  /// around it hands down.
  struct Frame {
    const ColumnNames* columns = nullptr;
    const Frame* parent = nullptr;
    /// Of a grouped query: its columns are keys and aggregates over the rows of `rows`.
    const Query* grouped = nullptr;
    const Frame* rows = nullptr;
    std::vector<std::pair<int, const Expr*>> passed;
  };

  // Expressions.
  const Expr& meant(const Expr& expr) const;  ///< the value behind a name
  void operand(const Expr& expr, bool show_implicit, const Expr& parent);
  void list(std::span<Expr* const> exprs);
  void open() { out_ += options_.pretty ? "" : "("; }
  void close() { out_ += options_.pretty ? "" : ")"; }
  void constant(const Expr& expr, bool with_type);
  void column(const Expr& expr, const ColumnName& name, bool show_implicit);
  void outer_value(const Expr& expr, bool show_implicit);
  void call(const Expr& expr, bool show_implicit);
  void operator_call(const Expr& expr);
  void cast(const Expr& argument, const Expr& expr, bool show_implicit);
  void function_call(const Expr& expr);
  bool syntax_call(const Expr& expr);
  void trim(const Expr& expr, std::string_view side);
  void extract(const Expr& expr);
  void boolean(const Expr& expr);
  void negation(const Expr& expr);
  void case_expression(const Expr& expr);
  void test(const Expr& expr, std::string_view words);
  void quantified_array(const Expr& expr);
  void subscripts(const Expr& expr);
  void subquery(const Expr& expr);
  void let(const Expr& expr, bool show_implicit);

  /// Begins a line at the indentation, and changes that before and after.
  void keyword(std::string_view text, int before, int after, int plus);
  void drop_blanks();

  /// 0A000 for what has no text here yet.
  [[noreturn]] static void refuse(std::string_view what);

  // brackets.cpp
  bool needs_brackets(const Expr& expr, const Expr& parent) const;

  // Queries.
  /// `names` are what the result's columns are called; not all are said when not `visible`.
  void query_with_names(const Query& query, std::span<const Target> names, bool visible);
  void select(const Query& query, std::span<const Target> names, bool visible);
  void values(const Query& query);
  void set_operation(const Query& query, std::span<const Target> names);
  void set_operand(const Query& query, std::span<const Target> names);
  void targets(const Query& query, std::span<const Target> names, bool visible);
  void target(const Expr& value, const std::string& name, bool visible);
  void distinct(const Query& query);
  void order_and_limits(const Query& query);
  void inner_query(const Query& query, std::span<Expr* const> passed, std::span<const int> slots,
                   bool visible);
  void sort_value(const Expr& expr);
  void from(const Query& query);
  void from_item(const FromItem& item);
  void from_function(const FromItem& item);
  void join(const FromItem& item);
  void alias(const FromItem& item);

  const DeparseOptions& options_;
  const RelationNames* relations_;
  Frame outermost_;
  const Frame* frame_;
  std::map<int, const Expr*> lets_;
  std::string out_;
  int indent_ = 0;
};

/// The operator that a call was written with, or an empty name.
std::string_view operator_name(const Expr& call);
/// What a cast casts, or nullptr for what is no cast.
const Expr* cast_argument(const Expr& expr);
/// The pseudo-cast of a value whose bytes serve both types.
bool is_relabelling(const Expr& expr);

}  // namespace isolde::sql
