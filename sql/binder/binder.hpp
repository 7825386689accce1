#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "sql/binder/scope.hpp"
#include "sql/binder/with_frame.hpp"
#include "sql/functions/overload.hpp"
#include "sql/plan/modification.hpp"
#include "sql/plan/query.hpp"
#include "sql/types/output_style.hpp"
#include "sql/types/type_registry.hpp"

// libpg_query's tree, seen by name only: the tree's header is large.
struct PgQuery__Node;
struct PgQuery__SelectStmt;
struct PgQuery__AExpr;
struct PgQuery__AConst;
struct PgQuery__FuncCall;
struct PgQuery__TypeName;
struct PgQuery__TypeCast;
struct PgQuery__ColumnRef;
struct PgQuery__ParamRef;
struct PgQuery__CaseExpr;
struct PgQuery__SubLink;
struct PgQuery__BoolExpr;
struct PgQuery__SQLValueFunction;
struct PgQuery__AIndirection;
struct PgQuery__GroupingFunc;
struct PgQuery__RangeTableSample;
struct PgQuery__AIndices;
struct PgQuery__AArrayExpr;
struct PgQuery__RangeFunction;
struct PgQuery__RangeSubselect;
struct PgQuery__RangeVar;
struct PgQuery__JoinExpr;
struct PgQuery__Alias;
struct PgQuery__RowExpr;
struct PgQuery__BooleanTest;
struct PgQuery__NullTest;
struct PgQuery__CoalesceExpr;
struct PgQuery__MinMaxExpr;
struct PgQuery__WithClause;
struct PgQuery__WindowDef;
struct PgQuery__SortBy;
struct PgQuery__ResTarget;
struct PgQuery__List;
struct PgQuery__InsertStmt;
struct PgQuery__UpdateStmt;
struct PgQuery__DeleteStmt;
struct PgQuery__OnConflictClause;
struct PgQuery__InferClause;
struct PgQuery__MultiAssignRef;
struct PgQuery__CopyStmt;
struct PgQuery__CurrentOfExpr;
struct PgQuery__MergeStmt;
struct PgQuery__MergeWhenClause;

namespace isolde::txn {
struct LockMode;
}

namespace isolde::sql {

struct TableNames;
struct RangeEntries;
struct ConstraintObject;
struct CatalogFunction;

/// Which part of a query an expression stands in; for what is allowed there, and for messages.
enum class Clause : uint8_t {
  kSelect,
  kWhere,
  kHaving,
  kGroupBy,
  kOrderBy,
  kJoinOn,
  kLimit,
  kOffset,
  kValues,
  kFromFunction,
  kFilter,
  kAggregateArgument,
  kExecuteParameter,
  kDistinctOn,
  kSetArgument,
  kWindowDefinition,
  kFrameRows,
  kFrameRange,
  kFrameGroups,
  kInsertValues,
  kUpdateSet,
  kReturning,
  kColumnDefault,
  kGeneratedColumn,
  kCheck,
  kIndexExpression,
  kIndexPredicate,
  kCopyWhere,
};
std::string_view clause_name(Clause clause);

/// Gives names and types their meaning, as PostgreSQL's parse analysis does. One a statement.
class Binder {
 public:
  struct Input {
    std::string_view text;
    /// Types of $1, $2, ...; 0 for those to be found out. Grows when `infer` is set.
    std::vector<base::Oid> parameters;
    bool infer = false;
    const OutputStyle* style = nullptr;
    const TypeSource* types = &builtin_type_source();
    const TableNames* names = nullptr;  ///< null: there are no tables
    /// Byte offsets of literals that may be lifted out of the text, ascending.
    std::span<const size_t> liftable;
    /// The byte offset of what is being looked at when an error without a position is thrown, or
    /// -1: code below the binder knows types but no text.
    int* error_location = nullptr;
    /// Of the body of a function: what its parameters are called, and itself.
    std::vector<std::string> parameter_names;
    std::string routine_name;
  };

  Binder(Input input, PlanMemory& memory);

