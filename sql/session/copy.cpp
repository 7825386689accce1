#include <algorithm>
#include <set>

#include "sql/binder/nodes.hpp"
#include "sql/functions/encodings.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/session/copy_format.hpp"
#include "sql/session/copy_reader.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/settings/setting_text.hpp"
#include "sql/table/table_info.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

std::string option_text(const PgQuery__DefElem& option) {
  if (option.arg == nullptr) return {};
  const PgQuery__Node& node = *option.arg;
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_STRING:
      return node.string->sval;
    case PG_QUERY__NODE__NODE_INTEGER:
      return std::to_string(node.integer->ival);
    case PG_QUERY__NODE__NODE_BOOLEAN:
      return node.boolean->boolval ? "true" : "false";
    case PG_QUERY__NODE__NODE_FLOAT:
      return node.float_->fval;
    default:
      return {};
  }
}

bool option_bool(const PgQuery__DefElem& option) {
  if (option.arg == nullptr) return true;
  bool value = false;
  if (parse_bool_word(option_text(option), value)) return value;
  sql::fail(base::sqlstate::kSyntaxError,
            std::string(option.defname) + " requires a Boolean value or \"match\"");
}

char single_byte(std::string_view what, const std::string& text) {
  if (text.size() != 1) {
    sql::fail(base::sqlstate::kFeatureNotSupported,
              "COPY " + std::string(what) + " must be a single one-byte character");
  }
  return text[0];
}

CopyOptions::Form form_of(const PgQuery__DefElem& option, std::string_view text) {
  std::string name = option_text(option);
  if (name == "text") return CopyOptions::Form::kText;
  if (name == "csv") return CopyOptions::Form::kCsv;
  if (name == "binary") return CopyOptions::Form::kBinary;
  throw base::SqlException(base::Error(base::sqlstate::kInvalidParameterValue,
                                       "COPY format \"" + name + "\" not recognized")
                               .at(character_position(text, option.location)));
}

/// FORCE_QUOTE and its kin.
std::vector<std::string> option_columns(const PgQuery__DefElem& option, std::string_view text) {
  if (option.arg == nullptr || option.arg->node_case != PG_QUERY__NODE__NODE_LIST) {
    throw base::SqlException(base::Error(base::sqlstate::kInvalidParameterValue,
                                         "argument to option \"" + std::string(option.defname) +
                                             "\" must be a list of column names")
                                 .at(character_position(text, option.location)));
  }
  std::vector<std::string> columns;
  const PgQuery__List& list = *option.arg->list;
  for (size_t c = 0; c < list.n_items; ++c) columns.emplace_back(string_of(*list.items[c]));
  return columns;
}

struct Given {
  bool from = false;
  bool delimiter = false, null = false, quote = false, escape = false, force = false;
  bool force_not_null = false, force_null = false;
};

/// Options that are for one form, or one direction, alone.
void check_force(const CopyOptions& options, const Given& given) {
  struct Rule {
    bool given;
    std::string_view what;
    bool from;
  };
  const Rule rules[] = {{given.force, "force quote", false},
                        {given.force_not_null, "force not null", true},
                        {given.force_null, "force null", true}};
  for (const Rule& rule : rules) {
    if (!rule.given) continue;
    const std::string what = "COPY " + std::string(rule.what);
    if (options.form != CopyOptions::Form::kCsv) {
      sql::fail(base::sqlstate::kFeatureNotSupported, what + " available only in CSV mode");
    }
    if (rule.from != given.from) {
      sql::fail(base::sqlstate::kFeatureNotSupported,
                what + " only available using COPY " + (rule.from ? "FROM" : "TO"));
    }
  }
}

void check_together(const CopyOptions& options, const Given& given) {
  bool csv = options.form == CopyOptions::Form::kCsv;
  auto refuse = [](std::string message) {
    sql::fail(base::sqlstate::kSyntaxError, std::move(message));
  };
  if (options.form == CopyOptions::Form::kBinary) {
    if (given.delimiter) refuse("cannot specify DELIMITER in BINARY mode");
    if (given.null) refuse("cannot specify NULL in BINARY mode");
    if (options.header) {
      sql::fail(base::sqlstate::kFeatureNotSupported, "cannot specify HEADER in BINARY mode");
    }
  }
  if (!csv) {
    auto only_csv = [](std::string_view what) {
      sql::fail(base::sqlstate::kFeatureNotSupported,
                "COPY " + std::string(what) + " available only in CSV mode");
    };
    if (given.quote) only_csv("quote");
    if (given.escape) only_csv("escape");
  }
  check_force(options, given);
  if (options.delimiter.size() != 1) {
    sql::fail(base::sqlstate::kFeatureNotSupported,
              "COPY delimiter must be a single one-byte character");
  }
  if (options.delimiter == "\n" || options.delimiter == "\r") {
    sql::fail(base::sqlstate::kInvalidParameterValue,
              "COPY delimiter cannot be newline or carriage return");
  }
  if (csv && options.delimiter[0] == options.quote) {
    sql::fail(base::sqlstate::kInvalidParameterValue, "COPY delimiter and quote must be different");
  }
  constexpr std::string_view kNotDelimiters = "\\.abcdefghijklmnopqrstuvwxyz0123456789";
  if (!csv && kNotDelimiters.find(options.delimiter[0]) != std::string_view::npos) {
    sql::fail(base::sqlstate::kInvalidParameterValue,
              "COPY delimiter cannot be \"" + options.delimiter + "\"");
  }
}

