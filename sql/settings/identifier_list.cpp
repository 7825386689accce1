#include "sql/settings/identifier_list.hpp"

#include <algorithm>
#include <array>

#include "sql/settings/text_case.hpp"

namespace isolde::sql {

namespace {

// Keywords that cannot stand for a name without quotes: all but the unreserved ones.
constexpr auto kKeywords = std::to_array<std::string_view>({
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
});

class ListReader {
 public:
  explicit ListReader(std::string_view text) : text_(text) {}

  std::optional<std::vector<std::string>> read() {
    std::vector<std::string> names;
    skip_space();
    if (text_.empty()) return names;
    for (;;) {
      auto name = text_.front() == '"' ? quoted() : bare();
      if (!name) return std::nullopt;
      names.push_back(std::move(*name));
      skip_space();
      if (text_.empty()) return names;
      if (text_.front() != ',') return std::nullopt;
      text_.remove_prefix(1);
      skip_space();
      if (text_.empty()) return std::nullopt;
    }
  }

 private:
  void skip_space() {
    while (!text_.empty() && is_space(text_.front())) text_.remove_prefix(1);
  }

  std::optional<std::string> bare() {
    size_t length = 0;
    while (length < text_.size() && text_[length] != ',' && !is_space(text_[length])) ++length;
    if (length == 0) return std::nullopt;
    std::string name = lowered(text_.substr(0, length));
    text_.remove_prefix(length);
    return name;
  }

  std::optional<std::string> quoted() {
    std::string name;
    for (size_t i = 1; i < text_.size(); ++i) {
      if (text_[i] == '"') {
        bool doubled = i + 1 < text_.size() && text_[i + 1] == '"';
        if (!doubled) {
          text_.remove_prefix(i + 1);
          return name;
        }
        ++i;
      }
      name += text_[i];
    }
    return std::nullopt;
  }

  std::string_view text_;
};

bool is_plain_identifier(std::string_view name) {
  auto starts = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  auto continues = [&](char c) { return starts(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && starts(name.front()) && std::ranges::all_of(name, continues);
}

}  // namespace

std::optional<std::vector<std::string>> split_identifier_list(std::string_view text) {
  return ListReader(text).read();
}

std::string quote_identifier(std::string_view name) {
  if (is_plain_identifier(name) && !std::ranges::binary_search(kKeywords, name))
    return std::string(name);
  std::string quoted = "\"";
  for (char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace isolde::sql
