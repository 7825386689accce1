#include "sql/views/definitions.hpp"

#include <charconv>

#include "sql/binder/binder.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/deparse/deparse.hpp"
#include "sql/functions/keywords.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/catalog_names.hpp"
#include "sql/views/index_classes.hpp"

namespace isolde::sql {

namespace {

/// The columns of a table as kept expressions count them: those that are not dropped.
class LiveColumns final : public ColumnNames {
 public:
  LiveColumns(const RelationObject& table, const TypeSource& types)
      : of_domain_(table.oid == Oid{}), types_(types) {
    for (const ColumnObject& column : table.columns) {
      if (!column.dropped) columns_.push_back(&column);
    }
  }
  ColumnName column(int index) const override {
    const ColumnObject& column = *columns_[static_cast<size_t>(index)];
    const Type* type = types_.find(column.type);
    return {of_domain_ ? "VALUE" : quoted_identifier(column.name), type};
  }

 private:
  bool of_domain_;
  const TypeSource& types_;
  std::vector<const ColumnObject*> columns_;
};

enum class Form : uint8_t { kExpression, kCheck, kIndexKey };

/// A kept expression, understood again and written back.
std::string written_back(SessionServices& services, const RelationObject& table,
                         std::string_view text, Clause clause, const ColumnObject* column,
                         Form form, bool pretty) {
  Binder::Input input;
  input.style = &services.style();
  input.names = &services.table_names();
  PlanMemory memory;
  Binder binder(std::move(input), memory);
  const Expr* expr = binder.bind_kept_expression(text, table, clause, column);
  // A function of the catalog may stand for its body by now: its call is kept as it is.
  if (!memory.routines.empty()) {
    return form == Form::kCheck ? "CHECK ((" + std::string(text) + "))" : std::string(text);
  }
  DeparseOptions options{.pretty = pretty, .style = services.style()};
  LiveColumns columns(table, *services.table_names().types);
  switch (form) {
    case Form::kExpression:
      return deparse_expression(*expr, columns, options);
    case Form::kCheck:
      return deparse_check(*expr, columns, options);
    case Form::kIndexKey:
      return deparse_index_expression(*expr, columns, options);
  }
  return "";
}

}  // namespace

std::string node_tree(TreeKind kind, int16_t column, std::string_view text) {
  return "{" + std::string(1, static_cast<char>(kind)) + std::to_string(column) + "}" +
         std::string(text);
}

std::string tree_text(SessionServices& services, std::string_view tree, const RelationObject* table,
                      bool pretty) {
  const size_t end = tree.find('}');
  if (!tree.starts_with('{') || end == std::string_view::npos) return std::string(tree);
  const std::string_view text = tree.substr(end + 1);
  if (table == nullptr) return std::string(text);
  int number = 0;
  std::from_chars(tree.data() + 2, tree.data() + end, number);
  const ColumnObject* column =
      number > 0 ? &table->columns[static_cast<size_t>(number - 1)] : nullptr;
  auto expression = [&](Clause clause) {
    return written_back(services, *table, text, clause, column, Form::kExpression, pretty);
  };
  switch (static_cast<TreeKind>(tree[1])) {
    case TreeKind::kDefault:
      return expression(Clause::kColumnDefault);
    case TreeKind::kGenerated:
      return expression(Clause::kGeneratedColumn);
    case TreeKind::kPredicate:
      return expression(Clause::kIndexPredicate);
    case TreeKind::kCheck:
      return expression(Clause::kCheck);
    case TreeKind::kIndexKeys:
      break;
  }
  return std::string(text);
}

namespace {

std::string column_list(const RelationObject& table, const std::vector<int16_t>& columns) {
  std::string list;
  for (int16_t number : columns) {
    if (!list.empty()) list += ", ";
    list += quoted_identifier(table.columns[static_cast<size_t>(number - 1)].name);
  }
  return list;
}

std::string key_text(SessionServices& services, const RelationObject& table,
                     const IndexKeyObject& key, bool pretty) {
  if (key.column != 0) return column_list(table, {key.column});
  return written_back(services, table, key.expression, Clause::kIndexExpression, nullptr,
                      Form::kIndexKey, pretty);
}

std::string_view collation_word(Oid collation) {
  if (collation == Oid{950}) return "\"C\"";
  return collation == Oid{951} ? "\"POSIX\"" : "\"default\"";
}

/// What is said of a key beside what it is: only what differs from what would be anyway.
std::string key_options(const RelationObject& table, const IndexKeyObject& key) {
  std::string text;
  Oid own_collation = type_of(types::kText).oid == key.type ? Oid{100} : key.collation;
  if (key.column != 0) own_collation = table.columns[static_cast<size_t>(key.column - 1)].collation;
  if (key.collation != Oid{} && key.collation != own_collation) {
    text += " COLLATE " + std::string(collation_word(key.collation));
  }
  IndexKeyObject plain = key;
  plain.opclass.clear();
  if (!key.opclass.empty() && index_class(plain) != index_class(key)) text += " " + key.opclass;
  if (key.descending) text += " DESC";
  if (key.descending && !key.nulls_first) text += " NULLS LAST";
  if (!key.descending && key.nulls_first) text += " NULLS FIRST";
  return text;
}

std::string options_text(const std::vector<std::string>& options) {
  std::string text;
  for (const std::string& one : options) {
    const size_t equals = one.find('=');
    text += text.empty() ? " WITH (" : ", ";
    text += one.substr(0, equals);
    if (equals != std::string::npos) text += "='" + one.substr(equals + 1) + "'";
  }
  return text.empty() ? text : text + ")";
}

}  // namespace

std::string index_definition(SessionServices& services, const RelationObject& index, bool pretty) {
  const TableNames& names = services.table_names();
  const IndexObject& about = *index.index;
  RelationPtr table = names.image->relation(about.table);
  std::string text = about.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  text += quoted_identifier(index.name) + " ON ";
  text += pretty ? relation_name(names, *table) : qualified_name(*names.image, *table);
  text += " USING " + about.method + " (";
  bool first = true;
  for (const IndexKeyObject& key : about.keys) {
    if (!first) text += ", ";
    first = false;
    text += key_text(services, *table, key, pretty) + key_options(*table, key);
  }
  text += ")";
  if (!about.included.empty()) text += " INCLUDE (" + column_list(*table, about.included) + ")";
  if (about.nulls_not_distinct) text += " NULLS NOT DISTINCT";
  text += options_text(index.options);
  if (about.predicate) {
    text += " WHERE " + written_back(services, *table, *about.predicate, Clause::kIndexPredicate,
                                     nullptr, Form::kExpression, pretty);
  }
  return text;
}

std::string index_column_definition(SessionServices& services, const RelationObject& index,
                                    int column, bool pretty) {
  const IndexObject& about = *index.index;
  RelationPtr table = services.table_names().image->relation(about.table);
  const auto at = static_cast<size_t>(column - 1);
  if (column < 1) return "";
  if (at < about.keys.size()) return key_text(services, *table, about.keys[at], pretty);
  const size_t included = at - about.keys.size();
  if (included >= about.included.size()) return "";
  return column_list(*table, {about.included[included]});
}

namespace {

std::string_view action_words(char action) {
  switch (action) {
    case 'r':
      return "RESTRICT";
    case 'c':
      return "CASCADE";
    case 'n':
      return "SET NULL";
    case 'd':
      return "SET DEFAULT";
    default:
      return "";
  }
}

std::string foreign_key(const TableNames& names, const ConstraintObject& c,
                        const RelationObject& table) {
  RelationPtr referenced = names.image->relation(c.referenced);
  std::string text = "FOREIGN KEY (" + column_list(table, c.columns) + ") REFERENCES " +
                     relation_name(names, *referenced) + "(" +
                     column_list(*referenced, c.referenced_columns) + ")";
  if (c.match == 'f') text += " MATCH FULL";
  if (c.on_update != 'a') text += " ON UPDATE " + std::string(action_words(c.on_update));
  if (c.on_delete != 'a') text += " ON DELETE " + std::string(action_words(c.on_delete));
  if (!c.set_columns.empty()) text += " (" + column_list(table, c.set_columns) + ")";
  return text;
}

std::string unique_key(const TableNames& names, const ConstraintObject& c,
                       const RelationObject& table) {
  std::string text = c.constraint_kind == ConstraintKind::kPrimaryKey ? "PRIMARY KEY " : "UNIQUE ";
  RelationPtr index = names.image->relation(c.index);
  const bool known = index != nullptr && index->index.has_value();
  if (known && index->index->nulls_not_distinct) text += "NULLS NOT DISTINCT ";
  text += "(" + column_list(table, c.columns) + ")";
  if (known && !index->index->included.empty()) {
    text += " INCLUDE (" + column_list(table, index->index->included) + ")";
  }
  return text;
}

}  // namespace

std::string argument_default(SessionServices& services, std::string_view text, Oid type) {
  RelationObject none;
  ColumnObject argument;
  argument.type = type;
  return written_back(services, none, text, Clause::kColumnDefault, &argument, Form::kExpression,
                      false);
}

std::string domain_default(SessionServices& services, const TypeObject& domain) {
  RelationObject none;
  ColumnObject value;
  value.type = domain.base_type;
  value.typmod = domain.base_typmod;
  return written_back(services, none, *domain.default_text, Clause::kColumnDefault, &value,
                      Form::kExpression, false);
}

namespace {

/// The check of a domain is one of a table whose only column is called VALUE.
std::string domain_check(SessionServices& services, const ConstraintObject& c, bool pretty) {
  auto domain = services.table_names().image->get<TypeObject>(ObjectKind::kType, c.domain);
  if (domain == nullptr) return "CHECK ((" + c.expression + "))";
  RelationObject value;
  ColumnObject& column = value.columns.emplace_back();
  column.name = "value";
  column.type = domain->base_type;
  column.typmod = domain->base_typmod;
  return written_back(services, value, c.expression, Clause::kCheck, nullptr, Form::kCheck, pretty);
}

}  // namespace

std::string constraint_definition(SessionServices& services, const ConstraintObject& c,
                                  bool pretty) {
  const TableNames& names = services.table_names();
  RelationPtr table = names.image->relation(c.relation);
  std::string text;
  switch (c.constraint_kind) {
    case ConstraintKind::kForeignKey:
      text = foreign_key(names, c, *table);
      break;
    case ConstraintKind::kPrimaryKey:
    case ConstraintKind::kUnique:
      text = unique_key(names, c, *table);
      break;
    case ConstraintKind::kCheck:
      text = table == nullptr ? domain_check(services, c, pretty)
                              : written_back(services, *table, c.expression, Clause::kCheck,
                                             nullptr, Form::kCheck, pretty);
      if (c.no_inherit) text += " NO INHERIT";
      break;
  }
  if (c.deferrable) text += " DEFERRABLE";
  if (c.initially_deferred) text += " INITIALLY DEFERRED";
  if (!c.validated) text += " NOT VALID";
  return text;
}

}  // namespace isolde::sql