  Query* bind_query(const PgQuery__SelectStmt& select);
  /// SELECT, INSERT, UPDATE or DELETE.
  Query* bind_statement(const PgQuery__Node& node);
  TableInfoPtr table_named(const PgQuery__RangeVar& var);
  /// For a cursor: where each row came from goes with it, as far as WHERE CURRENT OF may ask.
  void keep_places(Query& query);
  /// What indexing the rows of a table takes.
  Modification& indexing_of(const RelationPtr& relation);
  /// COPY table FROM: an INSERT of what comes from the client.
  Query* bind_copy(const PgQuery__CopyStmt& copy);
  /// An expression on its own: a parameter of EXECUTE.
  Expr* bind_value(const PgQuery__Node& node, const Type& type, Clause clause);
  const Type& type_named(const PgQuery__TypeName& name, int32_t* typmod = nullptr);
  /// A default, check, index key and the like over the row of a relation, whose live columns stand
  /// in order. `column` is what a default or a generated value is for.
  Expr* bind_row_expression(const PgQuery__Node& node, const RelationObject& relation,
                            Clause clause, const ColumnObject* column);
  /// The same of a text that the catalog keeps.
  Expr* bind_kept_expression(std::string_view text, const RelationObject& relation, Clause clause,
                             const ColumnObject* column);

  /// Makes the rows of a query fit these types, as the result of a function; false when they do
  /// not.
  bool fit_results(Query& query, std::span<const base::Oid> types);
  /// CALL: the procedure, and its arguments.
  struct ProcedureCall {
    const CatalogFunction* procedure = nullptr;
    std::vector<Expr*> arguments;
  };
  ProcedureCall bind_procedure(const PgQuery__FuncCall& call);

  /// After binding: every parameter has a type; 42P18 when one has not.
  void check_parameters() const;
  const std::vector<base::Oid>& parameter_types() const { return input_.parameters; }

 private:
  // select.cpp
  Query* bind_select(const PgQuery__SelectStmt& select, Scope* parent, Scope& scope);
  Query* bind_any(const PgQuery__SelectStmt& select, Scope* parent, std::vector<Expr*>* passed,
                  std::vector<int>* passed_slots);
  Query* bind_values(const PgQuery__SelectStmt& select, Scope& scope);
  void bind_targets(Query& query, const PgQuery__SelectStmt& select, Scope& scope);
  void bind_target_entry(Query& query, const PgQuery__ResTarget& target, Scope& scope,
                         Clause clause);
  void bind_row_star(Query& query, const PgQuery__AIndirection& row, Scope& scope, Clause clause);
  std::vector<Target> star_targets(const PgQuery__ColumnRef& ref, Scope& scope);
  void bind_sort(Query& query, const PgQuery__SelectStmt& select, Scope& scope);
  int find_or_add_sort_target(Query& query, const PgQuery__Node& node, Scope& scope, Clause clause);
  std::optional<int> target_by_name_or_number(Query& query, const PgQuery__Node& node,
                                              Clause clause, Scope* scope);
  void bind_group_by(Query& query, const PgQuery__SelectStmt& select, Scope& scope);
  void bind_distinct(Query& query, const PgQuery__SelectStmt& select, Scope& scope);
  void bind_limits(Query& query, const PgQuery__SelectStmt& select, Scope& scope);
  Expr* bind_limit(const PgQuery__Node& node, Clause clause, Scope& scope);
  void settle_unknown_targets(Query& query);
  void refuse_clauses(const PgQuery__SelectStmt& select);

  // with.cpp
  /// Binds the items of a WITH clause and makes them visible until close_with, which hands them to
  /// the query that they belong to. The rest is as in Scope.
  void open_with(WithFrame& frame, const PgQuery__WithClause& with, Scope* parent,
                 std::vector<Expr*>* passed, std::vector<int>* passed_slots);
  void close_with(WithFrame& frame, Query& query);
  void bind_common_table(WithFrame& frame, size_t number);
  void bind_modifying_table(WithFrame& frame, const PgQuery__Node& statement,
                            WithFrame::Item& item);
  void name_common_columns(WithFrame::Item& item);
  void check_recursive_form(const WithFrame::Item& item, const PgQuery__SelectStmt& select);
  void bind_recursive_table(WithFrame& frame, WithFrame::Item& item);
  void match_recursive_columns(WithFrame::Item& item);
  void check_self_reference(WithFrame::Item& item, int location);
  FromItem* bind_common_table_ref(const PgQuery__RangeVar& var);
  CommonTable* bind_common_table_again(WithFrame& frame, size_t number);
  void explain_missing(base::Error& error, std::string_view name) const;

