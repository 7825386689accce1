// WITH.
//
// A frame a WITH clause; frames nest as queries do. Each item is a CommonTable. A name in FROM that
// means an item becomes a FromItem that refers to it; whether its rows are computed once or its
// query is planned in place is the planner's choice.
//
// A recursive item, first-term UNION [ALL] recursive-term, is bound term by term: the first one
// gives names and types to the columns, so that the second can refer to them.

#include <pg_query/pg_query.pb-c.h>

#include <utility>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/binder/with_frame.hpp"
#include "sql/plan/walk.hpp"

namespace isolde::sql {

namespace {

bool is_set(const char* text) {
  return text != nullptr && text[0] != '\0';
}

bool modifies(const PgQuery__Node& node) {
  return node.node_case != PG_QUERY__NODE__NODE_SELECT_STMT;
}

bool redefines(const PgQuery__WithClause& with, std::string_view name) {
  for (size_t i = 0; i < with.n_ctes; ++i) {
    if (with.ctes[i]->common_table_expr->ctename == name) return true;
  }
  return false;
}

/// Whether a part of the tree names a table without a schema; by reflection, as the tree has some
/// hundred kinds of nodes.
bool mentions(const ProtobufCMessage& message, std::string_view name) {
  if (message.descriptor == &pg_query__range_var__descriptor) {
    const auto& var = reinterpret_cast<const PgQuery__RangeVar&>(message);
    return !is_set(var.schemaname) && var.relname == name;
  }
  if (message.descriptor == &pg_query__select_stmt__descriptor) {
    const auto& select = reinterpret_cast<const PgQuery__SelectStmt&>(message);
    if (select.with_clause != nullptr && redefines(*select.with_clause, name)) return false;
  }
  const char* base = reinterpret_cast<const char*>(&message);
  for (unsigned i = 0; i < message.descriptor->n_fields; ++i) {
    const ProtobufCFieldDescriptor& field = message.descriptor->fields[i];
    if (field.type != PROTOBUF_C_TYPE_MESSAGE) continue;
    const char* at = base + field.offset;
    const char* quantifier = base + field.quantifier_offset;
    if (field.label == PROTOBUF_C_LABEL_REPEATED) {
      auto count = *reinterpret_cast<const size_t*>(quantifier);
      auto* list = *reinterpret_cast<ProtobufCMessage* const* const*>(at);
      for (size_t k = 0; k < count; ++k) {
        if (mentions(*list[k], name)) return true;
      }
      continue;
    }
    bool in_union = (field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    if (in_union && *reinterpret_cast<const uint32_t*>(quantifier) != field.id) continue;
    auto* one = *reinterpret_cast<const ProtobufCMessage* const*>(at);
    if (one != nullptr && mentions(*one, name)) return true;
  }
  return false;
}

}  // namespace

void Binder::open_with(WithFrame& frame, const PgQuery__WithClause& with, Scope* parent,
                       std::vector<Expr*>* passed, std::vector<int>* passed_slots) {
  frame.above = with_;
  frame.recursive = with.recursive;
  frame.outer.parent = parent;
  frame.outer.passed = passed;
  frame.outer.passed_slots = passed_slots;
  for (size_t i = 0; i < with.n_ctes; ++i) {
    const PgQuery__CommonTableExpr& node = *with.ctes[i]->common_table_expr;
    for (const WithFrame::Item& other : frame.items) {
      if (other.table->name != node.ctename) continue;
      fail_at(node.location, base::sqlstate::kDuplicateAlias,
              "WITH query name \"" + other.table->name + "\" specified more than once");
    }
    if (modifies(*node.ctequery) && (parent != nullptr || with_ != nullptr)) {
      fail_at(node.location, base::sqlstate::kFeatureNotSupported,
              "WITH clause containing a data-modifying statement must be at the top level");
    }
    if (node.search_clause != nullptr) unsupported("SEARCH", node.search_clause->location);
    if (node.cycle_clause != nullptr) unsupported("CYCLE", node.location);
    WithFrame::Item& item = frame.items.emplace_back();
    item.node = &node;
    item.table = &memory_.common_tables.emplace_back();
    item.table->name = node.ctename;
  }
  with_ = &frame;
  for (size_t i = 0; i < frame.items.size(); ++i) {
    frame.visible = frame.recursive ? frame.items.size() : i;
    if (frame.items[i].state == WithFrame::State::kUnbound) bind_common_table(frame, i);
  }
  frame.visible = frame.items.size();
}

void Binder::close_with(WithFrame& frame, Query& query) {
  with_ = frame.above;
  for (const WithFrame::Item& item : frame.items) query.with.push_back(item.table);
}

/// Binds an item, from wherever it is first named; what is being bound there stands still.
void Binder::bind_common_table(WithFrame& frame, size_t number) {
  enter();
  WithFrame::Item& item = frame.items[number];
  const PgQuery__CommonTableExpr& node = *item.node;
  WithFrame* with = std::exchange(with_, &frame);
  size_t binding = std::exchange(frame.binding, number);
  Query* current = std::exchange(current_, nullptr);
  RangeEntries* entries = std::exchange(entries_, nullptr);
  const char* no_recursion = std::exchange(no_recursion_, nullptr);
  bool lifting = lifting_;
  item.state = WithFrame::State::kBinding;
  item.table->slot = memory_.shared_rows++;
  if (node.ctematerialized == PG_QUERY__CTEMATERIALIZE__CTEMaterializeAlways) {
    item.table->materialize = CommonTable::Materialize::kAlways;
  } else if (node.ctematerialized == PG_QUERY__CTEMATERIALIZE__CTEMaterializeNever) {
    item.table->materialize = CommonTable::Materialize::kNever;
  }
  if (modifies(*node.ctequery)) {
    bind_modifying_table(frame, *node.ctequery, item);
  } else if (frame.recursive && mentions(node.ctequery->base, item.table->name)) {
    bind_recursive_table(frame, item);
  } else {
    item.table->query = bind_any(*node.ctequery->select_stmt, &frame.outer, &item.table->passed,
                                 &item.table->passed_slots);
    name_common_columns(item);
  }
  item.state = WithFrame::State::kBound;
  lifting_ = lifting;
  no_recursion_ = no_recursion;
  entries_ = entries;
  current_ = current;
  frame.binding = binding;
  with_ = with;
  leave();
}

/// INSERT, UPDATE, DELETE in WITH: sets `query` to one that yields what RETURNING says, `modifies`,
/// and the columns by name_common_columns.
void Binder::bind_modifying_table(WithFrame& frame, const PgQuery__Node& statement,
                                  WithFrame::Item& item) {
  CommonTable& table = *item.table;
  table.query = bind_modification(statement, &frame.outer, &table.passed, &table.passed_slots);
  table.modifies = true;
  name_common_columns(item);
}

void Binder::name_common_columns(WithFrame::Item& item) {
  CommonTable& table = *item.table;
  for (const Target& target : table.query->targets) {
    if (target.hidden) break;
    table.columns.push_back({target.name, target.value->type, target.value->typmod});
  }
  const PgQuery__CommonTableExpr& node = *item.node;
  if (node.n_aliascolnames > table.columns.size()) {
    fail_at(node.location, base::sqlstate::kInvalidColumnReference,
            "WITH query \"" + table.name + "\" has " + std::to_string(table.columns.size()) +
                " columns available but " + std::to_string(node.n_aliascolnames) +
                " columns specified");
  }
  for (size_t i = 0; i < node.n_aliascolnames; ++i) {
    table.columns[i].name = string_of(*node.aliascolnames[i]);
  }
}

// --- recursion

void Binder::check_recursive_form(const WithFrame::Item& item, const PgQuery__SelectStmt& select) {
  std::string quoted = "\"" + item.table->name + "\"";
  if (select.op != PG_QUERY__SET_OPERATION__SETOP_UNION) {
    fail_at(item.node->location, base::sqlstate::kInvalidRecursion,
            "recursive query " + quoted +
                " does not have the form non-recursive-term UNION [ALL] recursive-term");
  }
  auto refuse = [&](bool there, const PgQuery__Node* node, std::string_view what) {
    if (!there) return;
    fail_at(node == nullptr ? -1 : location_of(*node), base::sqlstate::kFeatureNotSupported,
            std::string(what) + " in a recursive query is not implemented");
  };
  refuse(select.n_sort_clause > 0, select.n_sort_clause > 0 ? select.sort_clause[0] : nullptr,
         "ORDER BY");
  refuse(select.limit_offset != nullptr, select.limit_offset, "OFFSET");
  refuse(select.limit_count != nullptr, select.limit_count, "LIMIT");
  refuse(select.n_locking_clause > 0, nullptr, "FOR UPDATE/SHARE");
}

void Binder::bind_recursive_table(WithFrame& frame, WithFrame::Item& item) {
  const PgQuery__SelectStmt& select = *item.node->ctequery->select_stmt;
  CommonTable& table = *item.table;
  check_recursive_form(item, select);
  WithFrame own;
  if (select.with_clause != nullptr) {
    open_with(own, *select.with_clause, &frame.outer, &table.passed, &table.passed_slots);
  }
  lifting_ = false;
  item.state = WithFrame::State::kFirstTerm;
  table.query = bind_any(*select.larg, &frame.outer, &table.passed, &table.passed_slots);
  name_common_columns(item);
  item.state = WithFrame::State::kRecursiveTerm;
  table.recursive = bind_side(*select.rarg, &frame.outer, &table.passed, &table.passed_slots);
  table.distinct = !select.all;
  if (select.with_clause != nullptr) close_with(own, *table.query);
  match_recursive_columns(item);
}

void Binder::match_recursive_columns(WithFrame::Item& item) {
  CommonTable& table = *item.table;
  if (table.columns.size() != static_cast<size_t>(table.recursive->visible_targets())) {
    const auto& targets = table.recursive->targets;
    fail_at(targets.empty() ? -1 : targets[0].value->location, base::sqlstate::kSyntaxError,
            "each UNION query must have the same number of columns");
  }
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const Type& first = *table.columns[c].type;
    Expr* sides[] = {table.query->targets[c].value, table.recursive->targets[c].value};
    const Type& overall = common_type(sides, "UNION");
    recast_targets(*table.recursive, c, overall, "UNION");
    if (&overall != &first) {
      fail_at(
          sides[0]->location,
          base::Error(base::sqlstate::kDatatypeMismatch,
                      "recursive query \"" + table.name + "\" column " + std::to_string(c + 1) +
                          " has type " + format_type(first) + " in non-recursive term but type " +
                          format_type(overall) + " overall")
              .hint("Cast the output of the non-recursive term to the correct type."));
    }
    if (table.distinct && (!first.is_hashable() || !first.is_ordered())) {
      fail_at(-1, base::sqlstate::kFeatureNotSupported, "could not implement recursive UNION");
    }
  }
}

void Binder::check_self_reference(WithFrame::Item& item, int location) {
  auto fail = [&](const std::string& where) {
    fail_at(location, base::sqlstate::kInvalidRecursion,
            "recursive reference to query \"" + item.table->name + "\" must not appear " + where);
  };
  if (item.state == WithFrame::State::kFirstTerm) fail("within its non-recursive term");
  if (no_recursion_ != nullptr) fail(no_recursion_);
  if (++item.self_references > 1) fail("more than once");
}

// --- references

/// The item that a name means, or nullptr.
FromItem* Binder::bind_common_table_ref(const PgQuery__RangeVar& var) {
  WithFrame* frame = with_;
  size_t number = 0;
  auto find = [&] {
    for (; frame != nullptr; frame = frame->above) {
      for (number = 0; number < frame->visible; ++number) {
        if (frame->items[number].table->name == var.relname) return true;
      }
    }
    return false;
  };
  if (!find()) return nullptr;
  WithFrame::Item& item = frame->items[number];
  if (item.state == WithFrame::State::kUnbound) bind_common_table(*frame, number);
  FromItem& from = memory_.from_items.emplace_back();
  from.kind = FromItem::Kind::kCommonTable;
  from.common = item.table;
  if (item.state != WithFrame::State::kBound && frame->binding != number) {
    fail_at(item.node->location, base::sqlstate::kFeatureNotSupported,
            "mutual recursion between WITH items is not implemented");
  }
  if (item.state == WithFrame::State::kBinding) {
    // Only INSERT, UPDATE and DELETE are bound in this state and can come to name themselves.
    fail_at(
        item.node->location, base::sqlstate::kInvalidRecursion,
        "recursive query \"" + item.table->name + "\" must not contain data-modifying statements");
  }
  if (item.state != WithFrame::State::kBound) {
    check_self_reference(item, var.location);
    from.work_table = true;
  } else if (item.table->modifies && item.table->columns.empty()) {
    fail_at(var.location, base::sqlstate::kFeatureNotSupported,
            "WITH query \"" + item.table->name + "\" does not have a RETURNING clause");
  } else if (item.table->materialize == CommonTable::Materialize::kNever &&
             item.table->references > 0 && item.table->recursive == nullptr &&
             !is_volatile(*item.table->query)) {
    from.common = bind_common_table_again(*frame, number);
  }
  ++from.common->references;
  from.columns = from.common->columns;
  return &from;
}

/// NOT MATERIALIZED, named more than once: a query of its own for each reader.
CommonTable* Binder::bind_common_table_again(WithFrame& frame, size_t number) {
  WithFrame::Item copy = frame.items[number];
  copy.table = &memory_.common_tables.emplace_back();
  copy.table->name = frame.items[number].table->name;
  frame.items.push_back(copy);
  size_t visible = frame.visible;
  if (!frame.recursive) frame.visible = number;
  bind_common_table(frame, frame.items.size() - 1);
  frame.visible = visible;
  return copy.table;
}

/// What to add to "relation does not exist" when WITH has an item of that name after all.
void Binder::explain_missing(base::Error& error, std::string_view name) const {
  for (const WithFrame* frame = with_; frame != nullptr; frame = frame->above) {
    for (const WithFrame::Item& item : frame->items) {
      if (item.table->name != name) continue;
      error.fields().detail = "There is a WITH item named \"" + item.table->name +
                              "\", but it cannot be referenced from this part of the query.";
      error.fields().hint =
          "Use WITH RECURSIVE, or re-order the WITH items to remove forward references.";
      return;
    }
  }
}

}  // namespace isolde::sql
