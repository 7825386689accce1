#include "sql/dialect/expressions.hpp"

#include <algorithm>
#include <span>

#include "sql/settings/text_case.hpp"

namespace isolde::sql::dialect {

namespace {

/// @@name and the expression that has its value.
struct Variable {
  std::string_view name;
  std::string_view expression;
  std::string_view global = {};  ///< for @@global.name, where that differs
};

constexpr std::string_view kIsolation =
    "upper(replace(current_setting('default_transaction_isolation'), ' ', '-'))";
constexpr std::string_view kGlobalIsolation =
    "(SELECT upper(replace(reset_val, ' ', '-')) FROM pg_settings"
    " WHERE name = 'default_transaction_isolation')";
constexpr std::string_view kReadOnly =
    "(current_setting('default_transaction_read_only') = 'on')::int";

constexpr Variable kMysqlVariables[] = {
    {"autocommit", "1"},
    {"innodb_lock_wait_timeout",
     "(SELECT setting::int / 1000 FROM pg_settings WHERE name = 'lock_timeout')"},
    {"max_connections", "current_setting('max_connections')::int"},
    {"port", "current_setting('port')::int"},
    {"transaction_isolation", kIsolation, kGlobalIsolation},
    {"transaction_read_only", kReadOnly},
    {"tx_isolation", kIsolation, kGlobalIsolation},
    {"tx_read_only", kReadOnly},
    {"version", "current_setting('server_version')"},
    {"version_comment", "'Isolde'"},
};

constexpr Variable kSqlServerVariables[] = {
    {"identity", "lastval()"},
    {"lock_timeout",
     "(SELECT CASE setting WHEN '0' THEN -1 ELSE setting::int END FROM pg_settings"
     " WHERE name = 'lock_timeout')"},
    {"spid", "pg_backend_pid()"},
    // A statement that begins later than its transaction is inside BEGIN ... COMMIT.
    {"trancount", "(now() < statement_timestamp())::int"},
    {"version", "version()"},
};

/// A call: what takes the place of `name(`, and of the closing parenthesis.
struct Call {
  std::string_view name;
  bool has_argument;
  std::string_view before;
  std::string_view after;
};

constexpr Call kMysqlCalls[] = {
    {"connection_id", false, "pg_backend_pid(", ")"},
    {"last_insert_id", false, "lastval(", ")"},
    {"sleep", true, "(pg_sleep(", ") IS NULL)::int"},
};

constexpr Call kSqlServerCalls[] = {
    {"getdate", false, "clock_timestamp(", ")::timestamp(3)"},
    {"scope_identity", false, "lastval(", ")"},
    {"sysdatetime", false, "clock_timestamp(", ")::timestamp"},
};

std::span<const Variable> variables_of(Dialect dialect) {
  if (dialect == Dialect::kMysql) return kMysqlVariables;
  return kSqlServerVariables;
}

std::span<const Call> calls_of(Dialect dialect) {
  if (dialect == Dialect::kMysql) return kMysqlCalls;
  return kSqlServerCalls;
}

/// Nothing for variables that are not known here.
std::string_view variable_value(std::string_view words, Dialect dialect) {
  std::string name = lowered(words.substr(2));
  bool global = name.starts_with("global.");
  for (std::string_view scope : {"global.", "session.", "local."}) {
    if (name.starts_with(scope)) name.erase(0, scope.size());
  }
  for (const Variable& variable : variables_of(dialect)) {
    if (variable.name != name) continue;
    return global && !variable.global.empty() ? variable.global : variable.expression;
  }
  return {};
}

/// Walks over the statement and knows which tokens are in the outermost select list.
class Walk {
 public:
  Walk(Phrase& phrase, Dialect dialect) : phrase_(phrase), dialect_(dialect) {}

  void run() {
    for (size_t i = 0; i < phrase_.size(); ++i) {
      follow(i);
      rewrite(i);
    }
  }

 private:
  void follow(size_t i);
  void rewrite(size_t i);
  void rewrite_call(size_t i);
  bool is_item(size_t first, size_t last) const;
  void title(size_t first, size_t last);

  Phrase& phrase_;
  Dialect dialect_;
  int depth_ = 0;
  bool in_list_ = false;
};

void Walk::follow(size_t i) {
  if (phrase_.is(i, "(")) ++depth_;
  if (phrase_.is(i, ")")) --depth_;
  if (depth_ != 0) return;
  if (phrase_.is(i, "select")) in_list_ = true;
  if (phrase_.is_any(i, {"from", "where", "into", "limit", "order", "group", "having", "union"})) {
    in_list_ = false;
  }
}

bool Walk::is_item(size_t first, size_t last) const {
  if (depth_ != 0 || !in_list_ || first == 0) return false;
  bool begins = phrase_.is_any(first - 1, {"select", "distinct", "all", ","});
  size_t next = last + 1;
  return begins && (phrase_.is_end(next) ||
                    phrase_.is_any(next, {",", "from", "where", "limit", "order", "union", "for"}));
}

void Walk::title(size_t first, size_t last) {
  if (!is_item(first, last)) return;
  phrase_.insert_after(last, " AS " + as_quoted_name(phrase_.words(first, last)));
}

void Walk::rewrite_call(size_t i) {
  if (!phrase_.is(i + 1, "(") || phrase_.is(i - 1, ".")) return;
  size_t close = phrase_.closing(i + 1);
  if (phrase_.is_end(close)) return;
  for (const Call& call : calls_of(dialect_)) {
    bool has_argument = close > i + 2;
    if (!phrase_.is(i, call.name) || has_argument != call.has_argument) continue;
    bool item = is_item(i, close);
    phrase_.replace(i, i + 1, std::string(call.before));
    std::string after(call.after);
    if (item) after += " AS " + as_quoted_name(phrase_.words(i, close));
    phrase_.replace(close, close, std::move(after));
  }
}

void Walk::rewrite(size_t i) {
  if (phrase_.is_kind(i, Kind::kForeignName)) {
    phrase_.replace(i, i, in_postgres_quotes(phrase_.words(i)));
  } else if (phrase_.is_kind(i, Kind::kVariable)) {
    std::string_view value = variable_value(phrase_.words(i), dialect_);
    if (value.empty()) return;
    phrase_.replace(i, i, std::string(value));
    title(i, i);
  } else if (phrase_.is_kind(i, Kind::kWord)) {
    rewrite_call(i);
  }
}

}  // namespace

void rewrite_expressions(Phrase& phrase, Dialect dialect) {
  Walk(phrase, dialect).run();
}

}  // namespace isolde::sql::dialect