  // windows.cpp
  void bind_window_clause(const PgQuery__SelectStmt& select, Scope& scope);
  int bind_window(const PgQuery__WindowDef& window, Scope& scope);
  WindowSpec make_window(const PgQuery__WindowDef& window, Scope& scope);
  void inherit_window(WindowSpec& spec, const PgQuery__WindowDef& window);
  void bind_frame(WindowSpec& spec, const PgQuery__WindowDef& window);
  Expr* bind_frame_offset(WindowSpec& spec, const PgQuery__Node& node);
  Expr* range_offset(WindowSpec& spec, Expr* offset, int location);
  Expr* bind_window_call(const PgQuery__FuncCall& call, Expr* made, Scope& scope, Clause clause);
  void collect_windows(Query& query);
  void place_window_calls(Query& query, Expr*& expr, size_t width);

  // grouping.cpp
  void collect_aggregates(Query& query);
  void check_direct_argument(const Query& query, const Expr* expr);
  void regroup(Query& query, Expr*& expr, bool in_aggregate);

  // set_operation.cpp
  Query* bind_set_operation(const PgQuery__SelectStmt& select, Scope* parent,
                            std::vector<Expr*>* passed, std::vector<int>* passed_slots);
  Query* bind_side(const PgQuery__SelectStmt& select, Scope* parent, std::vector<Expr*>* passed,
                   std::vector<int>* passed_slots);
  void match_columns(Query& query, std::string_view word);
  void recast_targets(Query& query, size_t column, const Type& type, std::string_view context);

  // from.cpp
  FromItem* bind_from(const PgQuery__Node& node, Scope& scope, int& width);
  FromItem* bind_range_function(const PgQuery__RangeFunction& function, Scope& scope, int& width);
  std::vector<Expr*> range_calls(const PgQuery__Node& node, Scope& scope);
  bool add_function_columns(FromItem& item, const Expr& function, const std::string& name,
                            bool defined);
  void define_columns(const PgQuery__RangeFunction& function, Expr& call, int location);
  FromItem* bind_range_subselect(const PgQuery__RangeSubselect& sub, Scope& scope, int& width);
  FromItem* bind_range_var(const PgQuery__RangeVar& var, Scope& scope, int& width);
  FromItem* bind_join(const PgQuery__JoinExpr& join, Scope& scope, int& width);
  void add_table(Scope& scope, FromItem& item);
  void check_names(const ScopeTable& one, const ScopeTable& other) const;
  void name_common(const PgQuery__JoinExpr& join, Scope& joined);
  void join_using(const PgQuery__JoinExpr& join, FromItem& item, Scope& left, Scope& right,
                  Scope& joined);
  void name_join(FromItem& item, const PgQuery__Alias& alias, Scope& joined);
  void alias_columns(FromItem& item, const PgQuery__Alias* alias);

  // tables.cpp
  RelationPtr find_relation(const PgQuery__RangeVar& var);
  void require_usage(std::string_view schema, int location);
  TableInfoPtr table_info(const RelationPtr& relation);
  RelationUse& use_relation(base::Oid relation, txn::LockMode lock, uint32_t privileges);
  FromItem& table_item(const RelationPtr& relation, const PgQuery__Alias* alias, int& width);
  FromItem* bind_table(const PgQuery__RangeVar& var, Scope& scope, int& width);
  FromItem* bind_view(const PgQuery__RangeVar& var, const RelationPtr& relation, Scope& scope,
                      int& width);
  base::Oid role_inside(const RelationObject& view) const;
  Expr* system_column_of(const ScopeTable& table, std::string_view name, int location);
  Expr* bind_text(std::string_view text, Scope& scope, Clause clause);
  void forget_locations(size_t first);

