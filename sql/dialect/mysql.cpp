#include <optional>
#include <string>

#include "sql/dialect/expressions.hpp"
#include "sql/dialect/rules.hpp"
#include "sql/settings/text_case.hpp"

namespace isolde::sql::dialect {

namespace {

base::Error autocommit_error(const Phrase& phrase) {
  return base::Error(base::sqlstate::kFeatureNotSupported, "autocommit cannot be turned off")
      .hint("Begin a transaction with BEGIN or START TRANSACTION.")
      .at(phrase.character(0));
}

/// The value of SET name = value, without quotes and in lower case.
std::string plain_value(std::string_view words) {
  if (words.size() >= 2 && words.front() == '\'') words = words.substr(1, words.size() - 2);
  return lowered(words);
}

/// A level as @@transaction_isolation spells it: 'READ-COMMITTED'. Nothing when it is none.
std::string level_of(std::string_view words) {
  std::string level = plain_value(words);
  for (char& c : level) {
    if (c == '-') c = ' ';
  }
  for (std::string_view known :
       {"read uncommitted", "read committed", "repeatable read", "serializable"}) {
    if (level == known) return level;
  }
  return {};
}

/// SET name = value: the name without @@ and scope.
struct Assignment {
  std::string name;
  std::string value;
  bool foreign = false;  ///< spelled as PostgreSQL does not
};

std::optional<Assignment> assignment_of(const Phrase& phrase) {
  Assignment assignment;
  size_t at = 1;
  if (phrase.is_any(at, {"session", "global", "local"})) ++at;
  if (phrase.is_kind(at, Kind::kVariable)) {
    assignment.name = lowered(phrase.words(at).substr(2));
    assignment.name.erase(0, assignment.name.find('.') + 1);
    assignment.foreign = true;
  } else {
    assignment.name = lowered(phrase.words(at));
    assignment.foreign = phrase.is(1, "global");
  }
  if (phrase.size() != at + 3 || !phrase.is(at + 1, "=")) return std::nullopt;
  assignment.value = phrase.words(at + 2);
  return assignment;
}

bool set_isolation(Phrase& phrase, const Assignment& assignment) {
  bool ours = assignment.name == "transaction_isolation";
  if (!ours && assignment.name != "tx_isolation") return false;
  if (ours && !assignment.foreign && assignment.value.find('-') == std::string::npos) return false;
  std::string level = level_of(assignment.value);
  if (level.empty()) return false;
  phrase.replace_all("SET default_transaction_isolation = " + as_literal(level));
  return true;
}

base::Result<bool> set_autocommit(Phrase& phrase, const Assignment& assignment) {
  std::string value = plain_value(assignment.value);
  if (value == "0" || value == "off" || value == "false") return autocommit_error(phrase);
  if (value != "1" && value != "on" && value != "true") return false;
  phrase.replace_all("SET isolde.dialect = 'mysql'");  // as it is: nothing changes
  return true;
}

/// SET ...; true when it was one of ours.
base::Result<bool> rewrite_set(Phrase& phrase) {
  if (!phrase.is(0, "set")) return false;
  if (phrase.is_any(1, {"session", "global"}) && phrase.is(2, "transaction")) {
    phrase.replace(1, 1, "SESSION CHARACTERISTICS AS");
    return true;
  }
  auto assignment = assignment_of(phrase);
  if (!assignment) return false;
  if (assignment->name == "autocommit") return set_autocommit(phrase, *assignment);
  if (assignment->name == "innodb_lock_wait_timeout") {
    phrase.replace_all("SET lock_timeout = " + as_literal(plain_value(assignment->value) + "s"));
    return true;
  }
  return set_isolation(phrase, *assignment);
}

constexpr std::string_view kProcessList =
    "SELECT pid AS \"Id\", usename AS \"User\", client_addr::text AS \"Host\", datname AS \"db\","
    " CASE state WHEN 'active' THEN 'Query' ELSE 'Sleep' END AS \"Command\","
    " extract(epoch FROM now() - state_change)::int AS \"Time\","
    " coalesce(wait_event, state) AS \"State\", query AS \"Info\""
    " FROM pg_stat_activity WHERE backend_type = 'client backend' ORDER BY pid";

bool rewrite_show(Phrase& phrase) {
  if (!phrase.is(0, "show")) return false;
  size_t at = phrase.is_any(1, {"session", "global", "full"}) ? 2 : 1;
  bool last = phrase.size() == at + 1;
  if (last && phrase.is(at, "tables")) {
    phrase.replace_all(
        "SELECT table_name AS \"Tables\" FROM information_schema.tables"
        " WHERE table_schema = current_schema() ORDER BY table_name");
  } else if (last && phrase.is_any(at, {"databases", "schemas"})) {
    phrase.replace_all(
        "SELECT datname AS \"Database\" FROM pg_database WHERE NOT datistemplate ORDER BY datname");
  } else if (last && phrase.is(at, "processlist")) {
    phrase.replace_all(std::string(kProcessList));
  } else if (phrase.size() == 4 && phrase.are(1, {"engine", "innodb", "status"})) {
    phrase.replace_all(
        "SELECT 'InnoDB' AS \"Type\", '' AS \"Name\", \"Status\""
        " FROM isolde.innodb_status() AS s(\"Status\")");
  } else if (phrase.size() == at + 3 && phrase.are(at, {"variables", "like"}) &&
             phrase.is_kind(at + 2, Kind::kString)) {
    phrase.replace(0, at + 1,
                   "SELECT name AS \"Variable_name\", setting AS \"Value\" FROM pg_settings"
                   " WHERE name LIKE");
    phrase.insert_after(at + 2, " ORDER BY name");
  } else {
    return false;
  }
  return true;
}

/// LOCK TABLES a READ, b AS x WRITE. MySQL keeps the locks outside of any transaction; here they
/// are held by one, which UNLOCK TABLES commits.
bool rewrite_lock_tables(Phrase& phrase) {
  if (!phrase.is(0, "lock") || !phrase.is_any(1, {"tables", "table"})) return false;
  std::string locks;
  for (size_t at = 2; at < phrase.size();) {
    size_t end = phrase.name_end(at);
    if (end == at) return false;
    std::string name = phrase.in_postgres(at, end - 1);
    if (phrase.is(end, "as"))
      end += 2;
    else if (phrase.is_name(end) && !phrase.is_any(end, {"read", "write", "low_priority"}))
      ++end;
    if (phrase.is(end, "low_priority") && phrase.is(end + 1, "write")) ++end;
    if (!phrase.is_any(end, {"read", "write"})) return false;
    bool write = phrase.is(end++, "write");
    if (!write && phrase.is(end, "local")) ++end;
    locks += "; LOCK TABLE " + name + " IN " + (write ? "ACCESS EXCLUSIVE" : "SHARE") + " MODE";
    if (!phrase.is_end(end) && (!phrase.is(end, ",") || phrase.is_end(end + 1))) return false;
    at = end + 1;
  }
  if (locks.empty()) return false;
  phrase.replace_all("BEGIN" + locks);
  return true;
}

bool rewrite_unlock_tables(Phrase& phrase) {
  if (phrase.size() != 2 || !phrase.is(0, "unlock") || !phrase.is_any(1, {"tables", "table"})) {
    return false;
  }
  phrase.replace_all("COMMIT");
  return true;
}

/// DO gives no rows.
bool rewrite_do_sleep(Phrase& phrase) {
  if (!phrase.are(0, {"do", "sleep", "("}) || phrase.closing(2) + 1 != phrase.size()) return false;
  phrase.replace(0, 1, "SELECT FROM pg_sleep");
  phrase.replace(phrase.size() - 1, phrase.size() - 1, ") OFFSET 1");
  return true;
}

bool rewrite_kill(Phrase& phrase) {
  if (!phrase.is(0, "kill")) return false;
  size_t at = phrase.is_any(1, {"query", "connection"}) ? 2 : 1;
  if (phrase.size() != at + 1 || !phrase.is_kind(at, Kind::kInteger)) return false;
  bool query = phrase.is(1, "query");
  phrase.replace(0, at - 1, query ? "SELECT pg_cancel_backend(" : "SELECT pg_terminate_backend(");
  phrase.insert_after(at, ")");
  return true;
}

/// START TRANSACTION [mode,] WITH CONSISTENT SNAPSHOT [, mode]: the words go, the wish is noted.
void rewrite_consistent_snapshot(Phrase& phrase) {
  if (!phrase.are(0, {"start", "transaction"})) return;
  for (size_t i = 2; i < phrase.size(); ++i) {
    if (!phrase.are(i, {"with", "consistent", "snapshot"})) continue;
    size_t first = i;
    size_t last = i + 2;
    if (phrase.is(last + 1, ","))
      ++last;
    else if (phrase.is(first - 1, ","))
      --first;
    phrase.erase(first, last);
    phrase.take_snapshot();
    return;
  }
}

void rewrite_share_mode(Phrase& phrase) {
  for (size_t i = 1; i < phrase.size(); ++i) {
    if (phrase.are(i, {"lock", "in", "share", "mode"})) phrase.replace(i, i + 3, "FOR SHARE");
  }
}

void rewrite_insert_ignore(Phrase& phrase) {
  if (!phrase.are(0, {"insert", "ignore"})) return;
  size_t end = 2;
  int depth = 0;
  for (; end < phrase.size(); ++end) {
    if (phrase.is(end, "(")) ++depth;
    if (phrase.is(end, ")")) --depth;
    if (depth == 0 && phrase.is(end, "on") && phrase.is(end + 1, "duplicate")) return;
    if (depth == 0 && phrase.is(end, "returning")) break;
  }
  phrase.replace(0, 1, "INSERT");
  phrase.insert_after(end - 1, " ON CONFLICT DO NOTHING");
}

}  // namespace

base::Status rewrite_mysql(Phrase& phrase) {
  auto set = rewrite_set(phrase);
  if (!set) return set.take_error();
  bool whole = *set || rewrite_show(phrase) || rewrite_lock_tables(phrase) ||
               rewrite_unlock_tables(phrase) || rewrite_kill(phrase) ||
               rewrite_mysql_added_index(phrase);
  if (whole) return {};
  if (!rewrite_do_sleep(phrase)) {
    rewrite_consistent_snapshot(phrase);
    rewrite_share_mode(phrase);
    rewrite_insert_ignore(phrase);
    rewrite_mysql_table(phrase);
  }
  rewrite_expressions(phrase, Dialect::kMysql);
  return {};
}

}  // namespace isolde::sql::dialect
