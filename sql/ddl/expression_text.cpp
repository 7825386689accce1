#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

#include <vector>

#include "sql/ddl/ddl.hpp"
#include "sql/parser/big_stack.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

/// "SELECT <expression>", as the C library writes it.
std::string deparse_select(const PgQuery__Node& expression) {
  PgQuery__ResTarget target = PG_QUERY__RES_TARGET__INIT;
  target.val = const_cast<PgQuery__Node*>(&expression);
  PgQuery__Node target_node = PG_QUERY__NODE__INIT;
  target_node.node_case = PG_QUERY__NODE__NODE_RES_TARGET;
  target_node.res_target = &target;
  PgQuery__Node* targets[] = {&target_node};
  PgQuery__SelectStmt select = PG_QUERY__SELECT_STMT__INIT;
  select.n_target_list = 1;
  select.target_list = targets;
  select.limit_option = PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_DEFAULT;
  select.op = PG_QUERY__SET_OPERATION__SETOP_NONE;
  PgQuery__Node select_node = PG_QUERY__NODE__INIT;
  select_node.node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
  select_node.select_stmt = &select;
  PgQuery__RawStmt raw = PG_QUERY__RAW_STMT__INIT;
  raw.stmt = &select_node;
  PgQuery__RawStmt* statements[] = {&raw};
  PgQuery__ParseResult tree = PG_QUERY__PARSE_RESULT__INIT;
  tree.n_stmts = 1;
  tree.stmts = statements;

  std::vector<uint8_t> packed(pg_query__parse_result__get_packed_size(&tree));
  pg_query__parse_result__pack(&tree, packed.data());
  PgQueryProtobuf bytes{packed.size(), reinterpret_cast<char*>(packed.data())};
  PgQueryDeparseResult result = pg_query_deparse_protobuf(bytes);
  std::string text = result.query == nullptr ? "" : result.query;
  pg_query_free_deparse_result(result);
  return text;
}

}  // namespace

std::string expression_text(const PgQuery__Node& expression) {
  constexpr std::string_view kSelect = "SELECT ";
  std::string text;
  on_big_stack(true, [&] { text = deparse_select(expression); });
  if (!text.starts_with(kSelect)) fail(base::sqlstate::kInternalError, "an expression has no text");
  return text.substr(kSelect.size());
}

}  // namespace isolde::sql