  // locking.cpp
  void bind_locking(Query& query, const PgQuery__SelectStmt& select);
  void refuse_locking(const Query& query, const PgQuery__SelectStmt& select, std::string_view word);
  void lock_item(FromItem& item, txn::RowLock strength, txn::LockWait wait);
  void keep_references(Query& query);
  Expr* bind_current_of(const Query& query, const PgQuery__CurrentOfExpr& current, Scope& scope);
  void keep_reference(Query& query, FromItem& item);

  // row_expression.cpp
  FromItem row_item(const RelationObject& relation) const;
  Expr* fitted(Expr* value, Clause clause, const ColumnObject* column);

  // modify.cpp
  Query* bind_modification(const PgQuery__Node& node, Scope* parent, std::vector<Expr*>* passed,
                           std::vector<int>* passed_slots);
  FromItem& bind_target(Query& query, const PgQuery__RangeVar& var, Modification::Kind kind,
                        uint32_t privilege);
  int target_column(const Modification& modify, const PgQuery__ResTarget& target);
  void bind_merge(Query& query, const PgQuery__MergeStmt& merge, Scope& scope);
  void check_merge_clauses(const PgQuery__MergeStmt& merge);
  std::vector<Expr*> merge_row(const Modification& modify, const PgQuery__MergeWhenClause& clause,
                               Scope& scope);

  // field_assignment.cpp
  /// What is assigned to: a column or something in it, and the steps that lead on from there.
  struct AssignedPlace {
    std::string name;
    const Type* type;
    int32_t typmod;
    PgQuery__Node* const* path;
    size_t count;
    int location;
    bool element;  ///< the step that led here was a subscript
  };
  Expr* part_assigned(const TableInfo& table, int column, const PgQuery__ResTarget& target,
                      Expr* value, Expr* base, Scope& scope);
  [[noreturn]] void refuse_part_default(const PgQuery__ResTarget& target);
  Expr* with_part(const AssignedPlace& place, Expr* base, Expr* value, Scope& scope);
  Expr* with_field(const AssignedPlace& place, Expr* base, Expr* value, Scope& scope);
  Expr* with_element(const AssignedPlace& place, Expr* base, Expr* value, Scope& scope);
  Expr* with_jsonb_part(const AssignedPlace& place, Expr* base, Expr* value, Scope& scope);

  // view_target.cpp
  FromItem& bind_view_target(Query& query, const PgQuery__RangeVar& var, const RelationPtr& view,
                             Modification::Kind kind, uint32_t privilege);
  [[noreturn]] void refuse_view(const RelationObject& view, Modification::Kind kind,
                                std::string_view why);
  void name_view_columns(TargetView& made, const Query& shown, const Modification& modify,
                         Modification::Kind kind);
  void add_target(Scope& scope, const Modification& modify);
  void add_excluded(Scope& scope, const Modification& modify, int offset);
  RelationUse& use_target(const Modification& modify, uint32_t privileges);
  Expr* with_view_condition(const Modification& modify, Expr* where);
  int view_column(const Modification& modify, const PgQuery__ResTarget& target);

  // modify.cpp, on
  Expr* assigned(const TableInfo& table, int column, Expr* value);
  Expr* column_default(const TableInfo& table, int column);
  void bind_rules(Modification& modify);
  void bind_index_rules(Modification& modify);
  void bind_returning(Query& query, PgQuery__Node* const* list, size_t count, Scope& scope);

  // insert.cpp
  void bind_insert(Query& query, const PgQuery__InsertStmt& insert, Scope& scope);
  std::vector<int> insert_columns(const Modification& modify, const PgQuery__InsertStmt& insert);
  void check_insert_width(const PgQuery__InsertStmt& insert, size_t values, int extra_location,
                          std::vector<int>& columns);
  bool check_insertable(const Modification& modify, int column, const PgQuery__InsertStmt& insert,
                        int location);
  std::vector<Expr*> insert_row(const Modification& modify, const PgQuery__InsertStmt& insert,
                                const PgQuery__List& list, const std::vector<int>& columns,
                                Scope& scope);
  void bind_insert_values(Modification& modify, const PgQuery__InsertStmt& insert,
                          std::vector<int> columns, Scope& scope);
  void bind_insert_select(Modification& modify, const PgQuery__InsertStmt& insert,
                          std::vector<int> columns, Scope& scope);

