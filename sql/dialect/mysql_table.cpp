#include <string>
#include <vector>

#include "sql/dialect/rules.hpp"
#include "sql/settings/text_case.hpp"

// CREATE TABLE as MySQL's text-books have it:
//
//      CREATE TABLE `t` (
//        `id` int(11) NOT NULL AUTO_INCREMENT,     the width goes, identity comes
//        `c` int(11) DEFAULT NULL,
//        PRIMARY KEY (`id`),
//        KEY `c` (`c`)                             becomes CREATE INDEX "t_c" ON "t" ("c")
//      ) ENGINE=InnoDB DEFAULT CHARSET=utf8;       goes
//
// Names of indexes are the schema's in PostgreSQL and the table's in MySQL: hence t_c.

namespace isolde::sql::dialect {

namespace {

struct TypeName {
  std::string_view foreign;
  std::string_view ours;
  bool has_width;  ///< a number in parentheses that says nothing about values
};

constexpr TypeName kTypes[] = {
    {"bigint", "bigint", true},           {"datetime", "timestamp", false},
    {"double", "double precision", true}, {"int", "int", true},
    {"integer", "integer", true},         {"longtext", "text", false},
    {"mediumint", "integer", true},       {"mediumtext", "text", false},
    {"smallint", "smallint", true},       {"tinyint", "smallint", true},
    {"tinytext", "text", false},
};

/// KEY [name] (columns), from `first` on.
struct KeyClause {
  size_t open = 0;  ///< its parenthesis; 0: this is no key
  std::string name;
};

/// A word before a parenthesis may also be a type with a length: `key varchar(10)`. The columns of
/// a key are names.
KeyClause key_clause(const Phrase& phrase, size_t first, size_t last) {
  KeyClause key;
  size_t open = first + 1;
  if (!phrase.is(open, "(")) {
    if (!phrase.is_name(open)) return {};
    key.name = phrase.words(open++);
  }
  bool columns = phrase.is(open, "(") && phrase.is_name(open + 1) && phrase.closing(open) == last;
  for (size_t i = open + 1; columns && i < last; ++i) columns = !phrase.is(i, "(");
  if (columns) key.open = open;
  return key;
}

std::string bare(std::string_view name) {
  if (name.front() != '`' && name.front() != '"') return lowered(name);
  return lowered(name.substr(1, name.size() - 2));
}

class TableRewriter {
 public:
  TableRewriter(Phrase& phrase, size_t name) : phrase_(phrase), name_(name) {
    name_end_ = phrase.name_end(name);
  }
  void run();

 private:
  void element(size_t first, size_t last);
  bool index_element(size_t first, size_t last);
  void column(size_t first, size_t last);
  void type(size_t at);
  void options(size_t first);
  size_t option_end(size_t at) const;
  std::string index_statement(const KeyClause& key, size_t last) const;

