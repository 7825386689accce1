#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <vector>

#include "sql/expr/program.hpp"
#include "sql/plan/query.hpp"
#include "sql/plan/table_plan.hpp"

namespace isolde::sql {

/// What an operator of the executor is made from; immutable and shared by all executions. Which
/// fields count follows from the kind.
struct Plan {
  enum class Kind : uint8_t {
    kResult,          ///< one row without columns
    kValues,          ///< `programs`, one a row
    kFunctionScan,    ///< `call`, rows of the function in FROM
    kVirtualScan,     ///< `table`
    kHashJoin,        ///< children: probe, build; `programs`: their keys; `condition` for the rest
    kNestedLoop,      ///< children: outer, inner; `condition`
    kFilter,          ///< child where `condition`
    kProject,         ///< `output` over child
    kProjectSet,      ///< child's columns, then those of `calls`
    kAggregate,       ///< child grouped by `keys`: keys, then aggregates
    kSort,            ///< child by `order`
    kUnique,          ///< child without duplicates in the first `visible` columns
    kSetOperation,    ///< children: INTERSECT or EXCEPT
    kLimit,           ///< child between `offset` and `limit`
    kAppend,          ///< children one after the other
    kWith,            ///< first child; the others make the rows of `shared`
    kSharedScan,      ///< the rows of `slot`
    kWorkTableScan,   ///< the rows that the last round of recursion `slot` added
    kRecursiveUnion,  ///< children: first term, recursive term
    kWindow,          ///< child's columns, then those of `window`; the child is sorted by its keys
    kInput,           ///< the rows of ExecContext::input
    kTableScan,       ///< `scan`
    kModify,          ///< `modify`, for each row of the child
    kLockRows,        ///< child's rows, locked as `marks` say
  };

  /// A call of a set-returning function (or, in FROM, of any other).
  struct Call {
    const Function* function = nullptr;
    Program arguments;
    OwnedSite site;
    int width = 1;
    bool scalar = false;  ///< `arguments` makes the value; there is no set
    /// What the function yields is taken apart into the columns of this type (`expand`), or its
    /// columns are put together as a value of it; null when they are passed on as they are.
    const CompositeType* row = nullptr;
    bool expand = false;
  };

  struct AggregateCall {
    const Aggregate* aggregate = nullptr;
    FastOp fast = FastOp::kNone;
    bool strict = true;
    int first_argument = 0;  ///< in the outputs of `output`
    int arguments = 0;
    int filter = -1;
    bool distinct = false;
    struct Order {
      int column;
      const Type* type;
      bool descending;
      bool nulls_first;
    };
    std::vector<Order> order;
    std::vector<const Type*> input_types;  ///< of arguments and order columns
    OwnedSite site;
  };

  struct OrderItem {
    int column = 0;
    const Type* type = nullptr;
    bool descending = false;
    bool nulls_first = false;
  };

  /// Rows that are made once for all who read them: an item of WITH.
  struct SharedRows {
    int slot = 0;
    bool to_the_end = false;  ///< it changes tables: runs to its end, read or not
    bool forget = false;      ///< made anew whenever the query it belongs to starts
    std::vector<int> passed_slots;
    Program passed;
  };

  struct WindowCall {
    WindowFunction function = WindowFunction::kNone;
    AggregateCall call;  ///< arguments and filter; of an aggregate, also how it works
    const Type* type = nullptr;
  };
  struct Window {
    std::vector<OrderItem> partition;
    std::vector<OrderItem> order;
    WindowFrame frame;
    Program start_offset;
    Program end_offset;
    const Type* offset_type = nullptr;  ///< of RANGE
    /// See WindowSpec; empty where the executor adds by itself.
    Program range_sum;
    Program range_difference;
    Program range_key;
    const Type* range_type = nullptr;
    std::vector<WindowCall> calls;
  };

  Kind kind = Kind::kResult;
  int width = 0;
  double rows = 1;                 ///< about how many there will be
  std::vector<const Type*> types;  ///< of the columns
  std::vector<const Plan*> children;
  Program output;
  std::vector<Program> programs;
  Program condition;
  bool has_condition = false;
  bool once = false;  ///< of a filter: the condition reads no row
  std::list<Call> calls;
  bool ordinality = false;
  const VirtualTable* table = nullptr;
  std::shared_ptr<const TableScan> scan;
  std::shared_ptr<const ModifyPlan> modify;
  std::vector<RowMark> marks;
  std::vector<int> passed_slots;
  FromItem::Join join = FromItem::Join::kInner;
  int left_width = 0;
  std::vector<int> left_kept;  ///< of a hash join: the columns that go into its rows
  std::vector<int> right_kept;
  bool rescan_inner = true;  ///< else its rows are kept after the first scan
  int keys = 0;
  bool grouped = false;  ///< false: one group, even of no rows
  std::vector<AggregateCall> aggregates;
  std::vector<OrderItem> order;
  int visible = 0;
  Query::SetOperation operation = Query::SetOperation::kUnion;
  bool all = false;
  Program limit;
  Program offset;
  bool has_limit = false;
  bool has_offset = false;
  std::vector<SharedRows> shared;
  int slot = 0;
  std::unique_ptr<Window> window;
  /// Reads rows of a WITH that are made anew now and then, so that a subquery may not keep its
  /// value.
  bool reads_forgotten = false;
};

/// Owns the plans of a statement.
using PlanPool = std::deque<Plan>;

}  // namespace isolde::sql