  // copy.cpp
  std::vector<int> copy_columns(const TableInfo& table, const PgQuery__CopyStmt& copy);

  // conflict.cpp
  void bind_conflict(Query& query, const PgQuery__OnConflictClause& clause, FromItem& target,
                     Scope& scope);
  std::vector<int> constraint_arbiter(const Modification& modify, std::string_view name);
  std::vector<int> inferred_arbiters(const Modification& modify, const PgQuery__InferClause& infer,
                                     Scope& scope);

  // update.cpp
  void bind_update(Query& query, const PgQuery__UpdateStmt& update, Scope& scope);
  void bind_delete(Query& query, const PgQuery__DeleteStmt& statement, Scope& scope);
  void bind_sources(Query& query, PgQuery__Node* const* from, size_t count,
                    const PgQuery__Node* where, Scope& scope);
  Expr* multi_value(const PgQuery__MultiAssignRef& ref, Scope& scope, bool* set_default);
  Assignment bind_assignment(const Modification& modify, const PgQuery__ResTarget& target,
                             Scope& scope, Expr* before = nullptr);
  std::vector<Assignment> bind_assignments(const Modification& modify,
                                           PgQuery__Node* const* targets, size_t count,
                                           Scope& scope);

  // expression.cpp
  Expr* bind(const PgQuery__Node& node, Scope& scope, Clause clause);
  std::vector<Expr*> bind_all(PgQuery__Node* const* nodes, size_t count, Scope& scope,
                              Clause clause);
  Expr* bind_const(const PgQuery__AConst& constant);
  Expr* bind_parameter(const PgQuery__ParamRef& ref, Scope& scope);
  Expr* bind_bool(const PgQuery__BoolExpr& expr, Scope& scope, Clause clause);
  Expr* bind_case(const PgQuery__CaseExpr& expr, Scope& scope, Clause clause);
  Expr* bind_coalesce(const PgQuery__CoalesceExpr& expr, Scope& scope, Clause clause);
  Expr* bind_min_max(const PgQuery__MinMaxExpr& expr, Scope& scope, Clause clause);
  Expr* bind_null_test(const PgQuery__NullTest& test, Scope& scope, Clause clause);
  Expr* bind_boolean_test(const PgQuery__BooleanTest& test, Scope& scope, Clause clause);
  Expr* bind_array(const PgQuery__AArrayExpr& array, Scope& scope, Clause clause,
                   const Type* wanted, int location);
  Expr* bind_subscripts(const PgQuery__AIndirection& expr, Scope& scope, Clause clause);
  Expr* subscripted(Expr* base, PgQuery__Node* const* path, size_t count, size_t& next,
                    Scope& scope, Clause clause);
  Expr* jsonb_subscripted(Expr* base, PgQuery__Node* const* path, size_t count, size_t& next,
                          Scope& scope, Clause clause);
  Expr* jsonb_step(const PgQuery__AIndices& indices, int location, Scope& scope, Clause clause);
  [[noreturn]] void refuse_subscripts(const Type& type, int location);
  Expr* bind_subscript(const PgQuery__Node* node, Scope& scope, Clause clause);
  Expr* bind_cast(const PgQuery__TypeCast& cast, Scope& scope, Clause clause);
  Expr* bind_value_function(const PgQuery__SQLValueFunction& function);

  // rows.cpp
  Expr* bind_row(const PgQuery__RowExpr& row, Scope& scope, Clause clause);
  const Type& anonymous_shape(const std::vector<Expr*>& fields);
  void settle_row(Expr& row);
  void give_shape(Expr& call);
  Expr* whole_row(const ScopeTable& table, int location);
  const Type* row_type_of(const ScopeTable& table);
  Expr* row_comparison(std::string_view name, const Expr& left, const Expr& right, int location);
  Expr* row_distinct(const Expr& left, const Expr& right, int location);
  Expr* row_null_test(Expr* row, bool is_null, int location);
  Expr* row_field(Expr* row, std::string_view name, int location);
  Expr* row_cast(Expr* row, const Type& target, CastContext context);
  Expr* bind_field(const PgQuery__AIndirection& node, Scope& scope);

