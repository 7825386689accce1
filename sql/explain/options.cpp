#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <array>

#include "sql/binder/nodes.hpp"
#include "sql/explain/explain.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// The argument as a word, whichever way it was written; nothing when there is none.
std::optional<std::string> word_of(const PgQuery__DefElem& option) {
  if (option.arg == nullptr) return std::nullopt;
  const PgQuery__Node& node = *option.arg;
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_STRING:
      return lower(string_of(node));
    case PG_QUERY__NODE__NODE_INTEGER:
      return std::to_string(node.integer->ival);
    default:
      return std::string();
  }
}

bool flag(const PgQuery__DefElem& option) {
  std::optional<std::string> word = word_of(option);
  if (!word || *word == "true" || *word == "on" || *word == "1") return true;
  if (*word == "false" || *word == "off" || *word == "0") return false;
  fail(base::sqlstate::kSyntaxError, std::string(option.defname) + " requires a Boolean value");
}

ExplainOptions::Format format(const PgQuery__DefElem& option) {
  std::string word = word_of(option).value_or("");
  if (word == "text") return ExplainOptions::Format::kText;
  if (word == "json") return ExplainOptions::Format::kJson;
  if (word == "xml" || word == "yaml") {
    fail(base::sqlstate::kFeatureNotSupported, "EXPLAIN in format " + word + " is not supported");
  }
  fail(base::sqlstate::kInvalidParameterValue, "unrecognized value for EXPLAIN option \"" +
                                                   std::string(option.defname) + "\": \"" + word +
                                                   "\"");
}

}  // namespace

ExplainOptions explain_options(const PgQuery__ExplainStmt& statement) {
  ExplainOptions options;
  bool timing_given = false, summary_given = false, wal = false;
  for (size_t i = 0; i < statement.n_options; ++i) {
    const PgQuery__DefElem& option = *statement.options[i]->def_elem;
    std::string_view name = option.defname;
    if (name == "analyze") {
      options.analyze = flag(option);
    } else if (name == "verbose") {
      options.verbose = flag(option);
    } else if (name == "costs") {
      options.costs = flag(option);
    } else if (name == "timing") {
      options.timing = flag(option);
      timing_given = true;
    } else if (name == "summary") {
      options.summary = flag(option);
      summary_given = true;
    } else if (name == "format") {
      options.format = format(option);
    } else if (name == "wal") {
      wal = flag(option);
    } else if (name == "buffers" || name == "settings") {
      flag(option);  // nothing is counted that these would show
    } else {
      fail(base::sqlstate::kSyntaxError,
           "unrecognized EXPLAIN option \"" + std::string(name) + "\"");
    }
  }
  if (wal && !options.analyze) {
    fail(base::sqlstate::kInvalidParameterValue, "EXPLAIN option WAL requires ANALYZE");
  }
  if (timing_given && options.timing && !options.analyze) {
    fail(base::sqlstate::kInvalidParameterValue, "EXPLAIN option TIMING requires ANALYZE");
  }
  if (!summary_given) options.summary = options.analyze;
  return options;
}

std::vector<ResultColumn> explain_columns(const PgQuery__ExplainStmt& statement) {
  bool json = explain_options(statement).format == ExplainOptions::Format::kJson;
  ResultColumn column;
  column.name = "QUERY PLAN";
  column.type = &type_of(json ? types::kJson : types::kText);
  return {column};
}

}  // namespace isolde::sql
