#include "server/auth/hba_tokens.hpp"

#include <fmt/format.h>

#include <optional>

#include "server/config/files.hpp"

namespace isolde::server {

namespace {

constexpr int kMaxDepth = 10;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

/// Cuts one line.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : rest_(line) {}

  bool at_end() {
    while (!rest_.empty() && (is_blank(rest_.front()) || rest_.front() == ','))
      rest_.remove_prefix(1);
    return rest_.empty() || rest_.front() == '#';
  }

  /// Tokens with commas between them.
  std::vector<HbaToken> field() {
    std::vector<HbaToken> tokens;
    bool more = true;
    while (more && !at_end()) tokens.push_back(token(more));
    return tokens;
  }

 private:
  /// Quotes may open and close anywhere; a doubled one inside is one quote.
  HbaToken token(bool& comma_follows) {
    HbaToken token{.text = {}, .quoted = rest_.front() == '"'};
    bool inside = false;
    comma_follows = false;
    size_t i = 0;
    for (; i < rest_.size(); ++i) {
      char c = rest_[i];
      if (c == '"') {
        bool doubled = inside && i + 1 < rest_.size() && rest_[i + 1] == '"';
        if (doubled) token.text += rest_[i++];
        if (!doubled) inside = !inside;
        continue;
      }
      if (!inside && (is_blank(c) || c == '#')) break;
      if (!inside && c == ',') {
        comma_follows = true;
        ++i;
        break;
      }
      token.text += c;
    }
    rest_.remove_prefix(i);
    return token;
  }

  std::string_view rest_;
};

/// Joins lines that end in a backslash; counts what it took.
std::string take_line(std::string_view& text, int& lines_taken) {
  std::string line;
  for (;;) {
    size_t end = std::min(text.find('\n'), text.size());
    line.append(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++lines_taken;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty() || line.back() != '\\' || text.empty()) return line;
    line.pop_back();
  }
}

base::Result<std::vector<HbaToken>> expand(const HbaToken& token, const std::string& path,
                                           int depth);

/// All tokens of an @file, whatever its lines and fields.
base::Result<std::vector<HbaToken>> read_included(const std::string& path, int depth) {
  if (depth > kMaxDepth)
    return base::Error(
        base::sqlstate::kConfigFileError,
        fmt::format("could not open file \"{}\": maximum nesting depth exceeded", path));
  auto text = read_text_file(path);
  if (!text) return text.take_error();
  std::vector<HbaToken> tokens;
  std::string_view rest = *text;
  int lines = 0;
  while (!rest.empty()) {
    std::string line = take_line(rest, lines);
    LineReader reader(line);
    while (!reader.at_end()) {
      for (const HbaToken& token : reader.field()) {
        auto expanded = expand(token, path, depth);
        if (!expanded) return expanded;
        tokens.insert(tokens.end(), expanded->begin(), expanded->end());
      }
    }
  }
  return tokens;
}

base::Result<std::vector<HbaToken>> expand(const HbaToken& token, const std::string& path,
                                           int depth) {
  bool is_file = !token.quoted && token.text.size() > 1 && token.text.front() == '@';
  if (!is_file) return std::vector<HbaToken>{token};
  return read_included(path_beside(path, token.text.substr(1)), depth + 1);
}

base::Result<HbaLine> read_line(std::string_view text, int number, const std::string& path) {
  HbaLine line{number, {}};
  LineReader reader(text);
  while (!reader.at_end()) {
    std::vector<HbaToken> field;
    for (const HbaToken& token : reader.field()) {
      auto expanded = expand(token, path, 0);
      if (!expanded) return expanded.take_error();
      field.insert(field.end(), expanded->begin(), expanded->end());
    }
    line.fields.push_back(std::move(field));
  }
  return line;
}

}  // namespace

std::vector<HbaLine> tokenize_hba(std::string_view text, const std::string& path,
                                  std::vector<base::Error>& errors) {
  std::vector<HbaLine> lines;
  int number = 1;
  while (!text.empty()) {
    int taken = 0;
    std::string content = take_line(text, taken);
    auto line = read_line(content, number, path);
    if (!line)
      errors.push_back(at_hba_line(line.take_error(), number, path));
    else if (!line->fields.empty())
      lines.push_back(std::move(*line));
    number += taken;
  }
  return lines;
}

base::Error at_hba_line(base::Error error, int line, const std::string& path) {
  error.fields().context = fmt::format("line {} of configuration file \"{}\"", line, path);
  return error;
}

}  // namespace isolde::server