  // subquery.cpp
  Expr* bind_subquery(const PgQuery__SubLink& link, Scope& scope, Clause clause);
  Expr* quantified(const PgQuery__SubLink& link, Expr* expr, Scope& scope, Clause clause);
  Expr* bind_row_subquery(std::string_view name, Expr& left, const PgQuery__SubLink& link,
                          Scope& scope, int location);
  Expr* hand_to_test(Expr& sublink, Expr* value);
  void add_test(Expr& sublink, std::string_view name, Expr& left, int location);

  // columns.cpp
  Expr* bind_column(const PgQuery__ColumnRef& ref, Scope& scope, Clause clause);
  Expr* column_expr(const ScopeColumn& column, int location);
  [[noreturn]] void refuse_barred(const std::string& table, int location);
  Expr* handed_down(Scope& scope, Expr* outer);
  Expr* find_column(Scope& scope, std::string_view name, int location, bool* found);
  Expr* find_in_table(Scope& scope, std::string_view schema, std::string_view table,
                      std::string_view column, int location, bool* table_found);
  const ScopeTable* table_in(const Scope& scope, std::string_view schema, std::string_view table,
                             int location) const;
  std::string_view schema_of_reference(const PgQuery__ColumnRef& ref);

  // missing_names.cpp
  bool is_plainly(const FromItem* item, std::string_view schema, std::string_view name) const;
  std::string column_hint(std::string_view table, std::string_view name) const;
  [[noreturn]] void fail_missing_column(std::string_view table, std::string_view name,
                                        int location);
  [[noreturn]] void fail_missing_table(std::string_view schema, std::string_view name, Scope& scope,
                                       int location);
  void note_entry(const FromItem& item);

  // grouping.cpp, on
  void group_by_dependents(Query& query);
  Expr* bind_grouping(const PgQuery__GroupingFunc& call, Scope& scope, Clause clause);

  // sample.cpp
  FromItem* bind_sample(const PgQuery__RangeTableSample& sample, Scope& scope, int& width);

  // calls.cpp
  Expr* bind_a_expr(const PgQuery__AExpr& expr, Scope& scope, Clause clause);
  Expr* bind_operator_chain(const PgQuery__AExpr& expr, Scope& scope, Clause clause);
  Expr* bind_between(const PgQuery__AExpr& expr, Scope& scope, Clause clause);
  Expr* bind_in(const PgQuery__AExpr& expr, Scope& scope, Clause clause);
  Expr* bind_quantified_array(const PgQuery__AExpr& expr, Scope& scope, Clause clause);
  Expr* bind_null_if(const PgQuery__AExpr& expr, Scope& scope, Clause clause);
  Expr* bind_distinct_from(const PgQuery__AExpr& expr, Scope& scope, Clause clause);
  Expr* bind_call(const PgQuery__FuncCall& call, Scope& scope, Clause clause);
  Expr* make_call(const ResolvedFunction& resolved, std::vector<Expr*> arguments, int location,
                  bool variadic);
  Expr* make_named_call(std::string_view name, std::vector<Expr*> arguments, int location);
  Expr* make_operator(std::string_view name, Expr* left, Expr* right, int location);
  Expr* check_aggregate(const PgQuery__FuncCall& call, Expr* made, Scope& scope, Clause clause);
  void check_within_group(const PgQuery__FuncCall& call, const Function& function,
                          const std::string& written);
  void match_hypothetical_row(const PgQuery__FuncCall& call, std::vector<Expr*>& values,
                              std::vector<Expr::Order>& keys);
  void add_sort_flags(Expr& call);
  Expr* cast_by_call(const PgQuery__FuncCall& call, Expr& value, base::Oid type);
  void check_distinct_order(const Expr& aggregate);
  bool is_descending(const PgQuery__SortBy& sort);
  Expr::Order bind_order(const PgQuery__SortBy& sort, Scope& scope, Clause clause);