  Phrase& phrase_;
  size_t name_;
  size_t name_end_;
  std::string indexes_;
  std::string start_;  ///< of identity
  size_t identity_ = 0;
};

std::string TableRewriter::index_statement(const KeyClause& key, size_t last) const {
  std::string name = bare(phrase_.words(name_end_ - 1));
  if (!key.name.empty()) name += "_" + bare(key.name);
  for (size_t i = key.open; key.name.empty() && i < last; ++i) {
    if (phrase_.is_name(i)) name += "_" + bare(phrase_.words(i));
  }
  bool unless_there = phrase_.is(name_ - 1, "exists");
  return std::string("; CREATE INDEX ") + (unless_there ? "IF NOT EXISTS " : "") +
         as_quoted_name(name) + " ON " + phrase_.in_postgres(name_, name_end_ - 1) + " " +
         phrase_.in_postgres(key.open, last);
}

/// True when the element is an index; it has to go, with a comma beside it.
bool TableRewriter::index_element(size_t first, size_t last) {
  if (!phrase_.is_any(first, {"key", "index"})) return false;
  KeyClause key = key_clause(phrase_, first, last);
  if (key.open == 0 || !phrase_.is(first - 1, ",")) return false;
  indexes_ += index_statement(key, last);
  phrase_.erase(first - 1, last);
  return true;
}

void TableRewriter::type(size_t at) {
  for (const TypeName& name : kTypes) {
    if (!phrase_.is(at, name.foreign) || phrase_.is(at + 1, "precision")) continue;
    if (name.ours != name.foreign) phrase_.replace(at, at, std::string(name.ours));
    if (name.has_width && phrase_.is(at + 1, "(")) phrase_.erase(at + 1, phrase_.closing(at + 1));
  }
}

void TableRewriter::column(size_t first, size_t last) {
  type(first + 1);
  for (size_t i = first + 2; i <= last; ++i) {
    if (phrase_.is(i, "auto_increment")) identity_ = i;
    if (phrase_.is(i, "comment") && phrase_.is_kind(i + 1, Kind::kString)) phrase_.erase(i, i + 1);
  }
}

void TableRewriter::element(size_t first, size_t last) {
  if (index_element(first, last)) return;
  if (phrase_.is(first, "unique")) {
    size_t key = phrase_.is_any(first + 1, {"key", "index"}) ? first + 1 : first;
    KeyClause clause = key_clause(phrase_, key, last);
    if (clause.open > first + 1) phrase_.erase(first + 1, clause.open - 1);
    return;
  }
  bool constraint = phrase_.is_any(first, {"primary", "foreign", "constraint", "check", "like"});
  if (!constraint && phrase_.is_name(first)) column(first, last);
}

/// Behind the table option at `at`; `at` when it is not known.
size_t TableRewriter::option_end(size_t at) const {
  size_t end = at;
  if (phrase_.is(end, "default")) ++end;
  bool engine = phrase_.is(end, "engine");
  bool number = phrase_.is(end, "auto_increment");
  bool known =
      engine || number || phrase_.is_any(end, {"charset", "collate", "comment", "row_format"});
  if (phrase_.are(end, {"character", "set"})) {
    known = true;
    ++end;
  }
  if (!known) return at;
  ++end;
  if (phrase_.is(end, "=")) ++end;
  if (phrase_.is_end(end)) return at;
  if (engine && !phrase_.is(end, "innodb")) return at;
  if (number && !phrase_.is_kind(end, Kind::kInteger)) return at;
  return end + 1;
}

void TableRewriter::options(size_t first) {
  size_t at = first;
  while (at < phrase_.size()) {
    size_t end = option_end(at);
    if (end == at) break;
    if (phrase_.is(at, "auto_increment")) {
      start_ = " (START WITH " + std::string(phrase_.words(end - 1)) + ")";
    }
    at = end;
    if (phrase_.is(at, ",")) ++at;
  }
  if (at > first) phrase_.erase(first, at - 1);
}

void TableRewriter::run() {
  size_t open = name_end_;
  if (name_end_ == name_ || !phrase_.is(open, "(")) return;
  size_t close = phrase_.closing(open);
  if (phrase_.is_end(close) || close == open + 1) return;
  size_t first = open + 1;
  for (size_t i = first; i < close; ++i) {
    if (phrase_.is(i, "(")) i = phrase_.closing(i);
    if (!phrase_.is(i + 1, ",") && i + 1 != close) continue;
    element(first, i);
    first = i + 2;
    ++i;
  }
  options(close + 1);
  if (identity_ != 0) {
    phrase_.replace(identity_, identity_, "GENERATED BY DEFAULT AS IDENTITY" + start_);
  }
  if (!indexes_.empty()) phrase_.insert_after(phrase_.size() - 1, indexes_);
}

}  // namespace

void rewrite_mysql_table(Phrase& phrase) {
  if (!phrase.is(0, "create")) return;
  size_t name = phrase.is(1, "temporary") ? 2 : 1;
  if (!phrase.is(name++, "table")) return;
  if (phrase.are(name, {"if", "not", "exists"})) name += 3;
  TableRewriter(phrase, name).run();
}

/// ALTER TABLE t ADD INDEX [name] (columns).
bool rewrite_mysql_added_index(Phrase& phrase) {
  if (!phrase.are(0, {"alter", "table"})) return false;
  size_t end = phrase.name_end(2);
  if (!phrase.is(end, "add") || !phrase.is_any(end + 1, {"index", "key"})) return false;
  KeyClause key = key_clause(phrase, end + 1, phrase.size() - 1);
  if (key.open == 0) return false;
  std::string name = key.name.empty()
                         ? ""
                         : as_quoted_name(bare(phrase.words(end - 1)) + "_" + bare(key.name)) + " ";
  phrase.replace_all("CREATE INDEX " + name + "ON " + phrase.in_postgres(2, end - 1) + " " +
                     phrase.in_postgres(key.open, phrase.size() - 1));
  return true;
}

}  // namespace isolde::sql::dialect