/// Texts are passed on as they are.
void check_encoding(const PgQuery__DefElem& option, std::string_view text) {
  const int number = find_encoding(option_text(option));
  if (is_own_encoding(number)) return;
  base::Error error =
      number < 0 ? base::Error(base::sqlstate::kInvalidParameterValue,
                               "argument to option \"encoding\" must be a valid encoding name")
                 : base::Error(base::sqlstate::kFeatureNotSupported,
                               "encoding " + option_text(option) + " is not supported");
  throw base::SqlException(std::move(error).at(character_position(text, option.location)));
}

CopyOptions options_of(const PgQuery__CopyStmt& copy, std::string_view text) {
  CopyOptions options;
  Given given;
  given.from = copy.is_from;
  std::set<std::string_view> names;
  for (size_t i = 0; i < copy.n_options; ++i) {
    const PgQuery__DefElem& option = *copy.options[i]->def_elem;
    std::string_view name = option.defname;
    if (!names.insert(name).second) {
      throw base::SqlException(
          base::Error(base::sqlstate::kSyntaxError, "conflicting or redundant options")
              .at(character_position(text, option.location)));
    }
    if (name == "format") {
      options.form = form_of(option, text);
    } else if (name == "delimiter") {
      options.delimiter = option_text(option);
      given.delimiter = true;
    } else if (name == "null") {
      options.null = option_text(option);
      given.null = true;
    } else if (name == "header") {
      options.header_match = option_text(option) == "match";
      options.header = options.header_match || option_bool(option);
      if (options.header_match && !copy.is_from) {
        sql::fail(base::sqlstate::kInvalidParameterValue,
                  "cannot use \"match\" with HEADER in COPY TO");
      }
    } else if (name == "quote") {
      options.quote = single_byte("quote", option_text(option));
      given.quote = true;
    } else if (name == "escape") {
      options.escape = single_byte("escape", option_text(option));
      given.escape = true;
    } else if (name == "force_quote") {
      given.force = true;
      if (option.arg->node_case == PG_QUERY__NODE__NODE_A_STAR) {
        options.force_all = true;
      } else {
        options.force_quote = option_columns(option, text);
      }
    } else if (name == "force_not_null") {
      given.force_not_null = true;
      options.force_not_null = option_columns(option, text);
    } else if (name == "force_null") {
      given.force_null = true;
      options.force_null = option_columns(option, text);
    } else if (name == "encoding") {
      check_encoding(option, text);
    } else if (name != "freeze") {
      throw base::SqlException(base::Error(base::sqlstate::kSyntaxError,
                                           "option \"" + std::string(name) + "\" not recognized")
                                   .at(character_position(text, option.location)));
    }
  }
  bool csv = options.form == CopyOptions::Form::kCsv;
  if (csv && !given.delimiter) options.delimiter = ",";
  if (csv && !given.null) options.null = "";
  if (csv && !given.escape) options.escape = options.quote;
  check_together(options, given);
  return options;
}

}  // namespace

namespace {

std::string quoted_name(std::string_view name) {
  std::string quoted = "\"";
  for (char c : name) {
    if (c == '"') quoted += c;
    quoted += c;
  }
  return quoted + '"';
}

/// COPY table TO is COPY (SELECT columns FROM table) TO.
std::string select_text(const PgQuery__CopyStmt& copy, const TableInfo& table) {
  std::string columns;
  auto add = [&](std::string_view name) {
    if (!columns.empty()) columns += ", ";
    columns += quoted_name(name);
  };
  for (size_t i = 0; i < copy.n_attlist; ++i) add(string_of(*copy.attlist[i]));
  if (copy.n_attlist == 0) {
    for (int place : table.live) {
      if (!table.column(place).generated) add(table.column(place).name);
    }
  }
  std::string text = "SELECT " + columns + " FROM ";
  if (copy.relation->schemaname != nullptr && copy.relation->schemaname[0] != '\0') {
    text += quoted_name(copy.relation->schemaname) + ".";
  }
  return text + quoted_name(copy.relation->relname);
}

}  // namespace