  // routines.cpp
  std::vector<const Function*> candidates_of(const PgQuery__FuncCall& call);
  const CatalogFunction* catalog_function(const Function& function) const;
  bool has_named_arguments(const PgQuery__FuncCall& call) const;
  const Function* bind_named_arguments(const PgQuery__FuncCall& call, Scope& scope, Clause clause,
                                       std::vector<Expr*>& arguments);
  Expr* call_with_defaults(const Function& function, std::vector<Expr*> arguments, int location);
  void add_defaults(const CatalogFunction& function, std::vector<Expr*>& arguments);
  Expr* routine_call(const CatalogFunction& function, std::vector<Expr*> arguments,
                     const Type& result, int location);
  Expr* inlined(const CatalogFunction& function, std::vector<Expr*> arguments, const Type& result,
                int location);
  void add_fields(Scope& scope, const ScopeColumn& parameter);
  Expr* parameter_named(std::string_view name, int location);
  Expr* parameter_of_routine(std::string_view table, std::string_view name, int location);

  // coerce.cpp
  Expr* coerce(Expr* expr, const Type& target, int32_t typmod, CastContext context);
  /// The same; fails with 42846 or 42804 when there is no way.
  Expr* coerce_type(Expr* expr, const Type& target, CastContext context);
  Expr* fit_typmod(Expr* expr, int32_t typmod, CastContext context);
  Expr* read_literal(Expr* literal, const Type& target, int32_t typmod);
  Expr* apply_coercion(Expr* expr, const Coercion& coercion, const Type& target,
                       CastContext context);
  Expr* make_coercion(Expr* expr, const Coercion& coercion, const Type& target,
                      CastContext context);
  Expr* to_bool(Expr* expr, std::string_view where);

  // domains.cpp
  Expr* to_domain(Expr* expr, const Type& target, CastContext context);
  Expr* constrained(Expr* value, const Type& domain, const Type& shown);
  Expr* constrained_deeply(Expr* value);
  Expr* fit_domain_typmods(Expr* value, const Type& type, CastContext context);
  Expr* domain_call(const Function& function, std::vector<Expr*> arguments, const Type& domain,
                    int location);
  Expr* domain_condition(const ConstraintObject& check, Expr* value);
  const std::string* domain_default(const Type& type);

  // coerce.cpp, on
  const Type& common_type(std::span<Expr* const> exprs, std::string_view context);
  void make_common(std::vector<Expr*>& exprs, const Type& type, std::string_view context);

  /// Gives a value that is to be used several times a name, so that it is computed once;
  /// give_names puts the values around the expression that uses them.
  Expr* named(Expr* value, std::vector<Expr*>& lets);
  Expr* give_names(Expr* body, std::vector<Expr*>& lets);

  /// Of the statement's types, not of the built-in ones alone.
  const Type& type_of(base::Oid oid) const;
  Expr* constant(const Type& type, Datum value, int location);
  Expr* call1(ExprKind kind, const Type& type, int location, std::vector<Expr*> arguments);
  /// Runs code whose errors belong to a place in the text.
  template <typename F>
  auto at(int location, F&& f) {
    int& place = input_.error_location == nullptr ? no_location_ : *input_.error_location;
    place = location;
    auto result = f();
    place = -1;
    return result;
  }
  [[noreturn]] void fail_at(int location, base::SqlState state, std::string message) const;
  [[noreturn]] void fail_at(int location, base::Error error) const;
  [[noreturn]] void unsupported(std::string_view what, int location);
  int position(int location) const;
  void enter();
  void leave() { --depth_; }

  Input input_;
  PlanMemory& memory_;
  int no_location_ = -1;
  int depth_ = 0;
  int let_depth_ = 0;
  bool lifting_ = true;
  bool utility_ = false;                ///< not a query: messages about tables say no position
  RangeEntries* entries_ = nullptr;     ///< what FROM of the query and those around it has named
  Query* current_ = nullptr;            ///< the query whose expressions are being bound
  WithFrame* with_ = nullptr;           ///< the innermost WITH whose items can be named
  const char* no_recursion_ = nullptr;  ///< why a recursive reference may not stand here
  base::Oid as_role_{};                 ///< inside of a view: its owner
  std::vector<base::Oid> inlining_;     ///< functions whose bodies are being bound
  std::vector<base::Oid> views_;        ///< that are being bound, each inside of the one before
  const PgQuery__SelectStmt* keep_unknown_ = nullptr;  ///< its literals await their columns' types
};

}  // namespace isolde::sql
