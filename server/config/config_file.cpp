#include "server/config/config_file.hpp"

#include <fmt/format.h>

#include <optional>

#include "server/config/config_lexer.hpp"
#include "server/config/files.hpp"
#include "sql/settings/text_case.hpp"

namespace isolde::server {

namespace {

using Kind = ConfigToken::Kind;

constexpr int kMaxDepth = 10;
constexpr size_t kMaxErrors = 100;

base::Error config_error(std::string message) {
  return {base::sqlstate::kConfigFileError, std::move(message)};
}

/// One line taken apart.
struct Assignment {
  std::string name;
  std::string value;
};

/// Collects the settings of one file and, by recursion, of those it includes.
class Parser {
 public:
  Parser(ConfigFile& result, std::string path, int depth)
      : result_(result), path_(std::move(path)), depth_(depth) {}

  void parse(std::string_view text) {
    ConfigLexer lexer(text);
    while (result_.errors.size() < kMaxErrors) {
      ConfigToken token = lexer.next();
      if (token.kind == Kind::kEnd) return;
      if (token.kind != Kind::kNewline) {
        auto assignment = read_line(lexer, token);
        if (assignment) apply(*assignment);
        if (token.kind == Kind::kEnd) return;
      }
      ++line_;
    }
    add_error(fmt::format("too many syntax errors found, abandoning file \"{}\"", path_));
  }

  void parse_file(bool may_be_missing) {
    if (depth_ > kMaxDepth) {
      add_error(fmt::format(
          "could not open configuration file \"{}\": maximum nesting depth exceeded", path_));
      return;
    }
    auto text = read_text_file(path_);
    if (text) return parse(*text);
    if (!may_be_missing) result_.errors.push_back(text.take_error());
  }

 private:
  void add_error(std::string message) {
    result_.errors.push_back(config_error(std::move(message)));
  }

  /// name [=] value. Leaves `token` at the end of the line, whatever happens.
  std::optional<Assignment> read_line(ConfigLexer& lexer, ConfigToken& token) {
    Assignment assignment;
    if (token.kind != Kind::kName && token.kind != Kind::kDottedName)
      return syntax_error(lexer, token);
    assignment.name = token.text;
    token = lexer.next();
    if (token.kind == Kind::kEquals) token = lexer.next();
    if (!is_value(token.kind)) return syntax_error(lexer, token);
    assignment.value =
        token.kind == Kind::kString ? unquote_config_string(token.text) : std::string(token.text);
    token = lexer.next();
    if (!ends_line(token.kind)) return syntax_error(lexer, token);
    return assignment;
  }

  static bool is_value(Kind kind) {
    return kind == Kind::kName || kind == Kind::kDottedName || kind == Kind::kWord ||
           kind == Kind::kNumber || kind == Kind::kString;
  }
  static bool ends_line(Kind kind) { return kind == Kind::kNewline || kind == Kind::kEnd; }

  std::nullopt_t syntax_error(ConfigLexer& lexer, ConfigToken& token) {
    std::string where =
        ends_line(token.kind) ? "end of line" : fmt::format("token \"{}\"", token.text);
    result_.errors.emplace_back(
        base::sqlstate::kSyntaxError,
        fmt::format("syntax error in file \"{}\" line {}, near {}", path_, line_, where));
    while (!ends_line(token.kind)) token = lexer.next();
    return std::nullopt;
  }

  void apply(const Assignment& assignment) {
    const auto& [name, value] = assignment;
    if (sql::equal_ignoring_case(name, "include"))
      include(value, false);
    else if (sql::equal_ignoring_case(name, "include_if_exists"))
      include(value, true);
    else if (sql::equal_ignoring_case(name, "include_dir"))
      include_directory(value);
    else
      result_.settings.push_back({name, value, path_, line_});
  }

  void include(const std::string& value, bool may_be_missing) {
    if (value.empty()) {
      add_error(fmt::format("empty configuration file name in file \"{}\" line {}", path_, line_));
      return;
    }
    Parser(result_, path_beside(path_, value), depth_ + 1).parse_file(may_be_missing);
  }

  /// Every *.conf in it, in the order of their names.
  void include_directory(const std::string& value) {
    std::string directory = path_beside(path_, value);
    auto names =
        value.empty()
            ? base::Result<std::vector<std::string>>(config_error(fmt::format(
                  "empty configuration directory name in file \"{}\" line {}", path_, line_)))
            : list_directory(directory);
    if (!names) {
      result_.errors.push_back(names.take_error());
      return;
    }
    for (const std::string& name : *names) {
      if (!name.starts_with('.') && name.ends_with(".conf"))
        Parser(result_, directory + "/" + name, depth_ + 1).parse_file(false);
    }
  }

  ConfigFile& result_;
  std::string path_;
  int depth_;
  int line_ = 1;
};

}  // namespace

ConfigFile read_config_file(const std::string& path) {
  ConfigFile result;
  Parser(result, path, 0).parse_file(false);
  return result;
}

ConfigFile parse_config_text(std::string_view text, const std::string& path) {
  ConfigFile result;
  Parser(result, path, 0).parse(text);
  return result;
}

}  // namespace isolde::server