void Session::Impl::run_copy(const Statement& statement, ResultSink& sink) {
  const PgQuery__CopyStmt& copy = *statement.node().copy_stmt;
  if (copy.is_program || (copy.filename != nullptr && copy.filename[0] != '\0')) {
    sql::fail(base::sqlstate::kFeatureNotSupported, "COPY to a file or program is not supported");
  }
  CopyOptions options = options_of(copy, statement.text());
  transactions_.note_query();
  if (copy.is_from) return copy_in(statement, options, sink);
  std::shared_ptr<Statement> inner;
  if (copy.relation != nullptr) {
    PlanMemory memory;
    Binder binder(binder_input(statement.text()), memory);
    TableInfoPtr table = binder.table_named(*copy.relation);
    auto parsed = base::value_or_throw(parse_query(select_text(copy, *table), task_));
    inner = std::make_shared<Statement>(std::move(parsed), 0);
  } else {
    inner = statement.copy(true);
    if (!inner->is_planned()) {
      sql::fail(base::sqlstate::kFeatureNotSupported, "COPY of this statement is not supported");
    }
  }
  inner->prepare(bind_options());
  if (!inner->returns_rows()) {
    sql::fail(base::sqlstate::kFeatureNotSupported, "COPY query must have a RETURNING clause");
  }
  copy_out(inner, options, sink);
}

void Session::Impl::copy_out(const StatementPtr& query, const CopyOptions& options,
                             ResultSink& sink) {
  active_ = take_execution();
  running_ = active_.get();
  start_run(*active_, query, query->text(), {});
  auto columns = active_->statement().columns();
  const Datum* first = query->constant() ? active_->next() : nullptr;
  bool binary = options.form == CopyOptions::Form::kBinary;
  CopyWriter writer(options, columns, style_);
  base::value_or_throw(sink.begin_copy_out(
      binary ? sql::CopyFormat::kBinary : sql::CopyFormat::kText, columns.size()));
  std::string line;
  writer.append_start(line);
  // In binary the first row goes with it.
  if (!line.empty() && !binary) base::value_or_throw(sink.copy_data(line));
  if (!binary) line.clear();
  int64_t rows = 0;
  for (const Datum* row = first == nullptr ? active_->next() : first; row != nullptr;
       row = active_->next()) {
    base::value_or_throw(task_.poll());
    writer.append_row(std::span(row, columns.size()), line);
    base::value_or_throw(sink.copy_data(line));
    line.clear();
    ++rows;
  }
  writer.append_end(line);
  if (!line.empty()) base::value_or_throw(sink.copy_data(line));
  base::value_or_throw(sink.end_copy_out());
  running_ = nullptr;
  give_back(std::move(active_));
  select_tag("COPY", rows);
}

namespace {

void check_forced(const PgQuery__CopyStmt& copy, const std::vector<std::string>& names,
                  const std::vector<CopyColumn>& columns, std::string_view option) {
  for (const std::string& name : names) {
    auto same = [&](const CopyColumn& column) { return column.name == name; };
    if (std::ranges::any_of(columns, same)) continue;
    if (copy.n_attlist == 0) {
      sql::fail(base::sqlstate::kUndefinedColumn, "column \"" + name + "\" of relation \"" +
                                                      copy.relation->relname + "\" does not exist");
    }
    sql::fail(base::sqlstate::kInvalidColumnReference,
              std::string(option) + " column \"" + name + "\" not referenced by COPY");
  }
}

}  // namespace

void Session::Impl::copy_in(const Statement& statement, const CopyOptions& options,
                            ResultSink& sink) {
  auto insert = statement.again();
  insert->prepare(bind_options());
  std::vector<CopyColumn> columns;
  columns.reserve(insert->columns().size());
  for (const ResultColumn& column : insert->columns()) {
    columns.push_back({column.name, column.type, column.typmod});
  }
  const PgQuery__CopyStmt& copy = *statement.node().copy_stmt;
  check_forced(copy, options.force_not_null, columns, "FORCE_NOT_NULL");
  check_forced(copy, options.force_null, columns, "FORCE_NULL");
  active_ = take_execution();
  auto next = [&sink] { return base::value_or_throw(sink.next_copy_data()); };
  auto reader = std::make_unique<CopyReader>(options, columns, copy.relation->relname, style_, next,
                                             active_->budget());
  active_->set_input(reader.get());
  start_run(*active_, insert, statement.text(), {});
  bool binary = options.form == CopyOptions::Form::kBinary;
  base::value_or_throw(sink.begin_copy_in(
      binary ? sql::CopyFormat::kBinary : sql::CopyFormat::kText, columns.size()));
  copying_ = std::move(reader);
  while (active_->next() != nullptr) {
  }
  int64_t rows = active_->processed();
  give_back(std::move(active_));
  copying_.reset();
  select_tag("COPY", rows);
}

}  // namespace isolde::sql
