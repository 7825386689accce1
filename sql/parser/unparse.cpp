#include "sql/parser/unparse.hpp"

#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

#include <vector>

#include "sql/parser/big_stack.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

/// Frees what the C library handed over.
struct RawText {
  ~RawText() { pg_query_free_deparse_result(raw); }
  PgQueryDeparseResult raw{};
};

}  // namespace

std::string unparse_statement(const PgQuery__Node& statement) {
  PgQuery__RawStmt raw = PG_QUERY__RAW_STMT__INIT;
  raw.stmt = const_cast<PgQuery__Node*>(&statement);
  PgQuery__RawStmt* only = &raw;
  PgQuery__ParseResult tree = PG_QUERY__PARSE_RESULT__INIT;
  tree.n_stmts = 1;
  tree.stmts = &only;
  std::vector<uint8_t> packed(pg_query__parse_result__get_packed_size(&tree));
  pg_query__parse_result__pack(&tree, packed.data());
  RawText text;
  on_big_stack(packed.size() > (size_t{1} << 16), [&] {
    text.raw = pg_query_deparse_protobuf({packed.size(), reinterpret_cast<char*>(packed.data())});
  });
  if (text.raw.error != nullptr) {
    fail(base::sqlstate::kFeatureNotSupported, text.raw.error->message);
  }
  return text.raw.query;
}

std::string unparse_expression(const PgQuery__Node& expression) {
  PgQuery__ResTarget target = PG_QUERY__RES_TARGET__INIT;
  target.val = const_cast<PgQuery__Node*>(&expression);
  PgQuery__Node target_node = PG_QUERY__NODE__INIT;
  target_node.node_case = PG_QUERY__NODE__NODE_RES_TARGET;
  target_node.res_target = &target;
  PgQuery__Node* targets = &target_node;
  PgQuery__SelectStmt select = PG_QUERY__SELECT_STMT__INIT;
  select.n_target_list = 1;
  select.target_list = &targets;
  select.limit_option = PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_DEFAULT;
  select.op = PG_QUERY__SET_OPERATION__SETOP_NONE;
  PgQuery__Node statement = PG_QUERY__NODE__INIT;
  statement.node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
  statement.select_stmt = &select;
  constexpr std::string_view kSelect = "SELECT ";
  return unparse_statement(statement).substr(kSelect.size());
}

}  // namespace isolde::sql
